// The record decoder: whole, cut anywhere, cut off, refusing headers, against an oracle, and back to bytes.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { FcgiRecord } from "../../src/fastcgi/record.js";
import { RecordDecoder } from "../../src/fastcgi/record-decoder.js";
import { draftOf, encodeRecord } from "../../src/fastcgi/record-encoder.js";
import { assertCutBlind, frozen, runCut } from "../support/any-cut.js";
import { cutsOf, truthfulDraft } from "../support/arbitraries.js";
import { slowDecode, slowly } from "../support/slow-decoder.js";

const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex");

const BEGIN = hex("01 01 0001 0008 00 00  0001 01 0000000000");
const PADDED = hex("01 05 0001 0003 05 00  616263 0000000000");
const DIRTY = hex("01 05 0001 0003 05 07  616263 0001020304");
const EMPTY = hex("01 05 0001 0000 00 00");
const GET_VALUES = hex("01 09 0000 0006 00 00  0400 41424344");
const ODD = hex("02 4d ffff 0001 02 ff  7a aabb");
const ALL = Buffer.concat([BEGIN, PADDED, EMPTY, DIRTY, GET_VALUES, ODD]);

function decode(bytes: Buffer): FcgiRecord[] {
	const decoder = new RecordDecoder();
	return [...decoder.push(bytes), ...decoder.end()];
}

describe("RecordDecoder", () => {
	test("tells every field of a record", () => {
		assert.deepEqual(frozen(decode(ODD)), [
			{
				kind: "unknown",
				offset: 0,
				version: 2,
				type: 77,
				requestId: 65_535,
				contentLength: 1,
				paddingLength: 2,
				reserved: 255,
				contentData: "7a",
				paddingData: "aabb",
				holes: [],
				missing: 0,
				truncated: false,
				body: undefined,
			},
		]);
	});

	test("decodes the bodies of the types that have one", () => {
		const bodies = decode(ALL).map((record) => frozen(record.body));
		assert.deepEqual(bodies, [
			{ role: 1, flags: 1, keepConn: true },
			undefined,
			undefined,
			undefined,
			{
				pairs: [
					{
						offset: 0,
						nameLengthBytes: 1,
						valueLengthBytes: 1,
						name: "41424344",
						value: "",
						nameText: { text: "ABCD", latin1: false },
						valueText: { text: "", latin1: false },
					},
				],
			},
			undefined,
		]);
	});

	test("does not care where its input is cut", () => {
		assertCutBlind(() => new RecordDecoder(), ALL);
	});

	test("does not care where input that ends within a record is cut", () => {
		for (let end = 0; end < ALL.length; end++) {
			assertCutBlind(() => new RecordDecoder(), ALL.subarray(0, end));
		}
	});

	test("does not care where the longest record is cut", () => {
		const longest = Buffer.alloc(65_798 + 8, "x");
		hex("01 06 0001 ffff ff 00").copy(longest);
		hex("01 06 0001 0000 00 00").copy(longest, 65_798);
		assertCutBlind(() => new RecordDecoder(), longest);
		assert.equal(decode(longest).length, 2);
	});

	test("gives views into the input for whole records", () => {
		const bytes = Buffer.from(PADDED);
		const [record] = new RecordDecoder().push(bytes);
		bytes.fill("z");
		assert.equal(record?.contentData.toString(), "zzz");
	});

	test("tells what there is of a record that the end cuts off", () => {
		const cases = [
			[PADDED.subarray(0, 8), "", "", 8],
			[PADDED.subarray(0, 10), "6162", "", 6],
			[PADDED.subarray(0, 11), "616263", "", 5],
			[PADDED.subarray(0, 14), "616263", "000000", 2],
		] as const;
		for (const [bytes, content, padding, missing] of cases) {
			const [record] = decode(bytes);
			assert.deepEqual(
				[
					record?.contentData.toString("hex"),
					record?.paddingData.toString("hex"),
					record?.missing,
					record?.truncated,
				],
				[content, padding, missing, true],
				`${bytes.length} bytes`,
			);
		}
	});

	test("decodes the body of a record of which only padding is cut off", () => {
		const bytes = Buffer.concat([BEGIN, hex("00")]);
		bytes[6] = 4;
		const [record] = decode(bytes);
		assert.deepEqual(record?.body, { role: 1, flags: 1, keepConn: true });
		assert.equal(record?.missing, 3);
	});

	test("has no body where content is cut off, were it between two pairs", () => {
		const [begin] = decode(BEGIN.subarray(0, 15));
		assert.equal(begin?.body, undefined);
		const two = hex("01 09 0000 0006 00 00  0100 41 0100 42");
		assert.equal(decode(two.subarray(0, 11))[0]?.body, undefined);
	});

	test("holds less than a header after the end", () => {
		const decoder = new RecordDecoder();
		decoder.push(ALL);
		decoder.push(BEGIN.subarray(0, 7));
		assert.deepEqual(decoder.end(), []);
		assert.equal(decoder.heldBytes, 7);
		assert.equal(decoder.offset, ALL.length + 7);
		assert.deepEqual(decoder.takeHeld(), BEGIN.subarray(0, 7));
		assert.equal(decoder.heldBytes, 0);
		assert.equal(decoder.offset, ALL.length);
	});

	test("counts offsets from where it is told", () => {
		const decoder = new RecordDecoder({ offset: 1000 });
		const offsets = decoder.push(ALL).map((record) => record.offset);
		assert.deepEqual(offsets, [1000, 1016, 1032, 1040, 1056, 1070]);
		assert.equal(decoder.offset, 1000 + ALL.length);
	});

	test("never holds more than the longest record", () => {
		const longest = Buffer.alloc(65_797, "x");
		hex("01 06 0001 ffff ff 00").copy(longest);
		const decoder = new RecordDecoder();
		decoder.push(longest.subarray(0, 100));
		assert.equal(decoder.heldBytes, 100);
		decoder.push(longest.subarray(100));
		assert.equal(decoder.heldBytes, 65_797);
		assert.equal(decoder.push(hex("00")).length, 1);
		assert.equal(decoder.heldBytes, 0);
	});

	test("hands out the record under way with its header", () => {
		const decoder = new RecordDecoder();
		decoder.push(PADDED.subarray(0, 3));
		decoder.push(PADDED.subarray(3, 13));
		assert.deepEqual(decoder.takeHeld(), PADDED.subarray(0, 13));
		assert.equal(decoder.offset, 0);
		assert.equal(decoder.push(ALL).length, 6);
	});

	test("encodes back to the bytes it decoded, however they were cut", () => {
		const drafts = fc.array(truthfulDraft, { maxLength: 8 });
		const input = drafts.chain((list) => {
			const bytes = Buffer.concat(list.map(encodeRecord));
			return fc.tuple(fc.constant(bytes), cutsOf(bytes.length));
		});
		fc.assert(
			fc.property(input, ([bytes, cuts]) => {
				const again = runCut(new RecordDecoder(), bytes, cuts, (record) =>
					encodeRecord(draftOf(record)).toString("hex"),
				);
				assert.equal(again.join(""), bytes.toString("hex"));
			}),
		);
	});

	test("tells the same as the slow decoder of any bytes", () => {
		const anyBytes = fc.oneof(
			fc.uint8Array({ maxLength: 200 }),
			fc
				.array(
					fc.oneof(
						truthfulDraft.map(encodeRecord),
						fc.uint8Array({ maxLength: 12 }),
					),
					{ maxLength: 5 },
				)
				.map((pieces) => Buffer.concat(pieces)),
		);
		fc.assert(
			fc.property(anyBytes, (array) => {
				const bytes = Buffer.from(array);
				const oracle = slowDecode([...bytes]);
				assert.deepEqual(decode(bytes).map(slowly), oracle.records);
			}),
		);
	});
});

