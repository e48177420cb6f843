// The queue between sockets and whoever looks: nothing is lost, nothing grows without bound.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Peer } from "../../src/fastcgi/constants.js";
import type { Chunk } from "../../src/inspect/chunk.js";
import { ChunkQueue, MAX_QUEUED_BYTES } from "../../src/live/chunk-queue.js";
import { newChunk, newConnection } from "../support/conversation.js";

const MEGABYTE = Buffer.alloc(2 ** 20);
const chunkOf = (
	bytes: Buffer,
	from: Peer = "webServer",
	fields: Partial<Chunk> = {},
) => newChunk(CONNECTION, from, bytes, fields);
const CONNECTION = newConnection();

test("all that is put in comes out in order, in batches that are no longer than needed", async () => {
	const queue = new ChunkQueue({ lossy: false, onRoom: () => undefined });
	const sent: Chunk[] = [];
	for (let i = 0; i < 5000; i++) sent.push(chunkOf(Buffer.alloc(i % 900)));
	for (const chunk of sent) queue.push(chunk);
	queue.end();
	const received: Chunk[] = [];
	let batches = 0;
	for await (const batch of queue) {
		batches++;
		assert.ok(batch.length < 5000);
		received.push(...batch);
	}
	assert.ok(batches > 1);
	assert.deepEqual(received, sent);
	assert.ok(queue.empty);
});

test("a chunk that comes alone is not kept waiting for others", async () => {
	const queue = new ChunkQueue({ lossy: false, onRoom: () => undefined });
	const batches = queue[Symbol.asyncIterator]();
	const next = batches.next();
	queue.push(chunkOf(Buffer.from("alone")));
	const before = performance.now();
	assert.equal((await next).value?.length, 1);
	assert.ok(performance.now() - before < 500);
	await batches.return();
});

test("where the reader is behind, the sockets are asked to wait, and told when there is room", async () => {
	let room = 0;
	const queue = new ChunkQueue({ lossy: false, onRoom: () => room++ });
	let pushed = 0;
	while (!queue.full) {
		queue.push(chunkOf(MEGABYTE));
		pushed++;
	}
	assert.ok(pushed * MEGABYTE.length <= MAX_QUEUED_BYTES + MEGABYTE.length);
	let received = 0;
	for await (const batch of queue) {
		received += batch.length;
		if (!queue.full) break;
	}
	assert.equal(room, 1);
	assert.ok(received < pushed, "there is room before all was looked at");
});

test("a lossy queue never asks anybody to wait; what it leaves out is missing, and counted", async () => {
	const queue = new ChunkQueue({ lossy: true, onRoom: () => assert.fail() });
	const pushed = 40;
	for (let i = 0; i < pushed; i++) queue.push(chunkOf(MEGABYTE));
	queue.push(chunkOf(Buffer.alloc(0), "application", { closes: "rst" }));
	assert.equal(queue.full, false);
	let seen = 0;
	let missing = 0;
	const count = (batch: readonly Chunk[]) => {
		for (const { bytes, missingBefore } of batch) {
			seen += bytes.length;
			missing += missingBefore;
		}
	};
	const batches = queue[Symbol.asyncIterator]();
	for (let i = 0; i < 20; i++) count((await batches.next()).value ?? []);
	// What comes after a gap tells how long it was.
	queue.push(chunkOf(Buffer.from("more")));
	queue.end();
	const last: Chunk[] = [];
	for (;;) {
		const { value, done } = await batches.next();
		if (done) break;
		count(value);
		last.push(...value);
	}
	assert.equal(missing, queue.droppedBytes);
	assert.ok(missing > 0);
	assert.equal(seen + missing, pushed * MEGABYTE.length + 4);
	assert.ok(
		last.some(({ closes }) => closes === "rst"),
		"ends are never left out",
	);
});

test("the last chunk of a direction is told as closed even where its bytes are left out", async () => {
	const queue = new ChunkQueue({ lossy: true, onRoom: () => undefined });
	for (let i = 0; i < 40; i++) queue.push(chunkOf(MEGABYTE));
	queue.push(chunkOf(MEGABYTE, "webServer", { closes: "fin" }));
	queue.end();
	const chunks: Chunk[] = [];
	for await (const batch of queue) chunks.push(...batch);
	assert.equal(chunks.at(-1)?.closes, "fin");
	assert.equal(chunks.at(-1)?.missingBefore, queue.droppedBytes);
});

test("once its reader has left, nothing is kept", async () => {
	let room = 0;
	const queue = new ChunkQueue({ lossy: false, onRoom: () => room++ });
	while (!queue.full) queue.push(chunkOf(MEGABYTE));
	for await (const _ of queue) break;
	assert.equal(room, 1);
	for (let i = 0; i < 100; i++) queue.push(chunkOf(MEGABYTE));
	assert.equal(queue.full, false);
	assert.ok(queue.empty);
});
