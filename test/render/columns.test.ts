import assert from "node:assert/strict";
import { test } from "node:test";
import { Columns } from "../../src/render/columns.js";

const COLUMNS = [
	{ head: "n", width: 3, align: "right" },
	{ head: "name", width: 8, align: "left" },
	{ head: "state", width: 6, align: "left" },
] as const;

const row = (...texts: readonly string[]) => texts.map((text) => ({ text }));

test("cells stand in their columns", () => {
	const table = new Columns(COLUMNS, true);
	assert.equal(table.head(), "  n  name      state");
	assert.equal(table.row(row("1", "abc", "ok")), "  1  abc       ok");
});

test("what is too wide is clipped by columns, not characters", () => {
	const table = new Columns(COLUMNS, true);
	assert.equal(table.row(row("1", "abcdefghijk", "ok")), "  1  abcdefg…  ok");
	assert.equal(table.row(row("1", "日本語日本語", "ok")), "  1  日本語…   ok");
});

test("without a terminal nothing is clipped, and the row gets wider", () => {
	const table = new Columns(COLUMNS, false);
	assert.equal(
		table.row(row("1", "abcdefghijk", "ok")),
		"  1  abcdefghijk  ok",
	);
});

test("colour is put around a cell after it was fitted", () => {
	const table = new Columns(COLUMNS, true);
	const paint = (text: string) => `\x1b[31m${text}\x1b[39m`;
	assert.equal(
		table.row([{ text: "1" }, { text: "abcdefghijk", paint }, { text: "ok" }]),
		"  1  \x1b[31mabcdefg…\x1b[39m  ok",
	);
});
