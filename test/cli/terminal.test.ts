import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsOf, wantsColor } from "../../src/cli/terminal.js";

const CASES: readonly [
	Parameters<typeof wantsColor>[0],
	boolean,
	NodeJS.ProcessEnv,
	boolean,
][] = [
	["auto", true, {}, true],
	["auto", false, {}, false],
	["auto", true, { NO_COLOR: "1" }, false],
	["auto", true, { NO_COLOR: "" }, true],
	["auto", true, { TERM: "dumb" }, false],
	["auto", false, { FORCE_COLOR: "1", TERM: "dumb" }, true],
	["auto", false, { FORCE_COLOR: "" }, true],
	["auto", true, { FORCE_COLOR: "0" }, false],
	["auto", true, { FORCE_COLOR: "false" }, false],
	["auto", true, { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
	["always", false, { NO_COLOR: "1" }, true],
	["never", true, { FORCE_COLOR: "1" }, false],
];
for (const [choice, isTTY, env, expected] of CASES) {
	test(`--color ${choice}, ${isTTY ? "terminal" : "pipe"}, ${JSON.stringify(env)}: ${expected}`, () => {
		assert.equal(wantsColor(choice, { isTTY }, env), expected);
	});
}

test("only a terminal has a width", () => {
	assert.equal(columnsOf({ isTTY: true, columns: 80 }), 80);
	assert.equal(columnsOf({ isTTY: false, columns: 80 }), undefined);
});
