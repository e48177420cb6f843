// The reserved byte of a header (section 3.3): legal, and a sign of memory that was not cleared, or of a sender made by hand.

import { recordTypeName } from "../../fastcgi/constants.js";
import type { RecordCheck } from "../../inspect/check.js";
import { hexByte } from "../evidence.js";

/** The last byte of a header. */
export const reservedNotZero: RecordCheck = {
	code: "reserved-not-zero",
	severity: "note",
	section: "3.3",
	summary: "The reserved byte of a header is not zero",
	diagnosis:
		"It has no meaning and nobody looks at it. No known server writes anything but zero, so the sender probably does not clear its memory, or its header is put together wrongly",
	remedies: { any: "write 0 into the last byte of each header" },
	example: "FCGI_STDOUT at offset 0 has reserved 0xff",
	detail: true,
	once: "connection",
	on: "record",
	look: ({ record }) =>
		record.reserved === 0
			? undefined
			: `${recordTypeName(record.type)} at offset ${record.offset} has reserved ${hexByte(record.reserved)}`,
};
