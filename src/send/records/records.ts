// Records that somebody wrote down, or that decode printed, into the steps that send them just so: the notation, or JSON
// objects. Which of them it is, the first character tells. Of traffic that was recorded, what the web server said is sent,
// each connection by itself.

import { FcgiInspectError } from "../../errors.js";
import type { RecordedTraffic } from "./recorded-traffic.js";
import { recordsInJson } from "./records-json.js";
import { recordsInNotation } from "./records-notation.js";
import type { TextBytes } from "./text-bytes.js";

/** Looks at all of a text; there is at least one connection in it. Throws FcgiInspectError (notation) with its name, the line, and what was expected. */
export function readRecords(text: TextBytes): RecordedTraffic {
	const { at, json } = beginningOf(text);
	const traffic = json ? recordsInJson(text, at) : recordsInNotation(text);
	if (traffic.connections.length > 0) return traffic;
	throw new FcgiInspectError(
		"notation",
		`${text.name}: no record of a web server in it, so there is nothing to send`,
	);
}

/** Bytes that are looked at together. */
const BLOCK = 4096;
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);

/** Where the text begins behind what is blank, and whether it begins as JSON does: no item of the notation is like that. */
function beginningOf(text: TextBytes): { at: number; json: boolean } {
	const marked = text.slice(0, 3).equals(BYTE_ORDER_MARK);
	for (let at = marked ? 3 : 0; at < text.length; at += BLOCK) {
		const block = text.slice(at, Math.min(at + BLOCK, text.length));
		const characters = block.toString("latin1");
		const first = characters.search(/[^ \t\r\n]/);
		if (first === -1) continue;
		const beginning = text
			.slice(at + first, Math.min(at + first + BLOCK, text.length))
			.toString("latin1");
		return { at: at + first, json: /^(?:\[|\{\s*["}])/.test(beginning) };
	}
	return { at: 0, json: false };
}
