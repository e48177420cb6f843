// The reserved bytes of bodies (sections 4.2, 5.1 and 5.5).

import { recordTypeName } from "../../fastcgi/constants.js";
import type { RecordCheck } from "../../inspect/check.js";
import { hex } from "../evidence.js";
import { quoted } from "../words.js";

/** The reserved bytes at the end of a body. */
export const bodyReservedNotZero: RecordCheck = {
	code: "body-reserved-not-zero",
	severity: "note",
	section: "5.5",
	summary: "Reserved bytes of a body are not zero",
	diagnosis:
		"They have no meaning. php leaves in them what was in its buffer before, such as a piece of the script's output",
	remedies: { any: "clear the reserved bytes, lest they tell what was there" },
	example:
		'FCGI_END_REQUEST at offset 34 has the reserved bytes 6e 6e 6e "nnn"',
	detail: true,
	once: "connection",
	on: "record",
	kinds: ["beginRequest", "endRequest", "unknownType"],
	look({ record }) {
		const { contentData, kind } = record;
		if (contentData.length !== BODY_LENGTH) return undefined;
		const from = kind === "endRequest" ? 5 : kind === "unknownType" ? 1 : 3;
		for (let at = from; at < BODY_LENGTH; at++) {
			if (contentData[at] === 0) continue;
			const bytes = contentData.subarray(from);
			return `${recordTypeName(record.type)} at offset ${record.offset} has the reserved bytes ${hex(bytes)} ${quoted(bytes.toString("latin1"))}`;
		}
		return undefined;
	},
};

/** Bytes of each of these bodies (section 8). */
const BODY_LENGTH = 8;
