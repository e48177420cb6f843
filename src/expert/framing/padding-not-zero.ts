// Padding of other bytes than zeros (section 3.3): legal and unusual.

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
		"Padding has no meaning and is ignored. No known server writes anything but zeros, so what is in it may be memory that was not cleared",
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
