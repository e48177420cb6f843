import assert from "node:assert/strict";
import { test } from "node:test";
import type { Chunk } from "../../src/inspect/chunk.js";
import type { FcgiEvent } from "../../src/inspect/event.js";
import { Inspector } from "../../src/inspect/inspector.js";
import { asServer, WEB_SERVERS } from "../../src/servers/index.js";
import { MAX_KEPT_BYTES } from "../../src/servers/kept-bytes.js";
import { MAX_LOG_LINES } from "../../src/servers/server-log.js";
import { answersOf } from "../support/answers.js";
import { seededRandom } from "../support/any-cut.js";
import {
	bytesOf,
	eventsOf,
	newChunk,
	newConnection,
	REQUEST,
	RESPONSE,
} from "../support/conversation.js";

const NAMES = WEB_SERVERS.map(({ name }) => name);

/** What each server says of the requests in some chunks: status and remark, or nothing. */
function said(chunks: readonly Chunk[]): string[][] {
	return NAMES.map((name) =>
		answersOf(asServer(name), chunks).map((answer) =>
			answer === undefined
				? "-"
				: `${answer.status} ${answer.remark}`.trimEnd(),
		),
	);
}

function assertSaid(chunks: readonly Chunk[], each: readonly string[]): void {
	assert.deepEqual(
		said(chunks),
		NAMES.map(() => each),
	);
}

test("names are those of the four servers", () => {
	assert.deepEqual(NAMES, ["nginx", "apache", "lighttpd", "haproxy"]);
	assert.throws(() => asServer("caddy"), /no web server caddy: nginx, apache/);
});

test("every event is handed on, once and at once", () => {
	const connection = newConnection();
	const chunks = [
		newChunk(connection, "webServer", REQUEST),
		newChunk(connection, "application", RESPONSE, { closes: "fin" }),
	];
	const events = eventsOf(chunks);
	const stage = asServer("nginx");
	for (const event of events) assert.deepEqual([...stage.push(event)], [event]);
	assert.deepEqual([...stage.end()], []);
});

test("the answer is there when the end is handed on, and not before", () => {
	const connection = newConnection();
	const stage = asServer("nginx");
	const inspector = new Inspector();
	const kinds: string[] = [];
	for (const chunk of [
		newChunk(connection, "webServer", REQUEST),
		newChunk(connection, "application", RESPONSE),
	]) {
		for (const event of inspector.push(chunk)) {
			const [same] = stage.push(event) as [FcgiEvent];
			if (!("request" in same) || same.request === undefined) continue;
			if (same.request.serverAnswer !== undefined) kinds.push(same.kind);
		}
	}
	assert.deepEqual(kinds, ["requestEnded"]);
});

const ask = (connection = newConnection(), text = REQUEST) =>
	newChunk(connection, "webServer", text);

test("a healthy answer has its status and nothing in the log", () => {
	const connection = newConnection();
	const chunks = [
		ask(connection),
		newChunk(connection, "application", RESPONSE),
	];
	assertSaid(chunks, ["200"]);
	for (const name of NAMES.filter((name) => name !== "haproxy")) {
		assert.deepEqual(answersOf(asServer(name), chunks)[0]?.log, [], name);
	}
});

test("requests of a kept connection are answered one by one", () => {
	const connection = newConnection();
	const answer = newChunk(connection, "application", RESPONSE);
	const notFound = newChunk(
		connection,
		"application",
		RESPONSE.replace('"Content', '"Status: 404\\r\\nContent'),
	);
	assertSaid(
		[ask(connection), answer, ask(connection), notFound],
		["200", "404"],
	);
});

