// The ring between sockets and whoever looks: nothing is lost, nothing comes in another order, nothing grows without bound.

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import type { Peer } from "../../../src/fastcgi/constants.js";
import type { Chunk, Connection } from "../../../src/inspect/chunk.js";
import { newRingMemory } from "../../../src/live/ring/ring-memory.js";
import { RingReader } from "../../../src/live/ring/ring-reader.js";
import {
	MAX_QUEUED_BYTES,
	RingWriter,
} from "../../../src/live/ring/ring-writer.js";
import { newChunk, newConnection } from "../../support/conversation.js";

const MEGABYTE = Buffer.alloc(2 ** 20);
/** Megabytes that no ring holds. */
const TOO_MANY = (2 * MAX_QUEUED_BYTES) / MEGABYTE.length;
const CONNECTION = newConnection();
const chunkOf = (
	bytes: Buffer,
	from: Peer = "webServer",
	fields: Partial<Chunk> = {},
) => newChunk(CONNECTION, from, bytes, { timestamp: 1, ...fields });

interface Rig {
	readonly writer: RingWriter;
	readonly reader: RingReader;
	/** How often there was room again. */
	readonly rooms: () => number;
}

function rig(lossy = false): Rig {
	const memory = newRingMemory();
	let rooms = 0;
	const reader = new RingReader(memory, () => writer.room());
	const writer = new RingWriter(memory, {
		lossy,
		onRoom: () => rooms++,
		wake: () => reader.wake(),
	});
	return { writer, reader, rooms: () => rooms };
}

/** A chunk that outlives its batch. */
const kept = (chunk: Chunk): Chunk => ({
	...chunk,
	bytes: Buffer.from(chunk.bytes),
});

async function rest(reader: AsyncIterable<readonly Chunk[]>): Promise<Chunk[]> {
	const chunks: Chunk[] = [];
	for await (const batch of reader) chunks.push(...batch.map(kept));
	return chunks;
}

test("all that is put in comes out in order, in batches that are no longer than needed", async () => {
	const { writer, reader } = rig();
	const sent: Chunk[] = [];
	for (let i = 0; i < 5000; i++) {
		sent.push(chunkOf(Buffer.alloc(i % 900, i), "application"));
	}
	for (const chunk of sent) writer.push(chunk);
	writer.end();
	const received: Chunk[] = [];
	let batches = 0;
	for await (const batch of reader) {
		batches++;
		assert.ok(batch.length < 5000);
		received.push(...batch.map(kept));
	}
	assert.ok(batches > 1);
	assert.deepEqual(received, sent);
	assert.ok(writer.empty);
});

const chunks = fc.record({
	length: fc.oneof(
		{ weight: 8, arbitrary: fc.nat(2000) },
		{ weight: 1, arbitrary: fc.nat(3 * 2 ** 20) },
	),
	connection: fc.nat(3),
	from: fc.constantFrom<Peer>("webServer", "application"),
	closes: fc.constantFrom(undefined, undefined, "fin" as const, "rst" as const),
	missingBefore: fc.constantFrom(0),
	timestamp: fc.constantFrom(0, 1.5, 1_700_000_000.000_123),
});

test("whatever is put in while it is read comes out, byte for byte, connection for connection", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(chunks, { minLength: 1, maxLength: 120 }),
			fc.nat(20),
			async (list, pause) => {
				const { writer, reader } = rig();
				const connections: Connection[] = [0, 1, 2, 3].map((number) => ({
					number,
					application: `/run/app-${number}.sock`,
					startSeen: true,
				}));
				const sent = list.map(({ length, connection, ...fields }, i) =>
					newChunk(
						connections[connection] as Connection,
						fields.from,
						Buffer.alloc(length, i + 1),
						fields,
					),
				);
				const reading = rest(reader);
				for (const [i, chunk] of sent.entries()) {
					writer.push(chunk);
					if (i % (pause + 1) === 0) {
						await new Promise((resolve) => setImmediate(resolve));
					}
				}
				writer.end();
				assert.deepEqual(joined(await reading), joined(sent));
				assert.ok(writer.empty);
			},
		),
		{ numRuns: 40 },
	);
});

/** What each direction said, and how it ended; long chunks may come in pieces. */
function joined(list: readonly Chunk[]): unknown {
	const said = new Map<string, { bytes: Buffer[]; ends: unknown[] }>();
	for (const { connection, from, bytes, closes, timestamp } of list) {
		const key = `${JSON.stringify(connection)} ${from}`;
		const one = said.get(key) ?? { bytes: [], ends: [] };
		said.set(key, one);
		one.bytes.push(bytes);
		if (closes !== undefined) {
			const before = one.bytes.reduce((sum, { length }) => sum + length, 0);
			one.ends.push([closes, timestamp, before]);
		}
	}
	return new Map(
		[...said].map(([key, { bytes, ends }]) => [
			key,
			[Buffer.concat(bytes).toString("base64"), ends],
		]),
	);
}

test("a chunk that comes alone is not kept waiting for others", async () => {
	const { writer, reader } = rig();
	const batches = reader[Symbol.asyncIterator]();
	const next = batches.next();
	writer.push(chunkOf(Buffer.from("alone")));
	const before = performance.now();
	assert.equal((await next).value?.length, 1);
	assert.ok(performance.now() - before < 500);
	await batches.return();
});

