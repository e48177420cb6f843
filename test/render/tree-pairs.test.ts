import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NameValueDecoder } from "../../src/fastcgi/name-value-decoder.js";
import { decodeNameValues } from "../../src/fastcgi/name-values.js";
import { pairFields } from "../../src/render/tree-pairs.js";
import { pairs } from "../support/events.js";

const LONG = "v".repeat(300);

test("a pair is four fields, each at its offset with its bytes", () => {
	const content = pairs({ AB: LONG });
	const fields = pairFields(
		content,
		1000,
		0,
		decodeNameValues(content).pairs,
		0,
	);
	assert.deepEqual(
		fields.map(({ offset, bytes, text }) => [offset, bytes.length, text]),
		[
			[1000, 1, "nameLengthB0 02  nameLength = 2"],
			[
				1001,
				4,
				"valueLengthB3 80  valueLengthB2 00  valueLengthB1 01  valueLengthB0 2c  " +
					"valueLength = (0x80 & 0x7f) << 24 | 0x00 << 16 | 0x01 << 8 | 0x2c = 300",
			],
			[1005, 2, "nameData = "],
			[1007, 300, "valueData = "],
		],
	);
	assert.deepEqual(Buffer.concat(fields.map(({ bytes }) => bytes)), content);
});

test("wherever a stream is cut into records, each record's own bytes are all shown", () => {
	const stream = Buffer.concat([
		pairs({ A: "1", LONG_NAME: LONG }),
		pairs({ "": "", EMPTY: "" }),
	]);
	fc.assert(
		fc.property(fc.array(fc.nat(stream.length), { maxLength: 4 }), (places) => {
			const cuts = [...new Set([0, ...places, stream.length])];
			cuts.sort((a, b) => a - b);
			const decoder = new NameValueDecoder();
			let pairsEnd = 0;
			for (let i = 0; i + 1 < cuts.length; i++) {
				const from = cuts[i] ?? 0;
				const content = stream.subarray(from, cuts[i + 1]);
				const ended = decoder.push(content);
				const fields = pairFields(content, from, from, ended, pairsEnd);
				const last = ended.at(-1);
				if (last !== undefined) {
					pairsEnd =
						last.offset +
						last.nameLengthBytes +
						last.valueLengthBytes +
						last.name.length +
						last.value.length;
				}
				const shown = new Set<number>();
				for (const field of fields) {
					if (field.offset === undefined) continue;
					for (let k = 0; k < field.bytes.length; k++) {
						const at: number = field.offset + k;
						assert.equal(field.bytes[k], stream[at], `byte ${at}`);
						shown.add(at);
					}
				}
				// A field that began earlier is shown with all of its bytes and without an offset.
				const straddling = fields.some(({ offset }) => offset === undefined);
				if (!straddling) assert.equal(shown.size, content.length);
			}
		}),
	);
});

test("a pair that ends here and began earlier says how much of it is not here", () => {
	const stream = pairs({ NAME: "value" });
	const decoder = new NameValueDecoder();
	decoder.push(stream.subarray(0, 4));
	const rest = stream.subarray(4);
	const fields = pairFields(rest, 50, 4, decoder.push(rest), 0);
	assert.deepEqual(
		fields.map(({ offset, text }) => [offset, text]),
		[
			[undefined, "nameLengthB0 04  nameLength = 4  (in an earlier record)"],
			[undefined, "valueLengthB0 05  valueLength = 5  (in an earlier record)"],
			[undefined, "nameData  (2 of 4 bytes in earlier records) = "],
			[52, "valueData = "],
		],
	);
});

test("a pair that does not end here is shown as far as it goes", () => {
	const stream = pairs({ NAME: LONG });
	const shown = (length: number) =>
		pairFields(stream.subarray(0, length), 0, 0, [], 0).map(
			({ text, value }) => text + (value ?? ""),
		);
	const head = (length: number) =>
		`${length} byte${length === 1 ? "" : "s"} of a pair, which does not end in this record`;
	const name = "nameLengthB0 04  nameLength = 4";
	assert.deepEqual(shown(1), [head(1), name]);
	assert.deepEqual(shown(3), [
		head(3),
		name,
		"2 of the 4 bytes of valueLength",
	]);
	assert.deepEqual(shown(7).slice(3), ['nameData (2 of 4 bytes) = "NA"']);
	assert.deepEqual(shown(11).slice(3), [
		'nameData = "NAME"',
		'valueData (2 of 300 bytes) = "vv"',
	]);
});

test("bytes in the middle of a pair are no pair of their own", () => {
	const fields = pairFields(Buffer.from("vvvv"), 90, 20, [], 5);
	assert.deepEqual(
		fields.map(({ offset, text }) => [offset, text]),
		[
			[
				90,
				"4 bytes of a pair begun earlier, which does not end in this record",
			],
		],
	);
});
