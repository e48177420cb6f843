import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { OUTPUT_FORMATS } from "../../src/render/index.js";
import { options, recordEvent, renderEvents } from "../support/events.js";

test("the formats have their public names, the default one first", () => {
	assert.deepEqual(
		OUTPUT_FORMATS.map(({ name }) => name),
		[
			"flow",
			"requests",
			"findings",
			"table",
			"tree",
			"hex",
			"notation",
			"json",
			"ndjson",
		],
	);
});

test("each format says in a line what it is", () => {
	for (const { name, summary } of OUTPUT_FORMATS) {
		assert.match(summary, /^\S.{10,70}$/, name);
	}
});

test("each format has its file", () => {
	const files = readdirSync(new URL("../../src/render/", import.meta.url));
	for (const { name } of OUTPUT_FORMATS) {
		const file = name === "ndjson" ? "json.js" : `${name}.js`;
		assert.ok(files.includes(file), file);
	}
});

test("nothing at all is printed of nothing, but for the machine formats", () => {
	for (const { name, create } of OUTPUT_FORMATS) {
		const text = create(options()).end().join("");
		const wanted =
			name === "json" ? "[]\n" : name === "ndjson" ? /^\{.*\}\n$/ : "";
		if (typeof wanted === "string") assert.equal(text, wanted, name);
		else assert.match(text, wanted, name);
	}
});

test("every output ends a line, so that pieces can be written as they come", () => {
	for (const { name } of OUTPUT_FORMATS) {
		const text = renderEvents(name, [recordEvent({ type: 9, requestId: 0 })]);
		if (text !== "") assert.ok(text.endsWith("\n"), name);
	}
});
