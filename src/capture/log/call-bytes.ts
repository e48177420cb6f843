// The bytes that a system call passed, as its arguments show them: in one string or in those of a vector, each whole or cut
// (strace(1), options -s and -e write). What the call is about, and for whom the bytes are, is not known here.

import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import { readCString } from "./c-string.js";
import type { SystemCall } from "./system-calls.js";

/** Bytes of a call that follow each other. */
export interface PassedBytes {
	/** A view that lasts until the next are asked for. */
	readonly bytes: Buffer;
	/** How many follow that the log does not show. */
	readonly missing: number;
}

/** All bytes of a call that passed so many. */
export function* passedBytes(
	call: SystemCall,
	passed: number,
): Generator<PassedBytes> {
	if (shownByDump(call, passed)) {
		yield { bytes: call.dump.subarray(0, passed), missing: 0 };
		return;
	}
	let left = passed;
	if (!call.name.startsWith("sendfile")) {
		const { text, from, vector } = dataOf(call);
		for (let quote = text.indexOf('"', from); quote >= 0 && left > 0; ) {
			const { bytes, cut, end } = readCString(text, quote);
			// Of a vector, a string that is cut tells its length behind it.
			const length = cut
				? vector
					? lengthBehind(text, end, left)
					: left
				: bytes.length;
			const whole = Math.min(length, left);
			const shown = bytes.subarray(0, whole);
			yield { bytes: shown, missing: whole - shown.length };
			left -= whole;
			if (!vector) break;
			quote = nextBase(text, end);
		}
	}
	if (left > 0) yield { bytes: NO_BYTES, missing: left };
}

/** Whether the log ends in the middle of such a call: behind more bytes than it says it passed. */
export function endsInside(call: SystemCall, passed: number): boolean {
	if (!call.open || shownByDump(call, passed)) return false;
	const { text, from } = dataOf(call);
	return shownBytes(text, from) > passed;
}

/** Whether a call asks for no bytes, so that none is not the end. */
export function asksForNothing({ arguments: text }: SystemCall): boolean {
	const at = behindDescriptor(text);
	return /^>?, "", 0\b/.test(text.slice(at, at + 12));
}

/** Whether a call leaves what it shows to be read again: by its flags, and not by what it read. */
export function onlyLooks({ arguments: text }: SystemCall): boolean {
	const at = text.lastIndexOf("MSG_PEEK");
	return at >= 0 && !text.includes('"', at);
}

function shownByDump(
	call: SystemCall,
	passed: number,
): call is SystemCall & { readonly dump: Buffer } {
	return call.dump !== undefined && call.dump.length >= passed;
}

/** Where the strings of a call begin: behind the descriptor and what -y says of it, or those of its vector. */
function dataOf({ name, arguments: text }: SystemCall): {
	readonly text: string;
	readonly from: number;
	readonly vector: boolean;
} {
	const vector = name.endsWith("v") || name.endsWith("msg");
	const from = vector
		? Math.max(text.indexOf('iov_base="'), 0)
		: behindDescriptor(text);
	return {
		text,
		from: vector && !text.includes('iov_base="') ? text.length : from,
		vector,
	};
}

/** Bytes of the first string. */
function shownBytes(text: string, from: number): number {
	const quote = text.indexOf('"', from);
	return quote < 0 ? 0 : readCString(text, quote).bytes.length;
}

/** The place of the next string of a vector; -1 where there is none. */
function nextBase(text: string, from: number): number {
	const base = text.indexOf('iov_base="', from);
	return base < 0 ? -1 : base + "iov_base=".length;
}

/** The length that `iov_len=` says behind a string, or all that is left. */
function lengthBehind(text: string, end: number, left: number): number {
	const length = /^, iov_len=(\d+)/.exec(text.slice(end, end + 32))?.[1];
	return length === undefined ? left : Number(length);
}

/** Where the second argument starts: `4, "..."`, or `4<TCP:[a->b]>, "..."`, in which names may stand in quotes. */
function behindDescriptor(text: string): number {
	let at = 0;
	while (text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39) at++;
	if (text[at] !== "<") return at;
	const end = text.indexOf(">, ", at);
	return end < 0 ? at : end;
}
