// Name-value pairs in all four forms, whole and in pieces, against an oracle, and back to bytes.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	decodeNameValues,
	encodeNameValue,
	encodeNameValues,
	type NameValue,
} from "../../src/fastcgi/name-values.js";
import { frozen } from "../support/any-cut.js";
import { encodedPair } from "../support/arbitraries.js";
import { slowPairs } from "../support/slow-decoder.js";

/** The four forms of section 3.4, an empty pair, and the longest short and shortest long lengths. */
const FORMS = Buffer.concat([
	encodeNameValue("SERVER_PORT", "80"),
	encodeNameValue("A", "b", { valueLengthBytes: 4 }),
	encodeNameValue("A", "b", { nameLengthBytes: 4 }),
	encodeNameValue("A", "b", { nameLengthBytes: 4, valueLengthBytes: 4 }),
	encodeNameValue("", ""),
	encodeNameValue("", "", { nameLengthBytes: 4, valueLengthBytes: 4 }),
	encodeNameValue("n".repeat(127), "v".repeat(128)),
	encodeNameValue("n".repeat(300), Buffer.of(0, 0xff)),
]);

const slowly = ({ offset, name, value }: NameValue) => ({
	offset,
	name: [...name],
	value: [...value],
});

describe("encodeNameValue", () => {
	test("writes the four forms of the specification", () => {
		const cases = [
			[{}, "03026e616d7676"],
			[{ valueLengthBytes: 4 }, "03800000026e616d7676"],
			[{ nameLengthBytes: 4 }, "80000003026e616d7676"],
			[
				{ nameLengthBytes: 4, valueLengthBytes: 4 },
				"80000003800000026e616d7676",
			],
		] as const;
		for (const [forms, expected] of cases) {
			const encoded = encodeNameValue("nam", "vv", forms);
			assert.equal(encoded.toString("hex"), expected);
		}
	});

	test("takes four bytes from 128 on", () => {
		const short = encodeNameValue("", Buffer.alloc(127));
		const long = encodeNameValue("", Buffer.alloc(128));
		assert.equal(short.subarray(0, 2).toString("hex"), "007f");
		assert.equal(long.subarray(0, 5).toString("hex"), "0080000080");
	});

	test("refuses a length that its form cannot say", () => {
		assert.throws(
			() => encodeNameValue("n", "v".repeat(128), { valueLengthBytes: 1 }),
			RangeError,
		);
	});
});

describe("decodeNameValues", () => {
	test("tells offset, form, name and value", () => {
		const bytes = encodeNameValue("A", "b", { valueLengthBytes: 4 });
		assert.deepEqual(frozen(decodeNameValues(bytes, 7)), {
			pairs: [
				{
					offset: 7,
					nameLengthBytes: 1,
					valueLengthBytes: 4,
					name: "41",
					value: "62",
					nameText: { text: "A", latin1: false },
					valueText: { text: "b", latin1: false },
				},
			],
			leftover: "",
		});
	});

	test("leaves the start of a pair over, at every place", () => {
		const pair = encodeNameValue("NAME", "value", { nameLengthBytes: 4 });
		for (let length = 0; length < pair.length; length++) {
			const bytes = Buffer.concat([FORMS, pair.subarray(0, length)]);
			const { pairs, leftover } = decodeNameValues(bytes);
			assert.equal(pairs.length, 8);
			assert.deepEqual(leftover, pair.subarray(0, length), `${length}`);
		}
	});

	test("reads the longest length there is as a number above zero", () => {
		const bytes = Buffer.from("ffffffffffffffff6e", "hex");
		assert.deepEqual(decodeNameValues(bytes).leftover, bytes);
	});

	test("is encoded back to the same bytes", () => {
		fc.assert(
			fc.property(fc.array(encodedPair), (list) => {
				const bytes = Buffer.concat(list);
				const { pairs, leftover } = decodeNameValues(bytes);
				assert.equal(leftover.length, 0);
				assert.equal(pairs.length, list.length);
				assert.deepEqual(encodeNameValues(pairs), bytes);
			}),
		);
	});

	test("tells the same as the slow decoder of any bytes", () => {
		const anyBytes = fc.oneof(
			fc.uint8Array({ maxLength: 300 }),
			fc.array(fc.nat(9), { maxLength: 60 }).map((list) => Buffer.from(list)),
		);
		fc.assert(
			fc.property(anyBytes, (array) => {
				const bytes = Buffer.from(array);
				const oracle = slowPairs([...bytes]);
				const { pairs, leftover } = decodeNameValues(bytes);
				assert.deepEqual(pairs.map(slowly), oracle.pairs);
				assert.equal(bytes.length - leftover.length, oracle.stoppedAt);
			}),
			{ numRuns: 300 },
		);
	});
});
