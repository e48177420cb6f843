// A stream of name-value pairs cut anywhere, against an oracle, and at its limits.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	MAX_PAIR_LENGTH,
	NameValueDecoder,
} from "../../src/fastcgi/name-value-decoder.js";
import {
	decodeNameValues,
	encodeNameValue,
	type NameValue,
} from "../../src/fastcgi/name-values.js";
import { assertCutBlind, frozen, runCut } from "../support/any-cut.js";
import { cutsOf, encodedPair } from "../support/arbitraries.js";

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

const _slowly = ({ offset, name, value }: NameValue) => ({
	offset,
	name: [...name],
	value: [...value],
});

describe("NameValueDecoder", () => {
	test("does not care where its input is cut", () => {
		assertCutBlind(() => new NameValueDecoder(), FORMS);
		const whole = runCut(new NameValueDecoder(), FORMS, []);
		assert.deepEqual(whole, frozen(decodeNameValues(FORMS).pairs));
	});

	test("tells the same as decodeNameValues at any cuts", () => {
		const input = fc.array(encodedPair, { maxLength: 8 }).chain((list) => {
			const bytes = Buffer.concat(list);
			return fc.tuple(fc.constant(bytes), cutsOf(bytes.length));
		});
		fc.assert(
			fc.property(input, ([bytes, cuts]) => {
				const decoded = runCut(new NameValueDecoder(), bytes, cuts);
				assert.deepEqual(decoded, frozen(decodeNameValues(bytes).pairs));
			}),
		);
	});

	test("gives views of whole pairs and copies of others", () => {
		const bytes = Buffer.concat([
			encodeNameValue("A", "b"),
			encodeNameValue("C", "d"),
		]);
		const decoder = new NameValueDecoder();
		const first = Buffer.from(bytes.subarray(0, 5));
		const [whole] = decoder.push(first);
		first.fill("z");
		const second = Buffer.from(bytes.subarray(5));
		const [joined] = decoder.push(second);
		second.fill("z");
		assert.equal(whole?.name.toString(), "z");
		assert.equal(`${joined?.name}${joined?.value}`, "Cd");
	});

	test("tells what is known of a pair under way", () => {
		const bytes = encodeNameValue("NAME", "value", { nameLengthBytes: 4 });
		const known = Array.from({ length: bytes.length + 1 }, (_, length) => {
			const decoder = new NameValueDecoder({ offset: 10 });
			decoder.push(FORMS.subarray(0, 15));
			decoder.push(bytes.subarray(0, length));
			decoder.end();
			assert.equal(decoder.pendingBytes, length % bytes.length);
			return decoder.pending;
		});
		const at = (nameLength?: number, valueLength?: number) => ({
			offset: 25,
			nameLength,
			valueLength,
		});
		assert.deepEqual(known, [
			undefined,
			...Array(3).fill(at()),
			at(4),
			...Array(9).fill(at(4, 5)),
			undefined,
		]);
	});

	test("does not allocate what is only announced", () => {
		const before = process.memoryUsage().arrayBuffers;
		const decoders = Array.from({ length: 200 }, () => {
			const decoder = new NameValueDecoder();
			decoder.push(Buffer.from("0180ff00004e", "hex"));
			return decoder;
		});
		const grown = process.memoryUsage().arrayBuffers - before;
		assert.ok(grown < 8_000_000, `${grown} bytes`);
		assert.equal(decoders[199]?.pending?.valueLength, 0xff0000);
	});

	test("stops in front of a pair that is longer than its limit", () => {
		const long = encodeNameValue("LONG", "x".repeat(100));
		const input = Buffer.concat([
			encodeNameValue("A", "b"),
			long,
			encodeNameValue("C", "d"),
		]);
		for (let cut = 0; cut <= input.length; cut++) {
			const decoder = new NameValueDecoder({ maxPairLength: long.length - 1 });
			const pairs = [...decoder.push(input.subarray(0, cut))];
			pairs.push(...decoder.push(input.subarray(cut)));
			assert.equal(pairs.length, 1, `cut at ${cut}`);
			assert.equal(decoder.tooLong, true);
			assert.equal(decoder.pendingBytes, 0);
			assert.deepEqual(decoder.pending, {
				offset: 4,
				nameLength: 4,
				valueLength: 100,
			});
		}
		assertCutBlind(
			() => new NameValueDecoder({ maxPairLength: long.length }),
			input,
		);
		const within = new NameValueDecoder({ maxPairLength: long.length });
		assert.equal(within.push(input).length, 3);
		assert.equal(within.tooLong, false);
	});

	test("says at once that an absurd length is too long", () => {
		const decoder = new NameValueDecoder();
		decoder.push(Buffer.from("01ffffffff", "hex"));
		assert.equal(decoder.tooLong, true);
		assert.equal(decoder.pending?.valueLength, 0x7fffffff);
	});

	test("joins a huge pair from tiny pieces in linear time", () => {
		const value = Buffer.alloc(MAX_PAIR_LENGTH - 6, "x");
		const bytes = encodeNameValue("N", value);
		assert.equal(bytes.length, MAX_PAIR_LENGTH);
		const decoder = new NameValueDecoder();
		const started = process.hrtime.bigint();
		let pairs = 0;
		for (let at = 0; at < bytes.length; at += 100) {
			pairs += decoder.push(bytes.subarray(at, at + 100)).length;
		}
		const ms = Number(process.hrtime.bigint() - started) / 1e6;
		assert.equal(pairs, 1);
		// Copying all that is held at each piece would move 1.4 TB.
		assert.ok(ms < 5000, `${ms} ms`);
	});
});

test("around a hole of any place and length, no pair is invented, and those behind it are told where they can be", () => {
	const pairs = [
		["SCRIPT_NAME", "/index.php"],
		["EMPTY", ""],
		["LONG", "x".repeat(130)],
		["A", "b"],
		["REQUEST_URI", "/index.php?a=b"],
	] as const;
	const bytes = Buffer.concat(
		pairs.map(([name, value]) => encodeNameValue(name, value)),
	);
	const all = pairs.map(([name, value]) => `${name}=${value}`);
	let resumed = 0;
	for (let from = 0; from < bytes.length; from++) {
		for (const length of [1, 2, 5, 20, 140]) {
			if (from + length > bytes.length) continue;
			const decoder = new NameValueDecoder();
			const told = [...decoder.push(bytes.subarray(0, from))];
			const goesOn = decoder.skip(length);
			if (goesOn) told.push(...decoder.push(bytes.subarray(from + length)));
			const names = told.map(
				({ nameText, valueText }) => `${nameText.text}=${valueText.text}`,
			);
			const where = `${length} bytes at ${from}`;
			for (const name of names) assert.ok(all.includes(name), where);
			if (!goesOn) continue;
			resumed++;
			assert.equal(names.length, all.length - 1, where);
			assert.equal(
				names.at(-1) === all.at(-1),
				from + length <= bytes.length - 27,
				where,
			);
		}
	}
	assert.ok(resumed > 100, `${resumed}`);
});
