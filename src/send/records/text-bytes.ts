// A text that need not be in memory: its bytes, asked for piece by piece.

import { FcgiInspectError } from "../../errors.js";
import { onOneLine } from "../quoted.js";

/** The bytes of a text. */
export interface TextBytes {
	/** What messages call it. */
	readonly name: string;
	readonly length: number;
	/** The bytes from one place to another; fewer only where the text has become shorter. */
	slice(from: number, to: number): Buffer;
}

/** Says what is wrong at a place of a text, and throws. */
export type RefuseAt = (at: number, message: string) => never;

/** Throws FcgiInspectErrors (notation) of one line that begins with `NAME:LINE:`. */
export function refuserOf(text: TextBytes): RefuseAt {
	return (at, message) => {
		const line = `${text.name}:${lineAt(text, at)}: ${message}`;
		throw new FcgiInspectError("notation", onOneLine(line));
	};
}

/** Bytes that are looked at together. */
const BLOCK = 1024 * 1024;
const LF = 0x0a;

/** The line of a place, from 1. The text in front of it is read, so it is for messages. */
export function lineAt(text: TextBytes, at: number): number {
	let line = 1;
	for (let from = 0; from < at; from += BLOCK) {
		const block = text.slice(from, Math.min(from + BLOCK, at));
		for (let i = block.indexOf(LF); i !== -1; i = block.indexOf(LF, i + 1)) {
			line++;
		}
	}
	return line;
}
