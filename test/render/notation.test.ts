import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNotation } from "../../src/fastcgi/notation-parser.js";
import { chunk, connection, get, record, render } from "../support/events.js";
import { CONVERSATIONS } from "./conversations.js";

test("a comment says who speaks, whenever that changes", () => {
	const a = connection(0);
	const b = connection(1);
	const text = render("notation", [
		chunk(a, "webServer", get(1, "/")),
		chunk(a, "application", record("stdout", 1, "x")),
		chunk(a, "application", record("stdout", 1, "y")),
		chunk(b, "webServer", record("abort", 1)),
	]);
	assert.deepEqual(text.match(/^#.*/gm), [
		"# 127.0.0.1:40000 > 127.0.0.1:9000",
		"# 127.0.0.1:40000 < 127.0.0.1:9000",
		"# 127.0.0.1:40001 > 127.0.0.1:9000",
	]);
});

test("what is printed can be read back, dumps and remarks included", () => {
	for (const [name, chunks] of Object.entries(CONVERSATIONS)) {
		for (const hex of [false, true]) {
			const text = render("notation", chunks, { hex });
			const records = text.match(/^\{/gm)?.length;
			assert.equal(parseNotation(text).length, records, name);
		}
	}
});
