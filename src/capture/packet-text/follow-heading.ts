// The lines that tshark prints around a followed stream, and what they say.

import type { Side } from "../recognition/flow.js";
import { behindLineNumber, behindQuoting, indentOf } from "./decoration.js";
import type { FollowedStreams } from "./followed-streams.js";

/** `Follow: tcp,hex`, behind anything that people put in front. */
const FOLLOW =
	/^[\s>|]{0,20}(?:\d{1,9}[:\t ]\s?)?Follow: (\w{1,20}),([\w-]{1,20})\s*$/;
const NODE =
	/^[\s>|]{0,20}(?:\d{1,9}[:\t ]\s?)?Node ([01]): (\S{1,260}:\d{1,5})\s*$/;

/** The way in which the heading says that the stream is shown: `hex`, `raw`, `ascii` ... */
export function shownAs(line: string): string | undefined {
	return line.includes("Follow: ") ? FOLLOW.exec(line)?.[2] : undefined;
}

/** Takes a line of a heading; false where it is none. */
export function takeHeading(line: string, streams: FollowedStreams): boolean {
	if (shownAs(line) !== undefined) {
		streams.next();
		return true;
	}
	const node = line.includes("Node ") ? NODE.exec(line) : null;
	if (node === null) return false;
	streams.address(Number(node[1]) as Side, node[2] as string);
	return true;
}

/** Columns in front of a line of a heading, which are in front of the first node's lines, too. */
export function headingIndent(line: string): number {
	const at = Math.max(line.indexOf("Follow: "), line.indexOf("Node "));
	const start = behindQuoting(line);
	const behind = behindLineNumber(line, start);
	return indentOf(line, behind === -1 ? start : behind, at);
}