test("what was put in is not called looked at before its reader asks for more", async () => {
	const { writer, reader } = rig();
	const batches = reader[Symbol.asyncIterator]();
	writer.push(chunkOf(Buffer.from("one")));
	await batches.next();
	assert.equal(writer.empty, false);
	const next = batches.next();
	await new Promise((resolve) => setImmediate(resolve));
	assert.ok(writer.empty);
	writer.end();
	assert.ok((await next).done);
});

test("where the reader is behind, the sockets are asked to wait, and told when there is room", async () => {
	const { writer, reader, rooms } = rig();
	let pushed = 0;
	while (!writer.full) {
		writer.push(chunkOf(MEGABYTE));
		pushed++;
	}
	assert.ok(pushed * MEGABYTE.length <= MAX_QUEUED_BYTES + MEGABYTE.length);
	let received = 0;
	for await (const batch of reader) {
		received += batch.length;
		if (!writer.full) break;
	}
	assert.equal(rooms(), 1);
	assert.ok(received < pushed, "there is room before all was looked at");
});

test("what sockets say before they wait is kept, though the ring has no room for it", async () => {
	const { writer, reader, rooms } = rig();
	for (let i = 0; i < TOO_MANY; i++) {
		writer.push(chunkOf(Buffer.alloc(MEGABYTE.length, i)));
	}
	writer.push(chunkOf(Buffer.alloc(0), "application", { closes: "rst" }));
	writer.end();
	const received = await rest(reader);
	assert.equal(received.length, TOO_MANY + 1);
	for (let i = 0; i < TOO_MANY; i++) {
		assert.equal(received[i]?.bytes[MEGABYTE.length - 1], i % 256);
	}
	assert.equal(received.at(-1)?.closes, "rst");
	assert.equal(rooms(), 1);
	assert.equal(writer.full, false);
});

test("a lossy ring never asks anybody to wait; what it leaves out is missing, and counted", async () => {
	const { writer, reader, rooms } = rig(true);
	for (let i = 0; i < TOO_MANY; i++) writer.push(chunkOf(MEGABYTE));
	writer.push(chunkOf(Buffer.alloc(0), "application", { closes: "rst" }));
	assert.equal(writer.full, false);
	let seen = 0;
	let missing = 0;
	const count = (batch: readonly Chunk[]) => {
		for (const { bytes, missingBefore } of batch) {
			seen += bytes.length;
			missing += missingBefore;
		}
	};
	const batches = reader[Symbol.asyncIterator]();
	for (let i = 0; i < 5; i++) count((await batches.next()).value ?? []);
	// What comes after a gap tells how long it was.
	writer.push(chunkOf(Buffer.from("more")));
	writer.end();
	const last: Chunk[] = [];
	for (;;) {
		const { value, done } = await batches.next();
		if (done) break;
		count(value);
		last.push(...value);
	}
	assert.equal(missing, writer.droppedBytes);
	assert.ok(missing > 0);
	assert.equal(seen + missing, TOO_MANY * MEGABYTE.length + 4);
	assert.ok(
		last.some(({ closes }) => closes === "rst"),
		"ends are never left out",
	);
	assert.equal(rooms(), 0);
});

test("the last chunk of a direction is told as closed even where its bytes are left out", async () => {
	const { writer, reader } = rig(true);
	for (let i = 0; i < TOO_MANY; i++) writer.push(chunkOf(MEGABYTE));
	writer.push(chunkOf(MEGABYTE, "webServer", { closes: "fin" }));
	writer.end();
	const received = await rest(reader);
	assert.equal(received.at(-1)?.closes, "fin");
	assert.equal(received.at(-1)?.missingBefore, writer.droppedBytes);
});

test("once its reader has left, nothing is kept", async () => {
	const { writer, reader, rooms } = rig();
	while (!writer.full) writer.push(chunkOf(MEGABYTE));
	for await (const _ of reader) break;
	assert.equal(rooms(), 1);
	for (let i = 0; i < 100; i++) writer.push(chunkOf(MEGABYTE));
	assert.equal(writer.full, false);
	assert.ok(writer.empty);
});

test("where the reader is gone without a word, the writer goes on alone", () => {
	const { writer, rooms } = rig();
	for (let i = 0; i < TOO_MANY; i++) writer.push(chunkOf(MEGABYTE));
	assert.ok(writer.full);
	writer.abandon();
	assert.equal(rooms(), 1);
	assert.equal(writer.full, false);
	assert.ok(writer.empty);
});

test("a reader in another thread gets every byte, while the writer never waits for it", async () => {
	const memory = newRingMemory();
	const worker = new Worker(new URL("reading-thread.js", import.meta.url), {
		workerData: memory,
	});
	let room = () => {};
	const writer = new RingWriter(memory, {
		lossy: false,
		onRoom: () => room(),
		wake: () => worker.postMessage("wake"),
	});
	const results: number[][] = [];
	worker.on("message", (message) => {
		if (message === "room") writer.room();
		else results.push(message);
	});
	let sum = 0;
	let bytes = 0;
	const count = 30_000;
	for (let i = 0; i < count; i++) {
		const length = (i * 7919) % (i % 100 === 0 ? 200_000 : 3000);
		writer.push(chunkOf(Buffer.alloc(length, i)));
		bytes += length;
		sum = (sum + (i % 256) * length) % 2 ** 32;
		if (writer.full) {
			await new Promise<void>((resolve) => {
				room = resolve;
			});
		} else if (i % 50 === 0) {
			await new Promise((resolve) => setImmediate(resolve));
		}
	}
	writer.end();
	await once(worker, "exit");
	assert.deepEqual(results, [[count, bytes, sum]]);
	assert.ok(writer.empty);
});
