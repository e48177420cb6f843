import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNotation } from "../../src/fastcgi/notation-parser.js";
import { chunk, connection, get, record, render } from "../support/events.js";
import { CONVERSATIONS } from "./conversations.js";

test("a comment and a directive say who speaks, whenever that changes", () => {
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
	assert.deepEqual(text.match(/^@.*/gm), [
		"@from webServer 0",
		"@from application 0",
		"@from webServer 1",
	]);
});

test("what is no record stands there byte by byte, in pieces", () => {
	const text = render("notation", [
		chunk(connection(), "webServer", Buffer.from("GET / HTTP/1.1")),
		chunk(connection(), "application", Buffer.alloc(5000, 0xff)),
	]);
	assert.match(text, /^@raw 47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31$/m);
	const raw = parseNotation(text).flatMap((item) =>
		item.kind === "raw" ? [item.bytes.length] : [],
	);
	assert.deepEqual(raw.toSorted(), [14, 4096, 904]);
});

test("what is printed can be read back, dumps and remarks included", () => {
	for (const [name, chunks] of Object.entries(CONVERSATIONS)) {
		for (const hex of [false, true]) {
			const text = render("notation", chunks, { hex });
			const items = text.match(/^[{@]/gm)?.length;
			assert.equal(parseNotation(text).length, items, name);
		}
	}
});
