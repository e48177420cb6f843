// Padding that is legal and unusual (section 3.3): not of zeros, or not what alignment to eight bytes asks for.

import { recordTypeName } from "../../fastcgi/constants.js";
import type { RecordCheck } from "../../inspect/check.js";
import { hex } from "../evidence.js";

/** Padding bytes other than zero. */
export const paddingNotZero: RecordCheck = {
	code: "padding-not-zero",
	severity: "note",
	section: "3.3",
	summary: "Padding bytes are not zero",
	diagnosis:
		"Padding has no meaning and is passed over. No known server writes anything but zeros, so what is in it may be memory that was not cleared",
	remedies: { any: "write zeros, lest the padding tell what was there" },
	example: "FCGI_STDOUT at offset 0 has the padding 64 65 66",
	detail: true,
	once: "connection",
	on: "record",
	look({ record }) {
		const { paddingLength, paddingData } = record;
		if (paddingLength === 0) return undefined;
		for (let at = 0; at < paddingData.length; at++) {
			if (paddingData[at] === 0) continue;
			const shown = paddingData.subarray(0, MAX_SHOWN);
			const dots = paddingData.length > MAX_SHOWN ? " .." : "";
			return `${recordTypeName(record.type)} at offset ${record.offset} has the padding ${hex(shown)}${dots}`;
		}
		return undefined;
	},
};

/** Most bytes of padding that are shown: all that alignment ever takes, and one. */
const MAX_SHOWN = 8;

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
