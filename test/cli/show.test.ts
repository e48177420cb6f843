// What `show` does where something is wrong with the program itself, while traffic has to go on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type ShowOptions, type Sink, show } from "../../src/cli/show.js";
import { Tally } from "../../src/cli/tally.js";
import type { Check } from "../../src/inspect/check.js";
import type { Chunk, ChunkSource } from "../../src/inspect/chunk.js";
import { OUTPUT_FORMATS } from "../../src/render/index.js";
import { newChunk, newConnection } from "../support/conversation.js";

const REQUEST =
	'{FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, 0}}\n{FCGI_PARAMS, 1, [A="b"]}\n{FCGI_PARAMS, 1, ""}\n{FCGI_STDIN, 1, ""}';
const ANSWER =
	'{FCGI_STDOUT, 1, "Status: 200\\r\\n\\r\\n"}\n{FCGI_END_REQUEST, 1, {0, FCGI_REQUEST_COMPLETE}}';

/** A fault: the check of connection 1 cannot cope with its answer. */
const FAULTY = {
	code: "faulty",
	severity: "note",
	summary: "",
	diagnosis: "",
	remedies: {},
	logs: {},
	example: "",
	on: "responseHead",
	look({ connection }: { connection: { number: number } }) {
		if (connection.number === 1) throw new Error("injected");
		return undefined;
	},
} as unknown as Check;

function source(): ChunkSource {
	const chunks: Chunk[] = [];
	for (let number = 0; number < 3; number++) {
		const connection = newConnection(number);
		chunks.push(newChunk(connection, "webServer", REQUEST));
		chunks.push(newChunk(connection, "application", ANSWER));
		chunks.push(newChunk(connection, "application", "", { closes: "fin" }));
		chunks.push(newChunk(connection, "webServer", "", { closes: "fin" }));
	}
	return {
		live: true,
		report: {
			format: "test",
			truncated: false,
			remarks: [],
			otherConnections: 0,
		},
		async *[Symbol.asyncIterator]() {
			for (const chunk of chunks) yield [chunk];
		},
	};
}

function collected(): {
	text: string[];
	output: NonNullable<ShowOptions["output"]>;
} {
	const text: string[] = [];
	return {
		text,
		output: {
			full: false,
			add: (more) => text.push(more),
			flush: async () => {},
			end: async () => {},
		},
	};
}

function options(more: Partial<ShowOptions>): ShowOptions {
	const format = OUTPUT_FORMATS.find(({ name }) => name === "requests");
	return {
		format: format as NonNullable<typeof format>,
		render: {
			columns: undefined,
			color: false,
			hex: false,
			records: false,
			content: true,
		},
		inspect: { checks: [FAULTY] },
		...more,
	};
}

test("a fault is told, ends the view of its connection, and of no other; the capture has all bytes", async () => {
	const faults: unknown[] = [];
	const { output } = collected();
	const tally = new Tally();
	const written: Chunk[] = [];
	const sink: Sink = {
		push: (chunk) => written.push(chunk),
		end: () => undefined,
		flush: async () => undefined,
		close: async () => undefined,
	};
	await show(
		source(),
		options({
			output,
			tally,
			sink,
			survive: { fault: (fault) => faults.push(fault), sinkLost: assert.fail },
		}),
	);
	assert.equal(faults.length, 1);
	assert.match(String(faults[0]), /injected/);
	assert.equal(written.length, 12);
	assert.equal(tally.requests, 3);
});

test("where nothing has to go on, a fault is thrown", async () => {
	const { output } = collected();
	await assert.rejects(show(source(), options({ output })), /injected/);
});

test("a sink that fails is left alone, and told once", async () => {
	const { output } = collected();
	let flushes = 0;
	let lost = 0;
	const sink: Sink = {
		push: () => assert.ok(flushes < 2, "nothing more after it failed"),
		end: () => undefined,
		flush: async () => {
			if (++flushes === 2) throw new Error("full");
		},
		close: async () => undefined,
	};
	const summary = await show(
		source(),
		options({
			output,
			sink,
			inspect: {},
			survive: { fault: assert.fail, sinkLost: () => lost++ },
		}),
	);
	assert.equal(lost, 1);
	assert.equal(summary.requests, 3);
});

test("enough is enough: what comes after is neither shown nor counted", async () => {
	const { output, text } = collected();
	const tally = new Tally();
	await show(
		source(),
		options({ output, tally, inspect: {}, enough: () => tally.requests === 1 }),
	);
	assert.equal(tally.requests, 1);
	assert.equal(text.join("").match(/ complete /g)?.length, 1);
});
