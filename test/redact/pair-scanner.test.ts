// PARAMS whose lengths are not true: what cannot be told from a secret is covered, and no pairs are read in what is covered.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CHECKS } from "../../src/expert/index.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import type { FcgiEvent } from "../../src/inspect/event.js";
import { Inspector } from "../../src/inspect/inspector.js";
import { createRedactor } from "../../src/redact/index.js";
import { begunOnly, pairsOf, push, pushCut } from "./redacted.js";

const SECRET = "QZXJVKWYqzxjvkwy";

/** A pair whose lengths are as given. */
function lying(name: number[], value: number[], text: string): Buffer {
	return Buffer.concat([Buffer.of(...name, ...value), Buffer.from(text)]);
}

const AFTER = pairsOf([
	["HTTP_HOST", "shop.test"],
	["REQUEST_METHOD", "GET"],
]);

const LIES: readonly [string, Buffer][] = [
	...[128, 130, 200, 255].map((length): [string, Buffer] => [
		`a value of ${length} bytes whose length is one byte`,
		lying([11], [length], `HTTP_COOKIEa=${SECRET.padEnd(length - 2, "x")}`),
	]),
	["a name of 4", lying([4], [20], `HTTP_COOKIEa=${SECRET}`)],
	["a name of 7", lying([7], [22], `HTTP_COOKIEa=${SECRET}`)],
	["a name too long by 1", lying([12], [17], `HTTP_COOKIEa=${SECRET}`)],
	["a name too long by 2", lying([13], [16], `HTTP_COOKIEa=${SECRET}`)],
	["a name too long by 6", lying([17], [14], `HTTP_COOKIEa=${SECRET}`)],
	["a value of 4", lying([11], [4], `HTTP_COOKIEa=bc${SECRET}${SECRET}`)],
	[
		"a value of 5, in front of small letters",
		lying([11], [5], `HTTP_COOKIEa=bcq${SECRET.toLowerCase()}${SECRET}`),
	],
];
for (const [what, pair] of LIES) {
	test(`a secret behind ${what} is covered, however it is cut`, () => {
		const content = Buffer.concat([pair, AFTER]);
		const redacted = push(begunOnly(), "params", content);
		for (let at = 0; at + 4 <= SECRET.length; at++) {
			const part = SECRET.slice(at, at + 4);
			assert.ok(!redacted.includes(part), redacted);
			assert.ok(!redacted.includes(part.toLowerCase()), redacted);
		}
		for (let at = 1; at < content.length; at++) {
			assert.equal(pushCut(begunOnly(), "params", content, [at]), redacted);
		}
	});
}

test("long names, and names that others begin with, are read as ever", () => {
	const pairs = pairsOf([
		["HTTP_SEC_CH_UA_FULL_VERSION_LIST", "x".repeat(100)],
		["HTTP_ACCESS_CONTROL_REQUEST_METHOD", "y".repeat(40)],
		["REDIRECT_HTTP_X_SOMETHING_THAT_IS_LONG", "z".repeat(126)],
		["A_NAME_OF_THE_ENVIRONMENT_THAT_IS_LONG", "short"],
		["HTTP", "on"],
		["HTTP_", "_COOKIE"],
		["HTTPS", "=on"],
		["LONG", "x".repeat(100_000)],
	]);
	const text = pairs.toString("latin1");
	assert.equal(
		push(begunOnly(), "params", pairs.subarray(0, 60_000)).length,
		60_000,
	);
	assert.equal(pushCut(begunOnly(), "params", pairs, [50_000, 100_000]), text);
});

const BEGIN = encodeRecord({
	type: 1,
	requestId: 1,
	contentData: Buffer.of(0, 1, 0, 0, 0, 0, 0, 0),
});

const BODY = Buffer.concat(
	["a=b", ""].map((text) =>
		encodeRecord({ type: 5, requestId: 1, contentData: Buffer.from(text) }),
	),
);

const ANSWER = encodeRecord({
	type: 6,
	requestId: 1,
	contentData: Buffer.from("Status: 200 OK\r\nContent-Type: a/b\r\n\r\n"),
});

/** What is made of PARAMS, redacted, cut into records at `cuts`. */
function inspected(
	content: Buffer,
	cuts: readonly number[] = [],
	names: readonly string[] = [],
) {
	const inspector = new Inspector({
		checks: CHECKS,
		createRedactor: () => createRedactor(names),
	});
	let from = 0;
	const records = [...cuts, content.length].map((to) => {
		const contentData = content.subarray(from, to);
		from = to;
		return encodeRecord({ type: 4, requestId: 1, contentData });
	});
	const end = encodeRecord({ type: 4, requestId: 1 });
	const connection = {
		number: 0,
		webServer: "10.0.0.1:1",
		application: "10.0.0.2:9000",
		startSeen: true,
	};
	const events: FcgiEvent[] = [
		...inspector.push({
			connection,
			from: "webServer",
			bytes: Buffer.concat([BEGIN, ...records, end, BODY]),
			timestamp: undefined,
			frame: undefined,
			missingBefore: 0,
			closes: undefined,
		}),
		...inspector.push({
			connection,
			from: "application",
			bytes: ANSWER,
			timestamp: undefined,
			frame: undefined,
			missingBefore: 0,
			closes: undefined,
		}),
		...inspector.end(),
	];
	const ended = events.find((event) => event.kind === "paramsEnded");
	assert.ok(ended?.kind === "paramsEnded");
	const findings = events.flatMap((event) => event.findings);
	return { request: ended.request, findings };
}

test("of PARAMS that are covered from some place on, the pairs in front are told, and nothing is said of stars", () => {
	for (const odd of ["A\x01B", "n".repeat(2000), "A=B"]) {
		const content = Buffer.concat([
			pairsOf([["FIRST", "1"]]),
			pairsOf([[odd, "v"]]),
			AFTER,
		]);
		for (const cuts of [[], [3], [12], [14, 20]]) {
			const { request, findings } = inspected(content, cuts);
			assert.deepEqual(request.parameters, [
				{ name: "FIRST", value: "1", latin1: false },
			]);
			assert.equal(request.parametersDamaged, "missing");
			for (const { severity, message } of findings) {
				assert.ok(severity !== "error" || !/PARAMS/.test(message), message);
			}
		}
	}
});

test("a length that runs over the end of PARAMS is said, redacted or not", () => {
	const text = `HTTP_COOKIEa=${SECRET.padEnd(198, "x")}`;
	const { request, findings } = inspected(
		Buffer.concat([lying([11], [200], text), AFTER]),
	);
	assert.equal(request.parametersDamaged, "malformed");
	const finding = findings.find(({ code }) => code === "pair-overrun");
	assert.match(finding?.message ?? "", /at byte 0 .*length is probably 200/);
});

test("nothing is said of lengths and statuses that are covered", () => {
	const content = pairsOf([
		["REQUEST_METHOD", "POST"],
		["CONTENT_LENGTH", "123"],
	]);
	const codes = (names: readonly string[], length = content) =>
		inspected(length, [], names).findings.map(({ code }) => code);
	const names = ["STATUS", "content-length"];
	assert.ok(!codes(names).includes("bad-status"));
	assert.ok(!codes(names).includes("content-length-missing"));
	assert.ok(codes([]).includes("stdin-shorter-than-content-length"));
	const none = pairsOf([
		["REQUEST_METHOD", "POST"],
		["CONTENT_LENGTH", "-1"],
	]);
	assert.ok(codes([], none).includes("content-length-missing"));
});
