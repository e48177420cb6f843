// Which form of dump a text holds, and how it is to be read: by its first lines, for recognition and for reading alike.

import type { SourceReport } from "../../inspect/chunk.js";
import { BASE64 } from "./base64.js";
import { ESCAPES } from "./escapes.js";
import { HEX_NOTATION } from "./hex-notation.js";
import type { Notation, NotationName } from "./notation.js";
import { NotationDump } from "./notation-dump.js";
import { NUMBER_LIST } from "./number-list.js";
import type { OffsetReading } from "./offset-dump.js";
import { OFFSET_FORMS, type OffsetForm } from "./offset-forms.js";
import { findOffsetDump } from "./offset-scan.js";

/** A format of dumps in text. */
export type DumpName = OffsetForm["name"] | NotationName;

/** How a text is to be read. */
export type DumpReading =
	| { readonly name: DumpName; readonly offsets: OffsetReading }
	| {
			readonly name: DumpName;
			readonly notation: Notation;
			/** Whether no dump that starts with a header was found, so that one may start anywhere. */
			readonly anyStart: boolean;
	  };

const NOTATIONS: readonly Notation[] = [
	HEX_NOTATION,
	NUMBER_LIST,
	BASE64,
	ESCAPES,
];

/** Characters of a line that tell other formats. */
const TELLING = 200;

/** The dump that these first lines of a text hold; undefined where there is none, or one that belongs to another format. */
export function findDump(lines: readonly string[]): DumpReading | undefined {
	const offsets = findOffsetDump(lines);
	if (offsets?.fastcgi) return { name: offsets.form.name, offsets };
	if (!lines.some(isOfAnotherFormat)) {
		for (const notation of NOTATIONS) {
			const name = nameIn(lines, notation);
			if (name !== undefined) return { name, notation, anyStart: false };
		}
	}
	return offsets && { name: offsets.form.name, offsets };
}

/** How a text is to be read as this format, whatever else it may be. */
export function readingAs(
	name: DumpName,
	lines: readonly string[],
): DumpReading {
	const forms = OFFSET_FORMS.filter((form) => form.name === name);
	const [form] = forms;
	if (form !== undefined) {
		const found = findOffsetDump(lines, forms);
		return { name, offsets: found ?? firstReading(forms.at(-1) ?? form) };
	}
	const notations = NOTATIONS.filter(({ names }) =>
		names.some((served) => served === name),
	);
	const fitting = notations.find((notation) => nameIn(lines, notation));
	const notation = fitting ?? (notations[0] as Notation);
	// Any line might be a string, if it did not have to start with a header.
	const anyStart = fitting === undefined && notation !== ESCAPES;
	return { name, notation, anyStart };
}

function firstReading(form: OffsetForm): OffsetReading {
	return {
		form,
		radix: form.radixes[0] ?? 16,
		reversed: form.cells.order === "reversed",
	};
}

/** The format of the first dump in this notation. */
function nameIn(
	lines: readonly string[],
	notation: Notation,
): NotationName | undefined {
	const report: SourceReport = {
		format: "",
		truncated: false,
		remarks: [],
		otherConnections: 0,
	};
	const dump = new NotationDump(notation, report);
	for (const [index, text] of lines.entries()) {
		dump.push({ number: index + 1, text, ends: index + 1 < lines.length });
		if (dump.name !== undefined) return dump.name;
	}
	return undefined;
}

/** Whether a line is of a log, a list of packets or a followed stream, which tell more of the bytes in them. */
function isOfAnotherFormat(line: string): boolean {
	return OTHER_FORMATS.test(line.slice(0, TELLING));
}

const OTHER_FORMATS = new RegExp(
	[
		// socat -x
		/^[<>] \d{4}\/\d\d\/\d\d \S+ {1,2}length=\d+ from=\d+ to=\d+/,
		// strace
		/(?:^|\s)(?:read|write|readv|writev|recv\w*|send\w*|accept4?|close|poll)\((?:\d|\[)/,
		/ resumed>/,
		// tcpdump -x, tshark -x
		/^\s*0x[\da-f]{4}:\s{1,2}[\da-f]{4}/,
		/^[\da-f]{4} {2,3}[\da-f]{2} [\da-f]{2} /,
		// Follow stream of Wireshark and tshark
		/^Follow: tcp,/,
		/^(?:const )?(?:unsigned )?char peer\d+_\d+\[\]/,
		/: !!binary/,
		// tshark -T json, ek, pdml
		/"_index": ?"packets-/,
		/^\s*<(?:pdml|proto|packet)\b/,
	]
		.map(({ source }) => source)
		.join("|"),
);
