import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_RECORD_LENGTH } from "../../src/fastcgi/constants.js";
import { RecordDecoder } from "../../src/fastcgi/record-decoder.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import { Rooms } from "../../src/fastcgi/rooms.js";

test("a room is long enough, and one that was given back serves again", () => {
	const rooms = new Rooms();
	for (const length of [2000, 8192, 8193, MAX_RECORD_LENGTH]) {
		const room = rooms.take(length);
		assert.ok(room.length >= length);
		assert.notEqual(rooms.take(length), room);
		rooms.give(room);
		assert.equal(rooms.take(length), room);
	}
});

test("no more rooms are kept than a busy site needs", () => {
	const rooms = new Rooms();
	const many = Array.from({ length: 100 }, () => rooms.take(2000));
	for (const room of many) rooms.give(room);
	const again = Array.from({ length: 100 }, () => rooms.take(2000));
	assert.equal(again.filter((room) => many.includes(room)).length, 32);
});

test("decoders that share rooms do not write over each other's records", () => {
	const rooms = new Rooms();
	const record = (text: string) =>
		encodeRecord({ type: 6, requestId: 1, contentData: Buffer.from(text) });
	const decoders = ["a", "b", "c"].map((letter) => ({
		decoder: new RecordDecoder({ rooms }),
		bytes: [1, 2, 3].map((number) => record(`${letter}${number}`.repeat(1000))),
		seen: [] as string[],
	}));
	// A record that straddles in each, and what was handed out looked at after the others have gone on.
	for (let round = 0; round < 3; round++) {
		const handedOut = decoders.map(({ decoder, bytes }) => {
			const whole = bytes[round] as Buffer;
			decoder.push(Buffer.from(whole.subarray(0, 20)));
			return decoder.push(Buffer.from(whole.subarray(20)));
		});
		for (const [index, records] of handedOut.entries()) {
			for (const { contentData } of records) {
				decoders[index]?.seen.push(`${contentData}`.slice(0, 2));
			}
		}
	}
	assert.deepEqual(
		decoders.map(({ seen }) => seen),
		[
			["a1", "a2", "a3"],
			["b1", "b2", "b3"],
			["c1", "c2", "c3"],
		],
	);
});
