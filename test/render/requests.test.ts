import assert from "node:assert/strict";
import { test } from "node:test";
import type { FcgiEvent } from "../../src/inspect/event.js";
import type { FcgiRequest } from "../../src/inspect/request.js";
import { textWidth } from "../../src/render/width.js";
import {
	endedRequest,
	newFinding,
	render,
	renderEvents,
} from "../support/events.js";
import { CONVERSATIONS } from "./conversations.js";

const ended = (overrides: Partial<FcgiRequest>): FcgiEvent => {
	const request = endedRequest(overrides);
	const { connection } = request;
	return {
		kind: "requestEnded",
		connection,
		timestamp: undefined,
		request,
		findings: [],
	};
};

test("the head is printed once, with the first request", () => {
	const events = [ended({ number: 1 }), ended({ number: 2 })];
	const lines = renderEvents("requests", events).trimEnd().split("\n");
	assert.equal(lines.length, 3);
	assert.match(lines[0] ?? "", /^ *# +time +conn +id .* method +URI +script$/);
});

test("no row is wider than the terminal, from eighty columns on", () => {
	for (const columns of [80, 99, 100, 139, 140, 200]) {
		for (const [name, chunks] of Object.entries(CONVERSATIONS)) {
			for (const line of render("requests", chunks, { columns }).split("\n")) {
				assert.ok(textWidth(line) <= columns, `${name}, ${columns}: ${line}`);
			}
		}
	}
});

test("the worst finding is shown, with its severity's letter", () => {
	const text = renderEvents("requests", [
		ended({
			findings: [
				newFinding({ code: "a-note", severity: "note" }),
				newFinding({ code: "an-error", severity: "error" }),
				newFinding({ code: "a-warning", severity: "warning" }),
			],
		}),
	]);
	assert.match(text, / E an-error +- +-/);
});

test("a state other than complete is shown beside a finding", () => {
	const finding = newFinding({ severity: "warning" });
	const text = renderEvents("requests", [
		ended({ state: "incomplete", findings: [finding] }),
		ended({ state: "rejected", protocolStatus: 2 }),
	]);
	assert.match(text, / W a-code, incomplete +-/);
	assert.match(text, / OVERLOADED +-/);
});
