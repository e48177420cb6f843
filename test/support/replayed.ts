// Recordings and replays without files and sockets: chunks into recorded requests, and chunks of another conversation
// compared with them.

import type { Chunk } from "../../src/inspect/chunk.js";
import type { Comparison } from "../../src/inspect/comparison.js";
import { Inspector } from "../../src/inspect/inspector.js";
import { Comparer } from "../../src/send/replay/comparer.js";
import type { RecordedRequest } from "../../src/send/replay/recorded-request.js";
import { Recording } from "../../src/send/replay/recording.js";
import type { ByteStore } from "../../src/send/replay/stored-bytes.js";

/** A store in memory. */
export function memory(): ByteStore {
	let all = Buffer.alloc(0);
	return {
		append(bytes) {
			const place = all.length;
			all = Buffer.concat([all, bytes]);
			return place;
		},
		read: (place, length) => Buffer.from(all.subarray(place, place + length)),
	};
}

/** The requests of some chunks, whose bytes are overwritten as soon as they have been looked at. */
export function recordedIn(
	chunks: readonly Chunk[],
	wanted: (number: number) => boolean = () => true,
): readonly RecordedRequest[] {
	const recording = new Recording(memory(), wanted);
	const inspector = new Inspector();
	for (const chunk of chunks) {
		const bytes = Buffer.from(chunk.bytes);
		for (const event of inspector.push({ ...chunk, bytes })) {
			recording.push(event);
		}
		bytes.fill(0xee);
	}
	for (const event of inspector.end()) recording.push(event);
	return recording.requests;
}

/** How the first conversation's requests compare with those of the second, which are sent in the same order. */
export function compared(
	recorded: readonly RecordedRequest[],
	chunks: readonly Chunk[],
	ignored: readonly string[] = [],
): readonly Comparison[] {
	const comparer = new Comparer(ignored);
	const inspector = new Inspector();
	const [first] = chunks;
	for (const one of recorded) {
		if (first !== undefined) comparer.sends(first.connection, one);
	}
	const made: Comparison[] = [];
	for (const chunk of chunks) {
		const bytes = Buffer.from(chunk.bytes);
		for (const event of inspector.push({ ...chunk, bytes })) {
			made.push(...comparer.push(event));
		}
		bytes.fill(0xee);
	}
	for (const event of inspector.end()) made.push(...comparer.push(event));
	return made;
}

/** A chunk as one for each of its bytes. */
export function byteByByte(chunk: Chunk): readonly Chunk[] {
	if (chunk.bytes.length === 0) return [chunk];
	return Array.from(chunk.bytes, (byte, i) => ({
		...chunk,
		bytes: Buffer.of(byte),
		missingBefore: i === 0 ? chunk.missingBefore : 0,
		closes: i === chunk.bytes.length - 1 ? chunk.closes : undefined,
	}));
}
