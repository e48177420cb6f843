// Whatever the framing, what is sent decodes to the same parameters and bodies; and each option of framing does what its
// name says.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeNameValues } from "../../src/fastcgi/name-values.js";
import type { FcgiRecord } from "../../src/fastcgi/record.js";
import {
	type Body,
	type Framing,
	type FramingOptions,
	framingAt,
	framingBeside,
	framingOf,
	LIKENESSES,
	likenessOf,
	multiplexed,
	type Param,
	parsePadding,
	parseRole,
	type SentRequest,
	scriptOf,
} from "../../src/send/index.js";
import {
	contentOf,
	pairsOf,
	recordsIn,
	stepsOf,
	writesIn,
} from "../support/sent.js";

const PARAMS: readonly Param[] = [
	["SCRIPT_NAME", "/a"],
	["EMPTY", ""],
	["X", "y".repeat(200)],
];

const request = (more: Partial<SentRequest> = {}): SentRequest => ({
	role: 1,
	params: PARAMS,
	stdin: Buffer.alloc(0),
	data: undefined,
	...more,
});

/** A body that comes in pieces, and may be asked for again. */
function inPieces(bytes: Buffer, wanted: number): Body {
	// Some hundreds are enough.
	const size = Math.max(wanted, bytes.length >> 9);
	return {
		async *[Symbol.asyncIterator]() {
			for (let at = 0; at < bytes.length; at += size) {
				await Promise.resolve();
				yield bytes.subarray(at, at + size);
			}
		},
	};
}

const kindsOf = (records: readonly FcgiRecord[]) =>
	records.map(({ kind }) => kind);

/** Lengths, so that what fails is shown in a line. */
const partLength = fc.oneof(
	{ weight: 20, arbitrary: fc.integer({ min: 0, max: 20 }) },
	{ weight: 5, arbitrary: fc.integer({ min: 120, max: 140 }) },
	{ weight: 1, arbitrary: fc.integer({ min: 65_000, max: 140_000 }) },
);
const bytesOf = (length: number) =>
	Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 31) ^ (i >> 8)));
const bodyLength = fc.oneof(
	fc.constant(0),
	fc.integer({ max: 300, min: 0 }),
	fc.integer({ min: 65_520, max: 65_540 }),
	fc.integer({ min: 0, max: 200_000 }),
);
const piece = fc.integer({ min: 1, max: 100_000 });
const padding = fc.oneof(
	fc.constant("none" as const),
	fc.constant("align8" as const),
	fc.integer({ min: 0, max: 255 }),
	fc.record({ seed: fc.integer({ min: 0 }) }),
);
const options: fc.Arbitrary<FramingOptions> = fc.record(
	{
		like: fc.constantFrom(...LIKENESSES.map(({ framing }) => framing)),
		requestId: fc.integer({ min: 1, max: 0xffff }),
		keepConn: fc.boolean(),
		padding,
		recordSize: fc.oneof(
			fc.integer({ min: 50, max: 500 }),
			fc.integer({ min: 50, max: 0xffff }),
		),
		cutPairs: fc.boolean(),
		split: fc.record({
			bytes: fc.integer({ min: 500, max: 5000 }),
			pause: fc.constantFrom(0, 3),
		}),
	},
	{ requiredKeys: [] },
);

test("what is framed decodes to the same, however it is framed", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.tuple(partLength, partLength), { maxLength: 12 }),
			bodyLength,
			fc.option(bodyLength, { nil: undefined }),
			fc.option(piece, { nil: undefined }),
			fc.integer({ min: 0, max: 0xffff }),
			options,
			async (lengths, stdinLength, dataLength, size, role, wanted) => {
				const framing = framingOf(wanted);
				const params = lengths.map(
					([name, value]) => [bytesOf(name), bytesOf(value)] as const,
				);
				const stdin = bytesOf(stdinLength);
				const data = dataLength === undefined ? undefined : bytesOf(dataLength);
				const body = (bytes: Buffer | undefined) =>
					bytes === undefined || size === undefined
						? bytes
						: inPieces(bytes, size);
				const records = await recordsIn(
					scriptOf(
						{ role, params, stdin: body(stdin), data: body(data) },
						framing,
					),
				);
				assert.deepEqual(
					pairsOf(contentOf(records, "params")),
					params.map((pair) => pair.map((one) => one.toString("latin1"))),
				);
				assert.ok(contentOf(records, "stdin").equals(stdin));
				assert.ok(contentOf(records, "data").equals(data ?? Buffer.alloc(0)));
				const [begin, ...rest] = records;
				assert.equal(begin?.kind, "beginRequest");
				assert.deepEqual(begin?.body, {
					role,
					flags: framing.keepConn ? 1 : 0,
					keepConn: framing.keepConn,
				});
				// Each stream is full records, one with the rest, and its empty one.
				let streams = "";
				for (const { kind, contentLength } of rest)
					streams += `${kind.slice(0, 3)}${contentLength === 0 ? "0" : ""} `;
				assert.match(
					streams,
					/^(?:par )*par0 (?:std )*std0 (?:(?:dat )*dat0 )?$/,
				);
				for (const record of records) check(record, framing);
				checkCuts(records, framing);
			},
		),
		{ numRuns: 150 },
	);
});

