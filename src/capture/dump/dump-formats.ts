// The dumps of bytes in text as forms of input, a line each.

import { join } from "../../stage.js";
import type { CaptureFormat } from "../format.js";
import type { Head } from "../head.js";
import { type DumpName, type DumpReading, findDump } from "./dump-scan.js";
import { RawBytes } from "./raw-bytes.js";
import { TextDump } from "./text-dump.js";

/** The strictest first. */
export const DUMP_FORMATS: readonly CaptureFormat[] = [
	dump("xxd", "what xxd writes, with any of its options"),
	dump("hexdump-C", "what hexdump -C writes"),
	dump("od", "what od writes: bytes or words, hex, octal or decimal"),
	dump("hexdump", "what plain hexdump writes: words in host byte order"),
	dump("c-array", "an array of numbers, as of xxd -i: C, Go, Rust, JavaScript"),
	dump("escaped", "a string with escapes: C, Python, shell, JSON"),
	dump("base64", "base64, on one line or many"),
	dump("plain-hex", "hex digits with nothing between them, as of xxd -p"),
	dump("hex", "hex digits with spaces, commas or colons between them"),
];

function dump(name: DumpName, summary: string): CaptureFormat {
	return {
		name,
		summary,
		anywhere: true,
		recognises: (head) => foundIn(head)?.name === name,
		open: (_options, report) =>
			join(new TextDump(name, report), new RawBytes(report)),
	};
}

const found = new WeakMap<Head, DumpReading | "none">();

/** What the head holds: looked for once for all formats. */
function foundIn(head: Head): DumpReading | undefined {
	const known = found.get(head);
	if (known !== undefined) return known === "none" ? undefined : known;
	const reading = head.isText ? findDump(head.lines) : undefined;
	found.set(head, reading ?? "none");
	return reading;
}
