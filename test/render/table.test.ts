import assert from "node:assert/strict";
import { test } from "node:test";
import { textWidth } from "../../src/render/width.js";
import { answer, chunk, connection, get, render } from "../support/events.js";
import { CONVERSATIONS } from "./conversations.js";

const where = connection();

test("times count from the first record", () => {
	const text = render("table", [
		chunk(where, "webServer", get(1, "/"), 5000),
		chunk(where, "application", answer(1, "\r\n"), 5001.5),
	]);
	const times = text
		.trimEnd()
		.split("\n")
		.slice(1)
		.map((line) => line.slice(5, 16).trim());
	assert.deepEqual(times, [
		"0.000000",
		"0.000000",
		"0.000000",
		"0.000000",
		"0.001500",
		"0.001500",
	]);
});

test("the head is printed once", () => {
	const text = render("table", [
		chunk(where, "webServer", get(1, "/")),
		chunk(where, "webServer", get(2, "/")),
	]);
	assert.equal(text.match(/Conn\/Req/g)?.length, 1);
});

test("no row is wider than the terminal", () => {
	for (const columns of [80, 200]) {
		for (const [name, chunks] of Object.entries(CONVERSATIONS)) {
			for (const line of render("table", chunks, { columns }).split("\n")) {
				assert.ok(textWidth(line) <= columns, `${name}: ${line}`);
			}
		}
	}
});

test("content is left out where it is not wanted", () => {
	const chunks = [
		chunk(where, "webServer", get(1, "/")),
		chunk(where, "application", answer(1, "X-Secret: yes\r\n\r\n")),
	];
	assert.match(render("table", chunks), /X-Secret/);
	assert.doesNotMatch(render("table", chunks, { content: false }), /X-Secret/);
});
