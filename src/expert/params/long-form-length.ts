// A length that takes four bytes where one would do (section 3.4): legal, and more than some readers understand.

import type { NameValue } from "../../fastcgi/name-values.js";
import type { RecordCheck } from "../../inspect/check.js";
import { named, quoted } from "../words.js";

/** A length below 128 in four bytes. */
export const longFormLength: RecordCheck = {
	code: "long-form-length-for-short",
	severity: "note",
	section: "3.4",
	summary: "A length below 128 is written in four bytes",
	diagnosis:
		"Legal and unusual. Servers read it; some observers, that read one byte only, do not",
	remedies: { any: "write lengths up to 127 in one byte" },
	example:
		'the value of REQUEST_METHOD, "GET", has 3 bytes, and its length takes 4',
	detail: true,
	once: "connection",
	on: "record",
	kinds: ["params"],
	look({ pairs }) {
		for (let i = 0; i < pairs.length; i++) {
			const pair = pairs[i] as NameValue;
			if (pair.nameLengthBytes === 4 && pair.name.length < 128) {
				return `the name ${quoted(pair.nameText.text)} has ${pair.name.length} bytes, and its length takes 4`;
			}
			if (pair.valueLengthBytes === 4 && pair.value.length < 128) {
				return `the value of ${named(pair.nameText.text)}, ${quoted(pair.valueText.text)}, has ${pair.value.length} bytes, and its length takes 4`;
			}
		}
		return undefined;
	},
};
