import assert from "node:assert/strict";
import { test } from "node:test";
import {
	FindingLines,
	placedFindingLines,
} from "../../src/render/finding-lines.js";
import { palette } from "../../src/render/words.js";
import { newFinding } from "../support/events.js";

const style = { columns: undefined, colors: palette(false) };

test("a code is explained when it is told for the first time", () => {
	const lines = new FindingLines(style);
	const finding = newFinding({
		code: "so",
		message: "3 is not 4",
		diagnosis: "somebody counts wrongly",
		remedies: ["nginx (probably): count", "count again"],
	});
	assert.deepEqual(lines.of([finding]), [
		"* E 3 is not 4 (so, section 3.3)",
		"*     somebody counts wrongly",
		"*     try nginx (probably): count",
		"*     try count again",
	]);
	assert.deepEqual(lines.of([{ ...finding, message: "5 is not 6" }]), [
		"* E 5 is not 6 (so, section 3.3)",
	]);
});

test("details are not told", () => {
	const detail = newFinding({ severity: "note", detail: true, count: 7 });
	const lines = new FindingLines(style);
	assert.deepEqual(lines.of([detail]), []);
	assert.deepEqual(lines.repeated([detail], "in this request"), []);
	assert.deepEqual(placedFindingLines([detail], style), []);
});

test("what was found again is told with its count when all is known", () => {
	const lines = new FindingLines(style);
	const found = newFinding({ code: "so", count: 3, record: 12 });
	assert.deepEqual(lines.repeated([found, newFinding()], "in this request"), [
		"* E found 3 times in this request, at record 12 first (so, section 3.3)",
	]);
});

test("where no heading says it, the request or connection stands in front", () => {
	const message = "it is so";
	assert.deepEqual(
		placedFindingLines(
			[
				newFinding({ message, request: 7 }),
				newFinding({ message, connection: 2, section: "RFC 3875 6.2" }),
				newFinding({ message, connection: 3, section: undefined }),
			],
			style,
		),
		[
			"* E #7: it is so (a-code, section 3.3)",
			"* E connection 2: it is so (a-code, RFC 3875 6.2)",
			"* E connection 3: it is so (a-code)",
		],
	);
});
