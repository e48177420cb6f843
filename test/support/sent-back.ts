// What decode prints of chunks, and what `send --records` would send of that, without a process of its own.

import type { Chunk } from "../../src/inspect/chunk.js";
import {
	Inspector,
	type InspectorOptions,
} from "../../src/inspect/inspector.js";
import { readRecords, type TextBytes } from "../../src/send/index.js";
import { formatNamed } from "./events.js";
import { stepsOf, writesIn } from "./sent.js";

/** The formats that can be sent back. */
export const SENDABLE = ["ndjson", "json", "notation"] as const;

/** Prints chunks in the formats that can be sent back, and keeps what the web server said. */
export class Printer {
	readonly #inspector: Inspector;
	readonly #texts = SENDABLE.map((name) => ({
		name,
		stage: formatNamed(name).create({ records: true }),
		pieces: [] as string[],
	}));
	readonly #said = new Map<number, Buffer[]>();

	constructor(options: InspectorOptions = {}) {
		this.#inspector = new Inspector(options);
	}

	/** Takes a chunk; its bytes may change afterwards. */
	push(chunk: Chunk): void {
		const { connection, from, bytes } = chunk;
		if (from === "webServer" && bytes.length > 0) {
			const said = this.#said.get(connection.number) ?? [];
			said.push(Buffer.from(bytes));
			this.#said.set(connection.number, said);
		}
		this.#print(this.#inspector.push(chunk));
	}

	/** The texts, and the bytes that the web server said by the number of their connection. */
	end(): { texts: Map<string, string>; said: Map<number, string> } {
		this.#print(this.#inspector.end());
		const texts = new Map<string, string>();
		for (const { name, stage, pieces } of this.#texts) {
			texts.set(name, pieces.join("") + stage.end().join(""));
		}
		return { texts, said: asHex(this.#said) };
	}

	#print(events: ReturnType<Inspector["push"]>): void {
		for (const event of events) {
			for (const { stage, pieces } of this.#texts) {
				pieces.push(...stage.push(event));
			}
		}
	}
}

/** What would be sent of a text, by the number of the connection. */
export async function sentOf(text: string): Promise<Map<number, string>> {
	const sent = new Map<number, Buffer[]>();
	for (const { number, script } of readRecords(textBytes(text)).connections) {
		sent.set(number, writesIn(await stepsOf(script)));
	}
	return asHex(sent);
}

/** A text as `readRecords` takes it. */
export function textBytes(text: string | Buffer, name = "odd.txt"): TextBytes {
	const bytes = Buffer.from(text);
	return {
		name,
		length: bytes.length,
		slice: (from, to) => bytes.subarray(from, to),
	};
}

function asHex(pieces: ReadonlyMap<number, Buffer[]>): Map<number, string> {
	return new Map(
		[...pieces]
			.sort(([a], [b]) => a - b)
			.map(([number, bytes]) => [number, Buffer.concat(bytes).toString("hex")]),
	);
}