function check(record: FcgiRecord, framing: Framing): void {
	const { kind, contentLength, paddingLength } = record;
	const { padding, stdinSize } = framing;
	assert.equal(record.version, 1);
	assert.equal(record.reserved, 0);
	assert.equal(record.requestId, framing.requestId);
	if (padding === "none") assert.equal(paddingLength, 0);
	if (padding === "align8") assert.equal(paddingLength, -contentLength & 7);
	if (typeof padding === "number") assert.equal(paddingLength, padding);
	assert.ok(record.paddingData.every((byte) => byte === 0));
	if (kind === "stdin") assert.ok(contentLength <= stdinSize);
}

/** PARAMS are cut between pairs, or within one that no record could hold; or where the framing says. */
function checkCuts(
	records: readonly FcgiRecord[],
	{ cutPairs, paramsSize }: Framing,
): void {
	const lengths = records
		.filter(({ kind }) => kind === "params")
		.map(({ contentLength }) => contentLength);
	if (cutPairs !== "no") {
		for (const length of lengths) assert.ok(length <= paramsSize);
		return;
	}
	const { pairs } = decodeNameValues(contentOf(records, "params"));
	const ends = new Set([0, contentOf(records, "params").length]);
	for (const { offset } of pairs) ends.add(offset);
	let at = 0;
	for (const length of lengths) {
		const inside = pairs.filter(
			({ offset }) => offset >= at && offset < at + length,
		);
		assert.ok(length <= paramsSize || inside.length <= 1);
		at += length;
		if (ends.has(at)) continue;
		const cut = pairs.findLast(({ offset }) => offset < at);
		const size = (cut?.name.length ?? 0) + (cut?.value.length ?? 0);
		assert.ok(size > 65_500, `a pair of ${size} bytes is cut`);
	}
}

test("several requests at once are one after the other by their ids", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.tuple(bodyLength, fc.option(piece, { nil: undefined })), {
				minLength: 1,
				maxLength: 5,
			}),
			options,
			async (lengths, wanted) => {
				const framing = framingOf({ ...wanted, requestId: 7 });
				const bodies = lengths.map(
					([length, size]) => [bytesOf(length), size] as const,
				);
				const requests = bodies.map(([bytes, size], index) =>
					request({
						params: [...PARAMS, ["N", `${index}`]],
						stdin: size === undefined ? bytes : inPieces(bytes, size),
					}),
				);
				const records = await recordsIn(multiplexed(requests, framing));
				for (const [index, [bytes]] of bodies.entries()) {
					const id = framingBeside(framing, index).requestId;
					assert.ok(contentOf(records, "stdin", id).equals(bytes));
					assert.deepEqual(pairsOf(contentOf(records, "params", id)).at(-1), [
						"N",
						`${index}`,
					]);
				}
				const begins = records.slice(0, bodies.length);
				assert.ok(
					begins.every(({ kind }) => kind === "beginRequest"),
					"all begin before any goes on",
				);
			},
		),
		{ numRuns: 60 },
	);
});

test("records of several requests are interleaved, with ids of their own", async () => {
	const stdin = Buffer.alloc(250);
	const records = await recordsIn(
		multiplexed(
			[request({ stdin }), request()],
			framingOf({ recordSize: 100, like: { idStep: 2 } }),
		),
	);
	assert.deepEqual(
		records
			.filter(({ kind }) => kind === "stdin")
			.map(({ requestId, contentLength }) => [requestId, contentLength]),
		[
			[1, 100],
			[3, 0],
			[1, 100],
			[1, 50],
			[1, 0],
		],
	);
});

test("a small request is one write, as web servers do; or a write for each record", async () => {
	const small = request({ stdin: Buffer.from("abc") });
	for (const { name, framing } of LIKENESSES) {
		const script = scriptOf(small, framingOf({ like: framing }));
		const writes = writesIn(await stepsOf(script)).length;
		assert.equal(writes, ["apache", "caddy"].includes(name) ? 5 : 1, name);
	}
});

