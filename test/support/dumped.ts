// Runs a text through the readers of dumps.

import type { DumpName } from "../../src/capture/dump/dump-scan.js";
import { TextDump } from "../../src/capture/dump/text-dump.js";
import { HEAD_LENGTH, Head } from "../../src/capture/head.js";
import { CAPTURE_FORMATS } from "../../src/capture/index.js";
import type { SourceReport } from "../../src/inspect/chunk.js";
import { emptyReport } from "../capture/network/crafted.js";

/** What was read of a text. */
export interface ReadDump {
	/** All bytes, in order. */
	readonly bytes: Buffer;
	/** Where dumps begin, and where bytes are missing, as offsets in `bytes`. */
	readonly begins: readonly number[];
	readonly missing: readonly (readonly [number, number | undefined])[];
	readonly report: SourceReport;
}

/** Reads a text as this format, in pieces of `step` bytes. */
export function readDump(
	name: DumpName,
	text: string | Buffer,
	step = 65_536,
): ReadDump {
	const input = typeof text === "string" ? Buffer.from(text, "latin1") : text;
	const report = emptyReport();
	const stage = new TextDump(name, report);
	const parts: Buffer[] = [];
	const begins: number[] = [];
	const missing: [number, number | undefined][] = [];
	let length = 0;
	const take = (dumped: ReturnType<TextDump["push"]>) => {
		for (const { bytes, missingBefore, begins: anew } of dumped) {
			if (anew) begins.push(length);
			if (missingBefore !== 0) missing.push([length, missingBefore]);
			parts.push(Buffer.from(bytes));
			length += bytes.length;
		}
	};
	for (let at = 0; at < input.length; at += step) {
		take(stage.push(input.subarray(at, at + step)));
	}
	take(stage.end());
	return { bytes: Buffer.concat(parts), begins, missing, report };
}

/** The names of the formats that would read this. */
export function formatsFor(text: string | Buffer): string[] {
	const input = typeof text === "string" ? Buffer.from(text, "latin1") : text;
	const head = new Head(
		input.subarray(0, HEAD_LENGTH),
		input.length <= HEAD_LENGTH,
	);
	return CAPTURE_FORMATS.filter(({ recognises }) => recognises(head)).map(
		({ name }) => name,
	);
}
