import assert from "node:assert/strict";
import { test } from "node:test";
import {
	findAnyHeader,
	looksLikeAnyHeader,
	neededToBelieve,
} from "../../../src/capture/dump/mixed-header-search.js";
import { record } from "../network/crafted.js";

const RUBBISH = Buffer.from("\x01\x01rubbish\x01", "latin1");
const STDIN = record(5, Buffer.from("abc"));
const STDOUT = record(6, Buffer.from("de"));

test("a header may be followed by one of the other end", () => {
	const bytes = Buffer.concat([RUBBISH, STDIN, STDOUT]);
	assert.deepEqual(findAnyHeader(bytes, 0, false), {
		offset: RUBBISH.length,
		sure: true,
		needs: RUBBISH.length + STDIN.length + 8,
	});
	assert.equal(looksLikeAnyHeader(bytes, RUBBISH.length), true);
	assert.equal(looksLikeAnyHeader(bytes, 0), false);
});

test("the last record is believed where it ends with the bytes, and they have ended", () => {
	const bytes = Buffer.concat([RUBBISH, STDOUT]);
	const open = findAnyHeader(bytes, 0, false);
	assert.deepEqual([open.offset, open.sure], [RUBBISH.length, false]);
	assert.equal(open.needs, bytes.length + 8);
	assert.equal(findAnyHeader(bytes, 0, true).sure, true);
	const cut = bytes.subarray(0, -1);
	assert.deepEqual(findAnyHeader(cut, 0, true), {
		offset: cut.length,
		sure: false,
		needs: cut.length + 1,
	});
});

test("the start of what may be a header is waited for", () => {
	const found = findAnyHeader(Buffer.from("ab\x01\x06", "latin1"), 0, false);
	assert.deepEqual(found, { offset: 2, sure: false, needs: 10 });
	assert.equal(findAnyHeader(Buffer.from("abc"), 0, false).offset, 3);
});

test("a header with another version is believed if another one follows its record", () => {
	const other = Buffer.from(STDIN);
	other[0] = 3;
	assert.equal(neededToBelieve(STDIN, 0, false), 0);
	assert.equal(neededToBelieve(other, 0, false), other.length + 8);
	assert.equal(neededToBelieve(other, 0, true), 0);
	const followed = Buffer.concat([other, STDOUT]);
	assert.equal(neededToBelieve(followed, 0, false), 0);
	const lost = Buffer.concat([other, Buffer.from("no header")]);
	assert.equal(neededToBelieve(lost, 0, false), -1);
	assert.equal(neededToBelieve(Buffer.from("HTTP/1.1"), 0, true), -1);
});
