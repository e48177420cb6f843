// A recorded request into the steps that send the very bytes again.

import type { Step } from "../../fastcgi/step.js";
import type { Split } from "../framing.js";
import type { RecordedRequest } from "./recorded-request.js";

/** Bytes that are read, and written, at once: as much as a socket takes. */
const WRITE_BYTES = 65_536;

/** How to send it. */
export interface RecordedScriptOptions {
	/** By how much pauses in front of an abort are shorter than recorded. */
	readonly speed?: number;
	/** Writes of few bytes. */
	readonly split?: Split | undefined;
}

/** The steps; they can be carried out as often as wanted, and are read as they are asked for. */
export function recordedScript(
	request: RecordedRequest,
	{ speed = 1, split }: RecordedScriptOptions = {},
): Iterable<Step> {
	return { [Symbol.iterator]: () => steps(request, speed, split) };
}

function* steps(
	{ input, pauses }: RecordedRequest,
	speed: number,
	split: Split | undefined,
): Generator<Step> {
	let at = 0;
	for (const { before, milliseconds, output } of pauses) {
		yield* writes(input.blocks(WRITE_BYTES, at, before), split);
		at = before;
		if (milliseconds !== undefined) {
			yield { kind: "wait", milliseconds: milliseconds / speed };
		} else if (output !== undefined) yield { kind: "waitFor", type: output };
	}
	yield* writes(input.blocks(WRITE_BYTES, at), split);
}

function* writes(
	blocks: Iterable<Buffer>,
	split: Split | undefined,
): Generator<Step> {
	let first = true;
	for (const block of blocks) {
		const size = split?.bytes ?? block.length;
		for (let from = 0; from < block.length; from += size) {
			if (!first && split !== undefined && split.pause > 0) {
				yield { kind: "wait", milliseconds: split.pause };
			}
			first = false;
			yield { kind: "write", bytes: block.subarray(from, from + size) };
		}
	}
}
