import assert from "node:assert/strict";
import { test } from "node:test";
import type { Job } from "../../src/live/client.js";
import { type Turn, Turns } from "../../src/live/turns.js";

/** A turn whose job can be told by its number. */
function turn(
	number: number,
	on: unknown,
	more: Partial<Job & Turn> = {},
): Turn {
	const { at, ...job } = more;
	return {
		at,
		on,
		job: () => ({ script: [], keepConn: true, on: number, ...job }),
	};
}

const numberOf = (job: Job | undefined) => job?.on;

test("one lane has all turns, in their order", async () => {
	const turns = new Turns([turn(1, "a"), turn(2, "b"), turn(3, "a")]);
	const lane = {};
	const seen: unknown[] = [];
	for (;;) {
		const job = await turns.next(lane);
		if (job === undefined) break;
		seen.push(numberOf(job));
	}
	assert.deepEqual(seen, [1, 2, 3]);
});

test("a turn waits for the lane that has its connection, and others go first", async () => {
	const turns = new Turns([turn(1, "a"), turn(2, "a"), turn(3, "b")]);
	const [first, second] = [{}, {}];
	assert.equal(numberOf(await turns.next(first)), 1);
	assert.equal(numberOf(await turns.next(second)), 3);
	const ended = turns.next(second);
	assert.equal(numberOf(await turns.next(first)), 2);
	assert.equal(await turns.next(first), undefined);
	assert.equal(await ended, undefined);
});

test("a kept connection is left alone while another lane is free", async () => {
	const turns = new Turns([
		turn(1, "a"),
		turn(2, "b", { at: 20 }),
		turn(3, "a", { at: 20 }),
	]);
	const [first, second] = [{}, {}];
	assert.equal(numberOf(await turns.next(first)), 1);
	const all = [turns.next(first), turns.next(second)];
	assert.deepEqual((await Promise.all(all)).map(numberOf), [3, 2]);
});

test("a connection that is not kept is nobody's", async () => {
	const turns = new Turns([turn(1, "a", { keepConn: false }), turn(2, "a")]);
	assert.equal(numberOf(await turns.next({})), 1);
	assert.equal(numberOf(await turns.next({})), 2);
});

test("turns have their times, and late ones are counted", async () => {
	const turns = new Turns([
		turn(1, "a", { at: 0 }),
		turn(2, "b", { at: 60 }),
		turn(3, "c", { at: 61 }),
	]);
	const lane = {};
	const start = performance.now();
	await turns.next(lane);
	assert.equal(numberOf(await turns.next(lane)), 2);
	assert.ok(performance.now() - start >= 59);
	assert.equal(turns.late, 0);
	await new Promise((resolve) => setTimeout(resolve, 170));
	assert.equal(numberOf(await turns.next(lane)), 3);
	assert.equal(turns.late, 1);
	assert.ok(turns.latest > 100, `${turns.latest}`);
});

test("who waits is let go when it is stopped", async () => {
	const turns = new Turns([turn(1, "a"), turn(2, "b", { at: 60_000 })]);
	const lane = {};
	await turns.next(lane);
	const waiting = turns.next(lane);
	turns.stop();
	assert.equal(await waiting, undefined);
	assert.equal(await turns.next({}), undefined);
});

test("a long queue for one connection is not looked through again and again", async () => {
	const many = Array.from({ length: 50_000 }, (_, i) => turn(i, "a"));
	const turns = new Turns(many);
	const [busy, idle] = [{}, {}];
	let next = await turns.next(busy);
	const waits = turns.next(idle);
	const start = performance.now();
	for (let i = 1; i < many.length; i++) next = await turns.next(busy);
	assert.equal(numberOf(next), many.length - 1);
	assert.equal(await turns.next(busy), undefined);
	assert.equal(await waits, undefined);
	assert.ok(performance.now() - start < 4000);
});
