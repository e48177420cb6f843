// Texts of records into scripts: which form they have, which connection a record is on, and where an answer is waited for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FcgiInspectError } from "../../../src/errors.js";
import { readRecords } from "../../../src/send/index.js";
import { stepsOf } from "../../support/sent.js";
import { textBytes } from "../../support/sent-back.js";

/** The steps of each connection: writes by the type and the id of their record. */
async function told(text: string): Promise<Record<number, string>> {
	const all: Record<number, string> = {};
	for (const { number, script } of readRecords(textBytes(text)).connections) {
		const steps = await stepsOf(script);
		all[number] = steps
			.map((step) => {
				if (step.kind === "write") return `${step.bytes[1]}/${step.bytes[3]}`;
				return step.kind === "waitFor" ? `wait for ${step.type}` : step.kind;
			})
			.join(", ");
	}
	return all;
}

function refusal(text: string | Buffer): string {
	try {
		readRecords(textBytes(text));
	} catch (error) {
		if (!(error instanceof FcgiInspectError)) throw error;
		assert.equal(error.code, "notation");
		return error.message;
	}
	return "none";
}

const record = (type: number, requestId = 1, more = "") =>
	`{"type":${type},"requestId":${requestId}${more}}`;
const answered = (type: number, requestId = 1, more = "") =>
	record(type, requestId, `,"from":"application"${more}`);

test("objects may stand on lines, on many lines, behind one another, or in an array", async () => {
	const [a, b] = [record(4), record(5)];
	const pretty = (text: string) => JSON.stringify(JSON.parse(text), null, 2);
	for (const text of [
		`${a}\n${b}\n`,
		`${a}\r\n${b}`,
		`\uFEFF \n${a}${b}`,
		`${pretty(a)}\n${pretty(b)}\n`,
		`[${a},${b}]`,
		`[\n${a},\n${b}\n]\n`,
		`${" \n".repeat(5000)}${a}\n${b}`,
		`{"kind":"finding"}\n${a}\n${b}\n{"kind":"summary"}\n`,
		"{4, 1}\n{FCGI_STDIN, 1}\n",
		"\uFEFF# c\r\n{4, 1}\r\n{FCGI_STDIN, 1}\r\n",
	]) {
		assert.deepEqual(await told(text), { 0: "4/1, 5/1" }, text.slice(0, 40));
	}
});

test("a record without a connection is on the one before", async () => {
	const on = (connection: number) => `,"connection":${connection}`;
	const json = [
		record(4, 1, on(7)),
		record(5, 1),
		record(4, 2, on(3)),
		answered(3, 2),
		record(5, 2),
	].join("\n");
	const notation = `@from webServer 7
{4, 1}
{5, 1}
@from webServer 3
{4, 2}
@from application
{3, 2}
@from webServer
{5, 2}`;
	for (const text of [json, notation]) {
		assert.deepEqual(await told(text), { 3: "4/2, 5/2", 7: "4/1, 5/1" });
	}
});

test("a request that began behind the end of another waits for it, and nothing else does", async () => {
	const cases = [
		// One after the other.
		[">1/1 >5/1 <3/1 >1/1 >5/1 <3/1", "1/1, 5/1, wait for 3, 1/1, 5/1"],
		// An early answer: what is left of the input goes first.
		[">1/1 <3/1 >5/1 >1/1", "1/1, 5/1, wait for 3, 1/1"],
		// Interleaved: one of two has ended.
		[">1/1 >1/3 <3/3 >1/5 <3/1", "1/1, 1/3, wait for 3, 1/5"],
		[">1/1 >1/3 <3/3 <3/1 >1/5", "1/1, 1/3, wait for 3, wait for 3, 1/5"],
		// The end of a request whose beginning nobody saw.
		["<3/1 >1/1 <3/9 >1/2", "1/1, 1/2"],
		// An end said twice.
		[">1/1 <3/1 <3/1 >1/1", "1/1, wait for 3, 1/1"],
		// Answers that are none.
		[">9/0 <10/0 >1/1", "9/0, 1/1"],
	] as const;
	for (const [said, steps] of cases) {
		const records = said.split(" ").map((one) => {
			const [, who, type, id] = /^([<>])(\d+)\/(\d+)$/.exec(one) ?? [];
			return { who, type: Number(type), id: Number(id) };
		});
		const json = records
			.map(({ who, type, id }) =>
				who === ">" ? record(type, id) : answered(type, id),
			)
			.join("\n");
		const notation = records
			.map(
				({ who, type, id }) =>
					`@from ${who === ">" ? "webServer" : "application"}\n{${type}, ${id}}`,
			)
			.join("\n");
		assert.deepEqual(await told(json), { 0: steps }, said);
		assert.deepEqual(await told(notation), { 0: steps }, said);
	}
});

