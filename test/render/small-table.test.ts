import assert from "node:assert/strict";
import { test } from "node:test";
import { smallTable } from "../../src/render/small-table.js";

test("columns are as wide as what is in them", () => {
	assert.equal(
		smallTable(
			[
				{ head: "type", align: "left" },
				{ head: "n", align: "right" },
			],
			[
				["FCGI_STDIN", "1"],
				["FCGI_DATA", "1000"],
			],
		),
		"  type           n\n  FCGI_STDIN     1\n  FCGI_DATA   1000",
	);
});
