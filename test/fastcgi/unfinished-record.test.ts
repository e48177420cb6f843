// Records that do not come whole: holes in the input, told to the record decoder with `skip`.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { RecordDecoder } from "../../src/fastcgi/record-decoder.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import { cutsOf, truthfulDraft } from "../support/arbitraries.js";
import {
	type MaybeByte,
	type SlowRecord,
	slowDecode,
	slowly,
} from "../support/slow-decoder.js";

const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex");

const BEGIN = hex("01 01 0001 0008 00 00  0001 01 0000000000");
const PADDED = hex("01 05 0001 0003 05 00  616263 0000000000");

describe("skip", () => {
	test("leaves a record whole in frame with a hole in its content", () => {
		const decoder = new RecordDecoder();
		decoder.push(PADDED.subarray(0, 9));
		assert.deepEqual(decoder.skip(1), {
			records: [],
			unframed: 0,
			leftover: Buffer.alloc(0),
		});
		const [record] = decoder.push(PADDED.subarray(10));
		assert.equal(record?.contentData.toString(), "ac");
		assert.equal(record?.paddingData.length, 5);
		assert.equal(record?.missing, 1);
		assert.equal(record?.truncated, false);
	});

	test("keeps the framing where the hole ends with the record", () => {
		const decoder = new RecordDecoder();
		decoder.push(PADDED.subarray(0, 10));
		const { records, unframed } = decoder.skip(6);
		assert.equal(unframed, 0);
		assert.deepEqual(records.map(slowly), [
			{
				offset: 0,
				header: [...PADDED.subarray(0, 8)],
				content: [0x61, 0x62],
				padding: [],
				missing: 6,
				truncated: false,
			},
		]);
		assert.equal(decoder.push(BEGIN)[0]?.offset, 16);
	});

	test("ends the record where the hole reaches further", () => {
		const decoder = new RecordDecoder();
		decoder.push(PADDED.subarray(0, 10));
		const { records, unframed } = decoder.skip(7);
		assert.equal(records[0]?.missing, 6);
		assert.equal(records[0]?.truncated, false);
		assert.equal(unframed, 1);
		assert.equal(decoder.offset, 17);
	});

	test("gives back the start of a header that the hole hits", () => {
		const decoder = new RecordDecoder();
		decoder.push(PADDED.subarray(0, 5));
		const skipped = decoder.skip(2);
		assert.equal(decoder.heldBytes, 0);
		assert.equal(decoder.offset, 7);
		decoder.push(Buffer.alloc(7, 0xee));
		assert.deepEqual(skipped, {
			records: [],
			unframed: 2,
			leftover: PADDED.subarray(0, 5),
		});
		const taken = decoder.takeHeld();
		decoder.push(BEGIN.subarray(0, 7));
		assert.deepEqual(taken, Buffer.alloc(7, 0xee));
	});

	test("loses the framing between records", () => {
		const decoder = new RecordDecoder();
		decoder.push(BEGIN);
		assert.equal(decoder.skip(16).unframed, 16);
	});

	test("of nothing changes nothing", () => {
		for (const held of [0, 5, 8, 10]) {
			const decoder = new RecordDecoder();
			decoder.push(PADDED.subarray(0, held));
			assert.equal(decoder.skip(0).unframed, 0);
			assert.equal(decoder.push(PADDED.subarray(held)).length, 1);
		}
	});

	test("that ends a record leaves no room to two records at a time", () => {
		const decoder = new RecordDecoder();
		const large = encodeRecord({
			type: 5,
			requestId: 1,
			contentData: Buffer.alloc(40, "l"),
		});
		const small = (text: string) =>
			encodeRecord({ type: 5, requestId: 1, contentData: Buffer.from(text) });
		decoder.push(large.subarray(0, 20));
		// Its room may serve again from the push after, and the record behind it has a room of its own.
		decoder.push(
			Buffer.concat([large.subarray(20), small("hole").subarray(0, 9)]),
		);
		assert.equal(decoder.skip(3).records.length, 1);
		decoder.push(small("first").subarray(0, 9));
		const [first] = decoder.push(
			Buffer.concat([
				small("first").subarray(9),
				small("second").subarray(0, 9),
			]),
		);
		assert.equal(first?.contentData.toString(), "first");
	});

	test("tells the same as the slow decoder, whatever the holes", () => {
		const cases = fc
			.array(truthfulDraft, { minLength: 1, maxLength: 5 })
			.chain((drafts) => {
				const bytes = Buffer.concat(drafts.map(encodeRecord));
				const hole = fc.tuple(
					fc.nat(bytes.length - 1),
					fc.oneof(fc.integer({ min: 1, max: 9 }), fc.nat(300)),
				);
				return fc.tuple(
					fc.constant(bytes),
					fc.array(hole, { minLength: 1, maxLength: 4 }),
					cutsOf(bytes.length),
				);
			});
		fc.assert(
			fc.property(cases, ([bytes, holes, cuts]) => {
				const stream: MaybeByte[] = [...bytes];
				for (const [at, length] of holes) {
					stream.fill(undefined, at, Math.min(at + length, bytes.length));
				}
				const oracle = slowDecode(stream);
				const told = decodeHoles(bytes, stream, new Set(cuts));
				assert.deepEqual(told.records, oracle.records);
				if (told.lostAt !== undefined) {
					assert.equal(told.lostAt, oracle.stoppedAt);
				}
			}),
			{ numRuns: 500 },
		);
	});
});

/** Pushes what is there and skips what is not, until the framing is lost or the stream ends. */
function decodeHoles(
	bytes: Buffer,
	stream: readonly MaybeByte[],
	cuts: ReadonlySet<number>,
): { records: SlowRecord[]; lostAt: number | undefined } {
	const decoder = new RecordDecoder();
	const records: SlowRecord[] = [];
	let at = 0;
	while (at < stream.length) {
		const missing = stream[at] === undefined;
		let end = at + 1;
		while (
			end < stream.length &&
			(stream[end] === undefined) === missing &&
			(missing || !cuts.has(end))
		) {
			end++;
		}
		if (!missing) {
			const piece = Buffer.from(bytes.subarray(at, end));
			records.push(...decoder.push(piece).map(slowly));
			piece.fill(0xee);
		} else {
			const skipped = decoder.skip(end - at);
			records.push(...skipped.records.map(slowly));
			if (skipped.unframed > 0) {
				const lostAt = end - skipped.unframed - skipped.leftover.length;
				return { records, lostAt };
			}
		}
		at = end;
	}
	records.push(...decoder.end().map(slowly));
	return { records, lostAt: undefined };
}
