// A name-value pair that begins in one PARAMS record and ends in another (sections 3.3 and 3.4): legal, since a stream's
// records have no meaning of their own, and more than php can read.

import type { RecordCheck } from "../../inspect/check.js";
import { counted, named, quoted } from "../words.js";

/** A pair lies in more than one PARAMS record. */
export const pairSpansRecords: RecordCheck = {
	code: "pair-spans-records",
	severity: "warning",
	section: "3.4",
	summary: "A name-value pair begins in one PARAMS record and ends in another",
	diagnosis:
		"The specification allows it. php takes each PARAMS record for itself, finds half a pair in it, and closes the connection without an answer or a line in its log. cgi-fcgi cuts PARAMS every 8,184 bytes, so a large environment makes it happen",
	remedies: {
		any: "end PARAMS records at the end of a pair, or send fewer and shorter parameters",
		"cgi-fcgi": "env -i in front of cgi-fcgi, with the variables it needs",
	},
	logs: {
		nginx: [
			"recv() failed (104: Connection reset by peer) while reading response header from upstream",
		],
	},
	example:
		'QUERY_STRING="aaaaaaaa" begins at byte 19 of PARAMS, in record 2, whose 30 bytes end at byte 30, and goes on in record 3 up to byte 41',
	on: "record",
	kinds: ["params"],
	look({ number, record, request, pairs, streamOffset }, facts) {
		const pair = pairs[0];
		if (pair === undefined || pair.offset >= streamOffset) return undefined;
		if (request === undefined || record.missing > 0) return undefined;
		const name = named(pair.nameText.text);
		const lengths = pair.nameLengthBytes + pair.valueLengthBytes;
		const end = pair.offset + lengths + pair.name.length + pair.value.length;
		const before = facts.last("webServer");
		const inBefore =
			before?.request === request &&
			pair.offset >= streamOffset - before.contentLength;
		const where = inBefore
			? `, in record ${before.number}, whose ${counted(before.contentLength, "byte")} end at byte ${streamOffset}`
			: `, in front of byte ${streamOffset}, where a record ends`;
		const message = `${name}=${quoted(pair.valueText.text, 40)} begins at byte ${pair.offset} of PARAMS${where}, and goes on in record ${number} up to byte ${end}`;
		return facts.application.software?.name === "php"
			? { severity: "error", message }
			: message;
	},
};
