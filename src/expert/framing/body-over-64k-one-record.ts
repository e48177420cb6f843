// A body that is longer than one record can carry, written into one (sections 3.3 and 8): the header has the lower two bytes
// of its length only.

import { FCGI_MAX_LENGTH } from "../../fastcgi/constants.js";
import type { SkippedCheck } from "../../inspect/check.js";
import type { BytesSkippedEvent } from "../../inspect/event.js";
import type { RecordPlace } from "../../inspect/facts.js";
import { announcedLength } from "../content-length.js";
import { counted } from "../words.js";

/** Type number of FCGI_STDIN. */
const STDIN = 5;

/** Behind a STDIN record stands the rest of a body of more than 65,535 bytes. */
export const bodyInOneRecord: SkippedCheck = {
	code: "body-over-64k-one-record",
	severity: "error",
	section: "3.3",
	summary: "A body of more than 65,535 bytes was written as one record",
	diagnosis:
		"The client does not split the body: contentLength has two bytes, so the header says the length modulo 65,536, and what is beyond that is taken for records. The application sees a body that is cut, or empty, and closes",
	remedies: {
		any: "split streams into records of at most 65,535 bytes; 65,528 keeps them aligned to eight",
	},
	example:
		"CONTENT_LENGTH says 70000 = 0x11170, the STDIN record at offset 73 says contentLength 0x1170 = 4464, and 65536 bytes that are no record follow",
	on: "bytesSkipped",
	look(event, facts) {
		const last = facts.last(event.from);
		if (facts.damaged || last === undefined) return undefined;
		if (!isBodyInOneRecord(event, last)) return undefined;
		const announced = announcedLength(last.request) ?? 0;
		return `CONTENT_LENGTH says ${announced} = ${hexNumber(announced)}, the STDIN record at offset ${last.offset} says contentLength ${hexNumber(last.contentLength)} = ${last.contentLength}, and ${counted(event.length, "byte")} that are no record follow`;
	},
};

/** Whether the bytes are what one record could not carry of a body. */
export function isBodyInOneRecord(
	event: BytesSkippedEvent,
	last: RecordPlace,
): boolean {
	if (event.from !== "webServer" || event.reason !== "noRecord") return false;
	if (last.type !== STDIN || last.request === undefined) return false;
	const announced = announcedLength(last.request);
	return (
		announced !== undefined &&
		announced > FCGI_MAX_LENGTH &&
		last.contentLength === (announced & FCGI_MAX_LENGTH)
	);
}

function hexNumber(number: number): string {
	return `0x${number.toString(16)}`;
}