test("who waits for the end himself waits once", async () => {
	const text =
		"{1, 1}\n@from application\n{3, 1}\n@wait-for FCGI_END_REQUEST\n@from webServer\n{1, 1}";
	assert.deepEqual(await told(text), { 0: "1/1, wait for 3, 1/1" });
});

test("directives are of the connection under way, whoever spoke", async () => {
	const text = `@from webServer 1
@split 7
{5, 1}
@from application 1
{6, 1}
@raw 00
@wait 5ms
@half-close
@from webServer 2
{5, 2}
@reset`;
	assert.deepEqual(await told(text), {
		1: "5/1, wait, undefined/undefined, wait, wait, halfClose",
		2: "5/2, reset",
	});
});

test("a mistake is told with the name of the text, and its line", () => {
	const cases = [
		["", "odd.txt: no record of a web server in it"],
		[" \n# nothing\n", "odd.txt: no record of a web server in it"],
		["[]", "odd.txt: no record of a web server in it"],
		[answered(3), "odd.txt: no record of a web server in it"],
		['{"kind":"summary"}', "odd.txt: no record of a web server in it"],
		["{4, 1", "odd.txt: line 1, column 6: expected a comma"],
		[
			"@from nobody",
			"odd.txt: line 1, column 7: expected webServer or application",
		],
		[
			"@from webServer x",
			"odd.txt: line 1, column 17: expected the number of a connection",
		],
		["@from webServer -1", "odd.txt: line 1, column 17: expected the number"],
		[
			`${record(4)}\n\n${record(5).slice(0, -1)}`,
			"odd.txt:3: requestId: expected , or }",
		],
		[`${record(4)}\n${record(5, 70_000)}`, "odd.txt:2: requestId: a whole"],
		[
			`${record(4)},\n${record(5)}`,
			'odd.txt:1: expected a record as an object in braces, found ","',
		],
		[`[${record(4)}\n${record(5)}]`, 'odd.txt:2: expected , or ], found "{"'],
		[
			`[${record(4)},\n`,
			"odd.txt:2: expected a record as an object in braces, found the end",
		],
		[`[${record(4)}\n`, "odd.txt:2: the array is not closed with ]"],
		[`[${record(4)}] x`, 'odd.txt:1: expected the end behind ], found "x"'],
		[`[7]`, 'odd.txt:1: expected a record as an object in braces, found "7"'],
		["{}", "odd.txt:1: type: is missing"],
		[
			Buffer.from("fffe7b00", "hex"),
			"odd.txt:1: neither the notation nor JSON",
		],
		[
			Buffer.from('{"type":5,\n"x":"\xe9"}', "latin1"),
			"odd.txt:1: these bytes are not UTF-8",
		],
	] as const;
	for (const [text, said] of cases) {
		const found = refusal(text);
		assert.ok(found.startsWith(said), `${text}: ${found}`);
	}
});

test("brackets without end and objects without end are refused soon", () => {
	const deep = `{"type":5,"requestId":1,"findings":${"[".repeat(20_000_000)}`;
	assert.match(refusal(deep), /no more than 64 brackets/);
	const long = `{"type":5,"requestId":1,"content":{"text":"${"a".repeat(20_000_000)}`;
	assert.match(
		refusal(long),
		/odd\.txt:1: an object of more than 16777216 bytes/,
	);
});

test("objects longer and shorter than the blocks that are read are read whole", async () => {
	const content = (length: number) =>
		record(5, 1, `,"content":{"text":"${"\\u0000".repeat(length)}"}`);
	const lengths = [0, 1, 1300, 1365, 1366, 10_000, 65_535, 3, 65_535, 0];
	const text = lengths.map(content).join("\n");
	const [one] = readRecords(textBytes(text)).connections;
	const steps = await stepsOf(one?.script ?? []);
	assert.deepEqual(
		steps.map((step) => (step.kind === "write" ? step.bytes.length - 8 : -1)),
		lengths,
	);
});

test("a text that becomes shorter while it is sent is refused then", async () => {
	const whole = Buffer.from(`${record(4)}\n${record(5)}\n`);
	let there = whole;
	const { connections } = readRecords({
		name: "odd.txt",
		length: whole.length,
		slice: (from, to) => there.subarray(from, to),
	});
	there = whole.subarray(0, 40);
	await assert.rejects(
		async () => stepsOf(connections[0]?.script ?? []),
		/odd\.txt:2: .*cut off/,
	);
});
