import assert from "node:assert/strict";
import { test } from "node:test";
import type { Chunk } from "../../src/inspect/chunk.js";
import { MAX_QUEUED_BYTES, PromptQueue } from "../../src/live/prompt-queue.js";

const connection = { number: 0, startSeen: true };

function chunk(length: number): Chunk {
	return {
		connection,
		from: "webServer",
		timestamp: undefined,
		bytes: Buffer.alloc(length),
		frame: undefined,
		missingBefore: 0,
		closes: undefined,
	};
}

test("hands on what was put in, in order, and ends when all is out", async () => {
	const queue = new PromptQueue(() => {});
	const chunks = [3, 2 ** 20, 5, 2 ** 20, 7].map(chunk);
	const taken: Chunk[] = [];
	const reading = (async () => {
		for await (const batch of queue) taken.push(...batch);
	})();
	queue.push(chunks[0] as Chunk);
	await new Promise((resolve) => setTimeout(resolve, 100));
	assert.equal(taken.length, 1);
	for (const one of chunks.slice(1)) queue.push(one);
	queue.end();
	await reading;
	assert.deepEqual(taken, chunks);
});

test("is full until its reader has caught up", async () => {
	let room = 0;
	const queue = new PromptQueue(() => room++);
	const piece = chunk(2 ** 20);
	let put = 0;
	for (; !queue.full; put++) queue.push(piece);
	assert.ok(put * 2 ** 20 <= MAX_QUEUED_BYTES + 2 ** 20);
	queue.end();
	let batches = 0;
	let whenRoom = 0;
	for await (const batch of queue) {
		assert.ok(batch.length <= 1);
		batches++;
		if (room > 0) whenRoom ||= batches;
	}
	assert.equal(batches, put);
	assert.equal(room, 1);
	assert.ok(whenRoom > 1 && whenRoom < put);
	assert.equal(queue.full, false);
});

test("ends where nothing was put in", async () => {
	const queue = new PromptQueue(() => {});
	queue.end();
	for await (const _ of queue) assert.fail();
	const waiting = new PromptQueue(() => {});
	const reading = waiting[Symbol.asyncIterator]().next();
	await new Promise((resolve) => setTimeout(resolve, 5));
	waiting.end();
	assert.equal((await reading).done, true);
});

test("is first looked at some time after its first chunk, or at its end", async () => {
	const looked: number[] = [];
	const from = performance.now();
	const queue = new PromptQueue(() => {});
	const reading = (async () => {
		for await (const batch of queue) {
			looked.push(performance.now() - from);
			assert.equal(batch.length, 2);
		}
	})();
	queue.push(chunk(1));
	await new Promise((resolve) => setTimeout(resolve, 5));
	queue.push(chunk(2));
	assert.deepEqual(looked, []);
	await new Promise((resolve) => setTimeout(resolve, 100));
	assert.equal(looked.length, 1);
	assert.ok(Number(looked.at(0)) >= 15, `${looked.at(0)} ms`);
	queue.end();
	await reading;
	const ended = new PromptQueue(() => {});
	ended.push(chunk(1));
	ended.end();
	let batches = 0;
	const began = performance.now();
	for await (const _ of ended) batches++;
	assert.equal(batches, 1);
	assert.ok(performance.now() - began < 15);
});
