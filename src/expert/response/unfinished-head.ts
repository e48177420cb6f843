// What of a response's head came where it did not become whole.

import type { FcgiRequest } from "../../inspect/request.js";
import { counted, quoted, quotedLine } from "../words.js";

/**
 * What STDOUT carried without becoming a head, and what STDERR says of it; undefined where that is not known: beyond a limit,
 * heads are not read.
 */
export function unfinishedHead(request: FcgiRequest): string | undefined {
	const { stdout, unfinishedHead: head, stderrText } = request;
	if (request.response !== undefined || head.length !== stdout.bytes) {
		return undefined;
	}
	const held =
		head.length === 0
			? "STDOUT carried nothing"
			: `STDOUT carried ${counted(head.length, "byte")} without an empty line: ${quoted(head.toString("utf8"))}`;
	return stderrText === ""
		? held
		: `${held}; STDERR says ${quotedLine(stderrText)}`;
}