test("a small request is prepared once, and a long one begins anew", async () => {
	const small = scriptOf(request(), framingOf());
	assert.ok(Array.isArray(small));
	for (const stdin of [
		Buffer.alloc(3_000_000, 1),
		inPieces(Buffer.alloc(300_000, 1), 1000),
	]) {
		const script = scriptOf(request({ stdin }), framingOf());
		assert.ok(!Array.isArray(script));
		const first = Buffer.concat(writesIn(await stepsOf(script)));
		assert.ok(first.equals(Buffer.concat(writesIn(await stepsOf(script)))));
	}
});

test("a body is asked for no further than what is taken of it, and let go", async () => {
	let read = 0;
	let closed = false;
	const stdin: Body = {
		async *[Symbol.asyncIterator]() {
			try {
				for (;;) {
					read += 65_536;
					yield Buffer.alloc(65_536);
				}
			} finally {
				closed = true;
			}
		},
	};
	let taken = 0;
	for await (const step of scriptOf(request({ stdin }), framingOf())) {
		if (step.kind === "write") taken += step.bytes.length;
		assert.ok(read - taken < 200_000, `${read} read, ${taken} taken`);
		if (taken > 2_000_000) break;
	}
	assert.ok(closed);
});

test("what is there is written before a body is waited for", async () => {
	let write: (bytes: Buffer) => void = () => undefined;
	const later = new Promise<Buffer>((resolve) => {
		write = resolve;
	});
	const stdin: Body = {
		async *[Symbol.asyncIterator]() {
			yield await later;
		},
	};
	const script = scriptOf(
		request({ stdin }),
		framingOf(),
	) as AsyncIterable<unknown>;
	const steps = script[Symbol.asyncIterator]();
	const { value } = await steps.next();
	assert.equal(value.kind, "write");
	assert.deepEqual(kindsOf(await recordsIn([value])), [
		"beginRequest",
		"params",
		"params",
	]);
	write(Buffer.from("x"));
	assert.equal((await steps.next()).value.bytes.length, 8 + 1 + 8);
});

test("pairs are cut only where that is wanted, or no record could hold one", async () => {
	const contents = async (
		wanted: FramingOptions,
		params: readonly Param[] = PARAMS,
	) =>
		(await recordsIn(scriptOf(request({ params }), framingOf(wanted))))
			.filter(({ kind }) => kind === "params")
			.map(({ contentLength }) => contentLength);
	assert.deepEqual(await contents({}), [15 + 7 + 206, 0]);
	assert.deepEqual(await contents({ recordSize: 20 }), [15, 7, 206, 0]);
	assert.deepEqual(
		await contents({ recordSize: 100, cutPairs: true }),
		[100, 100, 28, 0],
	);
	assert.deepEqual(await contents({ cutPairs: true }), [
		7,
		8 + 3,
		4 + 103,
		103,
		0,
	]);
	assert.deepEqual(await contents({ cutPairs: true }, [["", ""]]), [1, 1, 0]);
	assert.deepEqual(
		await contents({}, [
			["A", "1"],
			["B", "x".repeat(70_000)],
			["C", "2"],
		]),
		[4, 65_535, 70_006 - 65_535, 4, 0],
	);
	assert.deepEqual(await contents({}, []), [0]);
});

test("writes have the bytes that were asked for, with pauses between", async () => {
	const framing = framingOf({ split: { bytes: 1, pause: 5 } });
	const steps = await stepsOf(scriptOf(request(), framing));
	const whole = Buffer.concat(
		writesIn(await stepsOf(scriptOf(request(), framingOf()))),
	);
	assert.ok(Buffer.concat(writesIn(steps)).equals(whole));
	assert.equal(steps.length, 2 * whole.length - 1);
	for (const [index, step] of steps.entries()) {
		if (index % 2 === 0)
			assert.equal(step.kind === "write" && step.bytes.length, 1);
		else assert.deepEqual(step, { kind: "wait", milliseconds: 5 });
	}
	const seven = await stepsOf(
		scriptOf(request(), framingOf({ split: { bytes: 7, pause: 0 } })),
	);
	assert.ok(
		writesIn(seven)
			.slice(0, -1)
			.every(({ length }) => length === 7),
	);
	assert.equal(seven.length, Math.ceil(whole.length / 7));
});

test("a request is aborted after so many records", async () => {
	const kinds = async (records: number) =>
		kindsOf(
			await recordsIn(scriptOf(request(), framingOf({ abort: { records } }))),
		);
	assert.deepEqual(await kinds(1), ["beginRequest", "abortRequest"]);
	assert.deepEqual(await kinds(2), ["beginRequest", "params", "abortRequest"]);
	assert.deepEqual(await kinds(9), [
		"beginRequest",
		"params",
		"params",
		"stdin",
		"abortRequest",
	]);
	const both = await recordsIn(
		multiplexed([request(), request()], framingOf({ abort: { records: 2 } })),
	);
	assert.deepEqual(
		both.map(({ kind, requestId }) => [kind, requestId]),
		[
			["beginRequest", 1],
			["beginRequest", 2],
			["params", 1],
			["params", 2],
			["abortRequest", 1],
			["abortRequest", 2],
		],
	);
});

