// Headers found, and misleading bytes passed, in bytes whose framing is lost.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	findHeader,
	looksLikeHeader,
	recordEnd,
	SEARCH_WINDOW,
} from "../../src/fastcgi/header-search.js";

const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex");

const STDOUT = hex("01 06 0001 0003 05 00  616263 0000000000");
const END = hex("01 03 0001 0008 00 00  00000000 00 000000");
const STDIN = hex("01 05 0001 0000 00 00");

describe("looksLikeHeader", () => {
	test("believes what a well-behaved peer sends", () => {
		const cases = [
			["01 01 0001 0008 00 00", "webServer"],
			["01 02 0001 0000 00 00", "webServer"],
			["01 03 ffff 0008 ff 00", "application"],
			["01 05 0001 ffff ff 00", "webServer"],
			["01 06 0001 0000 00 00", "application"],
			["01 09 0000 0010 00 00", "webServer"],
			["01 0b 0000 0008 00 00", "application"],
		] as const;
		for (const [digits, from] of cases) {
			const other = from === "webServer" ? "application" : "webServer";
			assert.equal(looksLikeHeader(hex(digits), 0, from), true, digits);
			assert.equal(looksLikeHeader(hex(digits), 0, undefined), true, digits);
			assert.equal(looksLikeHeader(hex(digits), 0, other), false, digits);
		}
	});

	test("doubts every field that the specification rules out", () => {
		const cases = [
			["version 0", "00 06 0001 0003 00 00"],
			["version 2", "02 06 0001 0003 00 00"],
			["type 0", "01 00 0001 0003 00 00"],
			["type 12", "01 0c 0001 0003 00 00"],
			["request without an id", "01 06 0000 0003 00 00"],
			["management with an id", "01 09 0001 0003 00 00"],
			["BEGIN_REQUEST of 7 bytes", "01 01 0001 0007 00 00"],
			["ABORT_REQUEST of 1 byte", "01 02 0001 0001 00 00"],
			["END_REQUEST of 0 bytes", "01 03 0001 0000 00 00"],
			["reserved 1", "01 06 0001 0003 00 01"],
			["7 bytes", "01 06 0001 0003 00"],
		] as const;
		for (const [name, digits] of cases) {
			assert.equal(looksLikeHeader(hex(digits), 0, undefined), false, name);
		}
	});

	test("asks for another version where it is told to", () => {
		const bytes = hex("02 06 0001 0003 00 00");
		assert.equal(looksLikeHeader(bytes, 0, "application", 2), true);
		assert.equal(looksLikeHeader(STDOUT, 0, "application", 2), false);
	});
});

describe("findHeader", () => {
	test("is sure of a record that another header follows", () => {
		const bytes = Buffer.concat([Buffer.from("garbage"), STDOUT, END]);
		const found = findHeader(bytes, 0, "application", false);
		assert.deepEqual(found, { offset: 7, sure: true, needs: 7 + 16 + 8 });
	});

	test("passes bytes that only look like a header", () => {
		const misleading = hex("01 06 0001 0004 00 00  01010101 01010101");
		const bytes = Buffer.concat([misleading, STDOUT, END]);
		assert.equal(looksLikeHeader(bytes, 0, "application"), true);
		const found = findHeader(bytes, 0, "application", false);
		assert.deepEqual([found.offset, found.sure], [misleading.length, true]);
	});

	test("does not look in front of where it is to start", () => {
		const bytes = Buffer.concat([STDOUT, STDOUT, END]);
		const found = findHeader(bytes, 1, "application", false);
		assert.deepEqual([found.offset, found.sure], [16, true]);
	});

	test("wants both headers from one sender, also where it is not told which", () => {
		const mixed = Buffer.concat([STDOUT, STDIN, STDIN]);
		const found = findHeader(mixed, 0, undefined, true);
		assert.deepEqual([found.offset, found.sure], [16, true]);
	});

	test("passes records of the other end", () => {
		const bytes = Buffer.concat([STDIN, STDOUT, END]);
		assert.equal(findHeader(bytes, 0, "application", true).offset, 8);
		assert.equal(findHeader(bytes, 0, "webServer", true).sure, false);
	});

	test("says where one may start, and how many bytes it needs to tell", () => {
		const bytes = Buffer.concat([Buffer.from("xyz"), STDOUT, END]);
		const steps = Array.from({ length: 28 }, (_, length) => {
			const cut = bytes.subarray(0, length);
			const { offset, sure, needs } = findHeader(cut, 0, "application", false);
			return [offset, sure, needs];
		});
		assert.deepEqual(steps, [
			...[0, 1, 2, 3].map((length) => [length, false, length + 1]),
			...Array(7).fill([3, false, 11]),
			...Array(16).fill([3, false, 27]),
			[3, true, 27],
		]);
	});

	test("at the end of the bytes believes what ends with them", () => {
		const bytes = Buffer.concat([Buffer.from("xyz"), STDOUT]);
		assert.deepEqual(findHeader(bytes, 0, "application", true), {
			offset: 3,
			sure: true,
			needs: 19,
		});
		const doubtful = [
			bytes.subarray(0, 18),
			bytes.subarray(0, 5),
			Buffer.concat([bytes, Buffer.of(1, 6, 0)]),
		];
		for (const cut of doubtful) {
			const found = findHeader(cut, 0, "application", true);
			assert.deepEqual([found.offset, found.sure], [cut.length, false]);
		}
	});

	test("needs no more than its window", () => {
		const bytes = Buffer.alloc(SEARCH_WINDOW - 1);
		hex("01 06 0001 ffff ff 00").copy(bytes);
		const found = findHeader(bytes, 0, "application", false);
		assert.deepEqual(found, { offset: 0, sure: false, needs: SEARCH_WINDOW });
		assert.equal(recordEnd(bytes, 0), 65_798);
	});

	test("never passes a header that more bytes show", () => {
		const piece = fc.oneof(
			fc.constantFrom(STDOUT, END, STDIN, STDOUT.subarray(0, 9)),
			fc.array(fc.constantFrom(0, 1, 3, 6, 8), { maxLength: 12 }),
		);
		const input = fc
			.array(piece, { maxLength: 8 })
			.map((pieces) => Buffer.concat(pieces.map((part) => Buffer.from(part))));
		fc.assert(
			fc.property(input, (bytes) => {
				const last = findHeader(bytes, 0, "application", false);
				for (let length = 0; length < bytes.length; length++) {
					const cut = bytes.subarray(0, length);
					const found = findHeader(cut, 0, "application", false);
					assert.ok(found.offset <= last.offset, `${length} bytes`);
					if (found.sure) assert.deepEqual(found, last);
					else assert.ok(found.needs > length, `${length} bytes`);
				}
			}),
			{ numRuns: 500 },
		);
	});
});
