// Records that somebody wrote down, in the notation, into the steps that send them just so.

import { parseNotation } from "../fastcgi/notation-parser.js";
import { encodeRecord } from "../fastcgi/record-encoder.js";
import type { Step } from "../fastcgi/step.js";

/** The steps of a text in the notation. Throws FcgiInspectError (notation) with the line and a caret. */
export function scriptOfNotation(text: string): readonly Step[] {
	const steps: Step[] = [];
	let split = 0;
	for (const item of parseNotation(text)) {
		switch (item.kind) {
			case "record":
				steps.push(...writes(encodeRecord(item.draft), split));
				break;
			case "raw":
				steps.push(...writes(item.bytes, split));
				break;
			case "split":
				split = item.size;
				break;
			case "wait":
				steps.push({ kind: "wait", milliseconds: item.milliseconds });
				break;
			case "waitFor":
				steps.push({ kind: "waitFor", type: item.type });
				break;
			default:
				steps.push({ kind: item.kind });
		}
	}
	return steps;
}

/** A pause between small writes, so that the system does not put them together again. */
const BETWEEN_WRITES_MS = 1;

function* writes(bytes: Buffer, size: number): Generator<Step> {
	if (size === 0) {
		yield { kind: "write", bytes };
		return;
	}
	for (let at = 0; at < bytes.length; at += size) {
		yield { kind: "write", bytes: bytes.subarray(at, at + size) };
		yield { kind: "wait", milliseconds: BETWEEN_WRITES_MS };
	}
}