test("a request is aborted after a time, its body sent or not", async () => {
	const framing = framingOf({ abort: { milliseconds: 30 } });
	const steps = await stepsOf(scriptOf(request(), framing));
	assert.deepEqual(
		steps.map(({ kind }) => kind),
		["write", "wait", "write"],
	);
	const [, wait] = steps;
	assert.ok(
		wait?.kind === "wait" && wait.milliseconds > 0 && wait.milliseconds <= 30,
	);

	const endless: Body = {
		async *[Symbol.asyncIterator]() {
			for (;;) {
				await new Promise((resolve) => setTimeout(resolve, 2));
				yield Buffer.alloc(65_528);
			}
		},
	};
	const begun = performance.now();
	const records = await recordsIn(
		scriptOf(request({ stdin: endless }), framing),
	);
	assert.ok(performance.now() - begun >= 30);
	assert.equal(records.at(-1)?.kind, "abortRequest");
	assert.ok(
		!records.some(
			({ kind, contentLength }) => kind === "stdin" && contentLength === 0,
		),
	);
});

test("an authorizer gets no STDIN, and a filter gets DATA", async () => {
	const kinds = async (more: Partial<SentRequest>) =>
		kindsOf(
			await recordsIn(scriptOf(request({ params: [], ...more }), framingOf())),
		).slice(2);
	assert.deepEqual(await kinds({ role: 2, stdin: undefined }), []);
	assert.deepEqual(await kinds({ role: 3, data: Buffer.from("d") }), [
		"stdin",
		"data",
		"data",
	]);
});

test("random padding is the same for the same seed, and takes all lengths", async () => {
	const lengths = async (seed: number) =>
		(
			await recordsIn(
				scriptOf(
					request({ stdin: Buffer.alloc(2000) }),
					framingOf({ padding: { seed }, recordSize: 1 }),
				),
			)
		).map(({ paddingLength }) => paddingLength);
	const seven = await lengths(7);
	assert.deepEqual(await lengths(7), seven);
	assert.notDeepEqual(await lengths(8), seven);
	assert.ok(new Set(seven).size > 250);
	assert.equal(Math.max(...seven), 255);
});

test("ids grow as the server's do, and begin anew behind the last", () => {
	const haproxy = framingOf({ like: likenessOf("haproxy").framing });
	assert.deepEqual(
		[0, 1, 2].map((index) => framingAt(haproxy, index).requestId),
		[1, 3, 5],
	);
	assert.deepEqual(
		[0, 1, 2].map((index) => framingAt(framingOf(), index).requestId),
		[1, 1, 1],
	);
	assert.equal(framingAt(haproxy, 32_767).requestId, 65_535);
	assert.equal(framingAt(haproxy, 32_768).requestId, 2);
	assert.deepEqual(
		[0, 1].map(
			(index) =>
				framingBeside(framingOf({ requestId: 65_535 }), index).requestId,
		),
		[65_535, 1],
	);
});

test("what was typed and cannot be is said in one line", () => {
	const refused = (act: () => unknown, message: RegExp) =>
		assert.throws(
			act,
			(error) =>
				error instanceof Error &&
				error.name === "FcgiInspectError" &&
				message.test(error.message),
		);
	assert.deepEqual(
		["none", "align8", "0", "255", "random", "random:3"].map((text) =>
			parsePadding(text, 9),
		),
		["none", "align8", 0, 255, { seed: 9 }, { seed: 3 }],
	);
	for (const text of ["256", "-1", "", "8px", "random:x", "randomly"]) {
		refused(() => parsePadding(text, 9), /is no padding: none, align8/);
	}
	assert.deepEqual(
		["responder", "FCGI_AUTHORIZER", "Filter", "9"].map(parseRole),
		[1, 2, 3, 9],
	);
	refused(() => parseRole("boss"), /'boss' is no role: responder/);
	refused(() => parseRole("65536"), /is no role/);
	refused(
		() => framingOf({ recordSize: 0 }),
		/a record's size is 1 to 65535, not 0/,
	);
	refused(() => framingOf({ recordSize: 65_536 }), /not 65536/);
	refused(() => framingOf({ requestId: 65_536 }), /id is 0 to 65535/);
	refused(() => framingOf({ padding: 256 }), /padding is 0 to 255/);
	refused(
		() => framingOf({ split: { bytes: 0, pause: 0 } }),
		/write is 1 or more/,
	);
	refused(() => framingOf({ abort: { records: 0 } }), /records is 1 or more/);
});