test("nothing is said where the bytes do not tell", () => {
	const of = (
		name: string,
		make: (connection: ReturnType<typeof newConnection>) => Chunk[],
		fields = {},
	) => {
		const all = said(make(newConnection(0, fields))).flat();
		assert.ok(all.length > 0, `${name}: there is a request`);
		assert.deepEqual(new Set(all), new Set(["-"]), name);
	};
	const answer = (connection: ReturnType<typeof newConnection>, more = {}) =>
		newChunk(connection, "application", RESPONSE, more);
	of("the input ends first", (c) => [ask(c)]);
	of("the input ends in the head", (c) => [
		ask(c),
		newChunk(c, "application", '{FCGI_STDOUT, 1, "Content-"}'),
	]);
	of("the input ends in a record", (c) => [
		ask(c),
		newChunk(c, "application", bytesOf(RESPONSE).subarray(0, 20)),
	]);
	of("responses only", (c) => [answer(c)], { startSeen: false });
	of(
		"the beginning is missing",
		(c) => [newChunk(c, "webServer", '{FCGI_STDIN, 1, ""}'), answer(c)],
		{ startSeen: false },
	);
	of("bytes of the answer are missing", (c) => [
		ask(c),
		newChunk(c, "application", bytesOf(RESPONSE).subarray(0, 20)),
		newChunk(c, "application", bytesOf(RESPONSE).subarray(24), {
			missingBefore: 4,
		}),
	]);
	of("bytes of the request are missing", (c) => [
		ask(c),
		newChunk(c, "webServer", '{FCGI_STDIN, 1, "x"}', { missingBefore: 100 }),
		answer(c),
	]);
	of("an Authorizer", (c) => [
		ask(c, REQUEST.replace("FCGI_RESPONDER", "FCGI_AUTHORIZER")),
		answer(c),
	]);
	of("the request was aborted", (c) => [
		ask(c),
		newChunk(c, "webServer", "{FCGI_ABORT_REQUEST, 1}"),
		answer(c),
	]);
	of("the client left", (c) => [
		{ ...ask(c), timestamp: 10 },
		newChunk(c, "webServer", "", { timestamp: 10.1, closes: "fin" }),
	]);
	of("requests only", (c) => [
		{ ...ask(c), timestamp: 10 },
		{ ...ask(c), timestamp: 20 },
		newChunk(c, "webServer", "", { timestamp: 95, closes: "fin" }),
	]);
});

test("only HAProxy has two requests on a connection", () => {
	const connection = newConnection();
	const other = (text: string) => text.replaceAll(", 1, ", ", 2, ");
	const chunks = [
		ask(connection),
		ask(connection, other(REQUEST)),
		newChunk(connection, "application", other(RESPONSE)),
		newChunk(connection, "application", RESPONSE),
	];
	assert.deepEqual(said(chunks), [
		["-", "-"],
		["-", "-"],
		["-", "-"],
		["200", "200"],
	]);
});

test("what a server uses no other id for is not said of other ids", () => {
	const connection = newConnection();
	const chunks = [
		ask(connection, REQUEST.replaceAll(", 1, ", ", 7, ")),
		newChunk(connection, "application", RESPONSE, { closes: "fin" }),
	];
	assert.deepEqual(said(chunks), [["-"], ["-"], ["200"], ["502"]]);
	const healthy = [
		ask(newConnection(), REQUEST.replaceAll(", 1, ", ", 7, ")),
		newChunk(connection, "application", RESPONSE.replaceAll(", 1, ", ", 7, ")),
	].map((chunk) => ({ ...chunk, connection }));
	assertSaid(healthy, ["200"]);
});

test("nginx asks again where a kept connection closes before the head", () => {
	const connection = newConnection();
	const closed = (request: string) => {
		const chunks = [
			ask(connection),
			newChunk(connection, "application", RESPONSE),
			ask(connection, request),
			newChunk(connection, "application", "", { closes: "fin" }),
		];
		return answersOf(asServer("nginx"), chunks)[1];
	};
	const log = [
		"[error] upstream prematurely closed connection while reading response header from upstream",
	];
	const get = closed(REQUEST);
	assert.equal(get?.status, "sent again on another connection");
	assert.deepEqual(get.log, log);
	assert.equal(closed(REQUEST.replace("GET", "POST"))?.status, "502");
	const other = REQUEST.replace("FCGI_KEEP_CONN", "0");
	assert.equal(closed(other)?.status, "502");
});

test("an answer to a question that this server does not ask is passed over", () => {
	const connection = newConnection();
	assertSaid(
		[
			newChunk(
				connection,
				"webServer",
				`{FCGI_GET_VALUES, 0, [FCGI_MPXS_CONNS=""]}\n${REQUEST}`,
			),
			newChunk(
				connection,
				"application",
				`{FCGI_GET_VALUES_RESULT, 0, [FCGI_MPXS_CONNS="0"]}\n${RESPONSE}`,
			),
		],
		["200"],
	);
});

test("what came late still counts as what came first", () => {
	const connection = newConnection();
	const fail = '{FCGI_STDOUT, 1, "Content-type: a\\n\\nhello", version=2}';
	const [answer] = answersOf(asServer("nginx"), [
		{ ...ask(connection), timestamp: 1 },
		newChunk(connection, "application", `${fail}\n${RESPONSE}`, {
			timestamp: 2,
		}),
	]);
	assert.equal(answer?.status, "502");
	assert.match(answer?.log.join() ?? "", /protocol version: 2/);
});

