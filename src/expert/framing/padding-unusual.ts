// Padding that is not what alignment to eight bytes asks for (section 3.3): legal and unusual.

import { recordTypeName } from "../../fastcgi/constants.js";
import type { RecordCheck } from "../../inspect/check.js";

/** Padding that does not align, or more of it than aligning takes. */
export const paddingUnusual: RecordCheck = {
	code: "padding-unusual",
	severity: "note",
	section: "3.3",
	summary: "Padding is not what alignment to eight bytes asks for",
	diagnosis:
		"Any padding up to 255 bytes is legal, and servers take it. The specification recommends to align records to eight bytes; a length such as contentLength % 8 is a frequent mistake in the formula",
	remedies: {
		any: "pad with (8 - contentLength % 8) % 8 bytes, or not at all",
	},
	example:
		"FCGI_STDOUT at offset 0 has 13 bytes of content and 5 of padding, 18 in all; aligning takes 3",
	detail: true,
	once: "connection",
	on: "record",
	look({ record }) {
		const { contentLength, paddingLength } = record;
		if (paddingLength === 0) return undefined;
		const length = contentLength + paddingLength;
		if (paddingLength < 8 && (length & 7) === 0) return undefined;
		return `${recordTypeName(record.type)} at offset ${record.offset} has ${contentLength} bytes of content and ${paddingLength} of padding, ${length} in all; aligning takes ${(8 - (contentLength & 7)) & 7}`;
	},
};
