// What each format makes of the conversations, letter by letter. After a wanted change, `UPDATE_GOLDEN=1` writes the
// files anew; they are read in review like code.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import type { RenderOptions } from "../../src/render/index.js";
import { render } from "../support/events.js";
import { CONVERSATIONS } from "./conversations.js";

// Times of day are local ones.
process.env.TZ = "UTC";

const GOLDEN = new URL("../../../test/render/golden/", import.meta.url);

const CASES: readonly (readonly [
	file: string,
	format: string,
	options: Partial<RenderOptions>,
])[] = [
	["flow-pipe", "flow", {}],
	["flow-80", "flow", { columns: 80 }],
	["flow-200", "flow", { columns: 200 }],
	["flow-80-color", "flow", { columns: 80, color: true }],
	["findings-80", "findings", { columns: 80 }],
	["requests-pipe", "requests", {}],
	["requests-80", "requests", { columns: 80 }],
	["requests-200", "requests", { columns: 200 }],
	["table-pipe", "table", {}],
	["table-80", "table", { columns: 80 }],
	["table-200", "table", { columns: 200 }],
	["table-80-hex", "table", { columns: 80, hex: true }],
	["tree-pipe", "tree", {}],
	["tree-80", "tree", { columns: 80 }],
	["hex", "hex", {}],
	["hex-no-content", "hex", { content: false }],
	["notation", "notation", {}],
	["json", "json", {}],
	["ndjson-records", "ndjson", { records: true }],
];

for (const [file, format, options] of CASES) {
	test(`${file} looks as it should`, () => {
		const text = Object.entries(CONVERSATIONS)
			.map(([name, chunks]) => {
				const shown = render(format, chunks, options);
				return `=== ${name}\n${shown}`;
			})
			.join("\n");
		const url = new URL(`${file}.txt`, GOLDEN);
		if (process.env.UPDATE_GOLDEN !== undefined) {
			mkdirSync(GOLDEN, { recursive: true });
			writeFileSync(url, text);
		}
		assert.equal(text, readFileSync(url, "utf8"), file);
	});
}