test("endless STDERR costs no more than its first lines", () => {
	const connection = newConnection();
	const flood = bytesOf(`{FCGI_STDERR, 1, "${"line\\n".repeat(8000)}"}`);
	for (const name of NAMES) {
		const stage = asServer(name);
		const inspector = new Inspector();
		const feed = (chunk: Chunk) => {
			for (const event of inspector.push(chunk)) stage.push(event);
		};
		feed(ask(connection));
		for (let i = 0; i < 200; i++) {
			feed(newChunk(connection, "application", flood));
		}
		let answered = 0;
		for (const event of inspector.push(
			newChunk(connection, "application", RESPONSE),
		)) {
			const [same] = stage.push(event) as [FcgiEvent];
			if (same.kind !== "requestEnded") continue;
			answered++;
			const { serverAnswer } = same.request;
			// nginx: whether so much in front of a head leaves room for it depends on how it was read.
			if (serverAnswer === undefined) assert.equal(name, "nginx");
			else {
				const { log } = serverAnswer;
				assert.ok(log.length <= MAX_LOG_LINES + 2, name);
				assert.ok(log.join("").length < 200_000, name);
			}
		}
		assert.equal(answered, 1);
	}
});

test("many open heads together are bounded", () => {
	const room = 60_000;
	const requests = Math.ceil((3 * MAX_KEPT_BYTES) / room);
	const stage = asServer("lighttpd");
	const inspector = new Inspector();
	const head = bytesOf(`{FCGI_STDOUT, 1, "A: ${"x".repeat(room)}"}`);
	const rest = bytesOf('{FCGI_STDOUT, 1, "\\n\\nbody"}');
	const end = bytesOf("{FCGI_END_REQUEST, 1, {0, 0}}");
	const statuses: (string | undefined)[] = [];
	const feed = (chunk: Chunk) => {
		for (const event of inspector.push(chunk)) {
			stage.push(event);
			if (event.kind !== "requestEnded") continue;
			statuses.push(event.request.serverAnswer?.status);
		}
	};
	const connections = Array.from({ length: requests }, (_, i) =>
		newConnection(i),
	);
	for (const connection of connections) {
		feed(ask(connection));
		feed(newChunk(connection, "application", head));
	}
	for (const connection of connections) {
		feed(newChunk(connection, "application", Buffer.concat([rest, end])));
	}
	// The first have their say, the last do not; and once all is given back, there is room again.
	assert.equal(statuses[0], "200");
	assert.equal(statuses.at(-1), undefined);
	const last = newConnection(requests);
	feed(ask(last));
	feed(newChunk(last, "application", Buffer.concat([head, rest, end])));
	assert.equal(statuses.at(-1), "200");
});

test("a head of one-byte records takes no longer than its bytes", () => {
	const connection = newConnection();
	const flood = (line: string) => {
		const bytes = [...line].map((byte) =>
			bytesOf(`{FCGI_STDOUT, 1, ${JSON.stringify(byte)}}`),
		);
		const times = Math.ceil(200_000 / bytes.length);
		return Buffer.concat(Array.from({ length: times }, () => bytes).flat());
	};
	for (const line of ["x", "A:b\n", "A: b\r\n", `A: ${"b".repeat(100)}\n`]) {
		const chunks = [
			ask(connection),
			newChunk(connection, "application", flood(line)),
			newChunk(connection, "application", "{FCGI_END_REQUEST, 1, {0, 0}}"),
		];
		for (const name of NAMES) {
			const started = performance.now();
			const [answer] = answersOf(asServer(name), chunks);
			if (name === "nginx") assert.equal(answer?.status, "502");
			// A model that goes over all of the head for each byte takes minutes.
			assert.ok(performance.now() - started < 10_000, `${name}: ${line}`);
		}
	}
});

test("hostile bytes neither throw nor stop the events", () => {
	const random = seededRandom(4);
	const any = (to: number) => Math.floor(random() * to);
	for (let round = 0; round < 400; round++) {
		const connection = newConnection(round, { application: "192.0.2.2:9000" });
		const pieces: Buffer[] = [];
		for (let i = any(8); i >= 0; i--) {
			const content = Buffer.from(
				Array.from({ length: any(60) }, () => "\n\r:A \0Status9"[any(13)]).join(
					"",
				),
			);
			const header = Buffer.from([
				any(4) === 0 ? any(256) : 1,
				[6, 6, 6, 7, 3, any(256)][any(6)] as number,
				any(9) === 0 ? any(256) : 0,
				any(6) === 0 ? any(256) : 1,
				0,
				any(9) === 0 ? any(256) : content.length,
				0,
				0,
			]);
			pieces.push(header, content);
		}
		const closes = [undefined, "fin", "rst"] as const;
		const chunks = [
			{ ...ask(connection), timestamp: 1 },
			newChunk(connection, "application", Buffer.concat(pieces), {
				timestamp: 2,
				closes: closes[any(3)],
			}),
			newChunk(connection, "webServer", "", { timestamp: 9, closes: "fin" }),
		];
		for (const name of NAMES) answersOf(asServer(name), chunks);
	}
});