describe("a refusal", () => {
	const accepts = ({ version }: { version: number }) => version === 1;

	test("stops in front of the header, wherever the input is cut", () => {
		for (let cut = 0; cut <= ALL.length; cut++) {
			const decoder = new RecordDecoder({ offset: 5, accepts });
			const first = Buffer.from(ALL.subarray(0, cut));
			const records = [...decoder.push(first)];
			records.push(...decoder.push(Buffer.from(ALL.subarray(cut))));
			assert.equal(records.length, 5, `cut at ${cut}`);
			assert.equal(decoder.refused, true);
			assert.equal(decoder.heldBytes, ODD.length);
			assert.equal(decoder.offset, 5 + ALL.length);
			assert.deepEqual(decoder.end(), []);
			assert.deepEqual(decoder.takeHeld(), ODD, `cut at ${cut}`);
			assert.equal(decoder.refused, false);
			assert.equal(decoder.offset, 5 + ALL.length - ODD.length);
		}
	});

	test("keeps what is pushed until it is taken", () => {
		const decoder = new RecordDecoder({ accepts });
		decoder.push(ODD);
		assert.deepEqual(decoder.push(BEGIN), []);
		assert.deepEqual(decoder.push(EMPTY), []);
		assert.deepEqual(decoder.takeHeld(), Buffer.concat([ODD, BEGIN, EMPTY]));
	});

	test("is followed by records where decoding is resumed", () => {
		const decoder = new RecordDecoder({ accepts });
		decoder.push(Buffer.concat([BEGIN, ODD, PADDED]));
		const held = decoder.takeHeld();
		decoder.resume(BEGIN.length + ODD.length);
		const records = decoder.push(held.subarray(ODD.length));
		assert.deepEqual(
			records.map((record) => [record.kind, record.offset]),
			[["stdin", BEGIN.length + ODD.length]],
		);
	});

	test("is decided with the offset of the header in sight, once each", () => {
		for (let cut = 0; cut <= ALL.length; cut++) {
			const asked: unknown[] = [];
			const decoder: RecordDecoder = new RecordDecoder({
				accepts: (header) => asked.push([decoder.offset, header.type]) > 0,
			});
			decoder.push(ALL.subarray(0, cut));
			assert.equal(decoder.offset, cut);
			decoder.push(ALL.subarray(cut));
			assert.deepEqual(
				asked,
				[
					[0, 1],
					[16, 5],
					[32, 5],
					[40, 5],
					[56, 9],
					[70, 77],
				],
				`cut at ${cut}`,
			);
		}
	});

	test("needs the bytes taken before a skip", () => {
		const decoder = new RecordDecoder({ accepts });
		decoder.push(ODD);
		assert.throws(() => decoder.skip(1), /have to be taken/);
	});
});
