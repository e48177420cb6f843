import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { unlinkSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Chunk } from "../../src/inspect/chunk.js";
import type { Address } from "../../src/live/address.js";
import {
	Client,
	type ClientOptions,
	GIVES_UP_AFTER,
	type Job,
} from "../../src/live/client.js";
import { MAX_QUEUED_BYTES } from "../../src/live/prompt-queue.js";
import {
	answering,
	END,
	endlessRequest,
	type OnSocket,
	onRequests,
	record,
	requestSteps,
	scriptedApplication,
} from "../support/scripted-application.js";
import { scratch } from "../support/unix-application.js";
import { until } from "../support/until.js";

async function clientOf(
	t: TestContext,
	onSocket: OnSocket,
	options: Partial<ClientOptions> = {},
): Promise<Client> {
	return clientAt(t, await scriptedApplication(t, onSocket), options);
}

function clientAt(
	t: TestContext,
	to: Address,
	options: Partial<ClientOptions> = {},
): Client {
	const client = new Client({
		to,
		connectTimeoutMs: 1000,
		timeoutMs: 5000,
		connections: 1,
		...options,
	});
	t.after(() => client.stop());
	return client;
}

/** As many requests as are wanted. */
function requests(count: number, keepConn = false): Job[] {
	return Array.from({ length: count }, () => ({
		script: requestSteps(keepConn),
		keepConn,
		isRequest: true,
	}));
}

/** Runs jobs and takes all chunks; how long that took, in milliseconds. */
async function ran(client: Client, jobs: Iterable<Job>) {
	const chunks: Chunk[] = [];
	const began = performance.now();
	const reading = (async () => {
		for await (const batch of client) chunks.push(...batch);
	})();
	await client.run(jobs);
	const ms = performance.now() - began;
	await reading;
	return { chunks, ms };
}

function connectionsIn(chunks: readonly Chunk[]): number {
	return new Set(chunks.map(({ connection }) => connection)).size;
}

/** Answers in what chunks hold. */
function answersIn(chunks: readonly Chunk[]): number {
	const from = chunks.filter((chunk) => chunk.from === "application");
	const bytes = Buffer.concat(from.map((chunk) => chunk.bytes));
	return bytes.length / END.length;
}

test("each request has its connection, and all that passes becomes chunks", async (t) => {
	const client = await clientOf(t, answering());
	const { chunks } = await ran(client, requests(3));
	assert.equal(connectionsIn(chunks), 3);
	assert.equal(answersIn(chunks), 3);
	assert.deepEqual(
		[...new Set(chunks.map(({ connection }) => connection.number))],
		[0, 1, 2],
	);
	assert.deepEqual(
		[client.failure, client.unsent, client.sentAgain],
		[undefined, 0, 0],
	);
	assert.deepEqual(client.report.remarks, []);
});

test("a connection that is kept serves again", async (t) => {
	const client = await clientOf(t, answering(false));
	const { chunks } = await ran(client, requests(20, true));
	assert.equal(connectionsIn(chunks), 1);
	assert.equal(answersIn(chunks), 20);
	const closes = chunks.filter(({ closes }) => closes !== undefined);
	assert.deepEqual(
		closes.map(({ from, closes }) => [from, closes]),
		[["webServer", "fin"]],
	);
});

test("several connections share what there is to do", async (t) => {
	let most = 0;
	let open = 0;
	const client = await clientOf(
		t,
		(socket) => {
			most = Math.max(most, ++open);
			socket.once("close", () => open--);
			onRequests(socket, () => setTimeout(() => socket.write(END), 20));
		},
		{ connections: 4 },
	);
	const { chunks } = await ran(client, requests(12, true));
	assert.equal(most, 4);
	assert.equal(connectionsIn(chunks), 4);
	assert.equal(answersIn(chunks), 12);
});

test("where an application closes what it was to keep, the next request has a connection of its own", async (t) => {
	const client = await clientOf(t, answering(true));
	const { chunks } = await ran(client, requests(3, true));
	assert.equal(answersIn(chunks), 3);
	assert.equal(client.failure, undefined);
});

test("a request whose kept connection is closed before a word of its answer is sent again, once", async (t) => {
	const client = await clientOf(t, (socket) => {
		onRequests(socket, (count) => {
			if (count < 3) socket.write(END);
			else socket.end();
		});
	});
	const { chunks } = await ran(client, requests(6, true));
	assert.equal(answersIn(chunks), 6);
	assert.equal(client.sentAgain, 2);
	assert.equal(connectionsIn(chunks), 3);
	const connections = new Set(chunks.map(({ connection }) => connection));
	assert.deepEqual(
		[...connections].map((connection) => client.wasInVain(connection)),
		[true, true, false],
	);
});

test("what fails on a fresh connection is not sent again", async (t) => {
	let asked = 0;
	const client = await clientOf(t, (socket) => {
		onRequests(socket, () => {
			asked++;
			socket.end();
		});
	});
	await ran(client, requests(2, true));
	assert.equal(asked, 2);
	assert.equal(client.sentAgain, 0);
});

test("an application that never closes is waited for once, which is said", async (t) => {
	const client = await clientOf(t, answering(false));
	const { chunks, ms } = await ran(client, requests(20));
	assert.equal(answersIn(chunks), 20);
	assert.equal(connectionsIn(chunks), 20);
	assert.ok(ms > 400 && ms < 2000, `${ms} ms`);
	assert.equal(client.report.remarks.length, 1);
	assert.match(
		client.report.remarks[0] ?? "",
		/had not closed the connection 0\.5 s after FCGI_END_REQUEST/,
	);
	assert.equal(client.failure, undefined);
});

test("what is waited for after the answer is not held against --timeout", async (t) => {
	const client = await clientOf(t, answering(false), { timeoutMs: 100 });
	await ran(client, requests(1));
	assert.equal(client.failure, undefined);
});

test("an answer is enough, however much of the request was to follow", async (t) => {
	const client = await clientOf(t, (socket) => {
		socket.once("data", () => socket.pause());
		setTimeout(() => socket.end(END), 30);
	});
	const { script } = endlessRequest();
	const jobs = [{ script, keepConn: false, isRequest: true }];
	const { chunks } = await ran(client, jobs);
	assert.equal(answersIn(chunks), 1);
	assert.equal(client.failure, undefined);
});

for (const [name, onSocket, late] of [
	["does not answer", (socket) => socket.resume(), "no FCGI_END_REQUEST"],
	[
		"does not read",
		(socket) => socket.pause(),
		"it read no more of what was sent",
	],
] as const satisfies readonly (readonly [
	string,
	(socket: Socket) => void,
	string,
])[]) {
	test(`an application that ${name} is given up in time, and for good when it always does so`, async (t) => {
		const client = await clientOf(t, onSocket, { timeoutMs: 100 });
		const jobs = Array.from({ length: 50 }, () => ({
			script: endlessUnless(name === "does not answer"),
			keepConn: false,
			ifLate: "so it is",
		}));
		const { ms, chunks } = await ran(client, jobs);
		assert.ok(ms < 2000, `${ms} ms`);
		assert.equal(client.failure?.code, "timed-out");
		assert.match(
			client.failure?.message ?? "",
			new RegExp(`: ${late} within 0\\.1 s \\(--timeout\\): so it is$`),
		);
		assert.equal(connectionsIn(chunks), GIVES_UP_AFTER);
		assert.equal(client.unsent, 50 - GIVES_UP_AFTER);
	});
}

function endlessUnless(whole: boolean): Job["script"] {
	return whole ? requestSteps() : endlessRequest().script;
}

test("a pipe that brings nothing does not hold a time limit up", async (t) => {
	const client = await clientOf(t, (socket) => socket.resume(), {
		timeoutMs: 100,
	});
	const script = {
		async *[Symbol.asyncIterator]() {
			yield* requestSteps().slice(0, 1);
			await new Promise(() => {});
		},
	};
	await ran(client, [{ script, keepConn: false, isRequest: true }]);
	assert.match(client.failure?.message ?? "", /not all was sent within 0\.1 s/);
});

test("nobody at the address is found out a few times only", async (t) => {
	const client = clientAt(t, { kind: "unix", path: "/nowhere/app.sock" });
	const { chunks } = await ran(client, requests(50));
	assert.deepEqual(chunks, []);
	assert.match(client.failure?.message ?? "", /no such socket/);
	assert.deepEqual([client.unsent, client.gaveUp], [50, true]);
});

test("jobs that nobody was connected to for are counted, though none was left untried", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	const server = createServer((socket) => {
		unlinkSync(path);
		onRequests(socket, () => socket.end(END));
	});
	t.after(() => server.close());
	await new Promise<void>((resolve) => server.listen(path, resolve));
	const client = clientAt(t, { kind: "unix", path });
	const { chunks } = await ran(client, requests(3));
	assert.equal(answersIn(chunks), 1);
	assert.deepEqual([client.unsent, client.gaveUp], [2, false]);
});

test("one failure among many is kept, and the others go on", async (t) => {
	let number = 0;
	const client = await clientOf(
		t,
		(socket) => {
			const silent = number++ === 1;
			onRequests(socket, () => {
				if (!silent) socket.end(END);
			});
		},
		{ timeoutMs: 200 },
	);
	const { chunks } = await ran(client, requests(6));
	assert.equal(answersIn(chunks), 5);
	assert.equal(client.failure?.code, "timed-out");
	assert.equal(client.unsent, 0);
});

test("stop ends all that is under way at once", async (t) => {
	let asked = 0;
	const client = await clientOf(
		t,
		(socket) => {
			socket.on("data", () => asked++);
		},
		{ connections: 5, timeoutMs: 60_000 },
	);
	const running = ran(client, requests(1000));
	await until("all connections are waiting", () => asked >= 5);
	const began = performance.now();
	client.stop();
	const { chunks } = await running;
	assert.ok(performance.now() - began < 1000);
	assert.equal(connectionsIn(chunks), 5);
	assert.equal(client.failure, undefined);
	assert.equal(client.unsent, 0);
});

test("an answer that nobody reads holds the application up, and is whole in the end", async (t) => {
	const content = randomBytes(60_000);
	const count = Math.ceil((2 * MAX_QUEUED_BYTES) / content.length);
	let written = 0;
	const client = await clientOf(t, (socket) => {
		onRequests(socket, async () => {
			for (let i = 0; i < count; i++) {
				const more = socket.write(record(6, content));
				written += content.length;
				if (!more) await new Promise((go) => socket.once("drain", go));
			}
			socket.end(END);
		});
	});
	const running = client.run(requests(1));
	let before = -1;
	await until("the application is held up", async () => {
		const more = written !== before;
		before = written;
		await new Promise((resolve) => setTimeout(resolve, 100));
		return !more;
	});
	assert.ok(written < MAX_QUEUED_BYTES + 4e6, `${written} bytes`);
	const digest = createHash("sha256");
	let bytes = 0;
	for await (const batch of client) {
		for (const chunk of batch) {
			if (chunk.from !== "application") continue;
			digest.update(chunk.bytes);
			bytes += chunk.bytes.length;
		}
	}
	await running;
	const expected = createHash("sha256");
	for (let i = 0; i < count; i++) expected.update(record(6, content));
	expected.update(END);
	assert.equal(bytes, count * record(6, content).length + END.length);
	assert.equal(digest.digest("hex"), expected.digest("hex"));
});

test("what is no request is listened to until the application closes, or for as long as is said", async (t) => {
	const client = await clientOf(t, (socket) => {
		socket.once("data", () => setTimeout(() => socket.end(record(11)), 50));
	});
	const script = requestSteps().slice(1);
	const { chunks } = await ran(client, [{ script, keepConn: false }]);
	assert.equal(answersIn(chunks), 0.5);
	const hasty = await clientOf(t, (socket) => socket.resume());
	const job = { script, keepConn: false, listenMs: 0 };
	const { ms } = await ran(hasty, [job, job]);
	assert.ok(ms < 500, `${ms} ms`);
});

test("a connection that ends before what a script waits for is a failure", async (t) => {
	const client = await clientOf(t, (socket) => {
		socket.once("data", () => socket.end());
	});
	const script = [
		...requestSteps().slice(1),
		{ kind: "waitFor", type: 10 } as const,
	];
	await ran(client, [{ script, keepConn: false }]);
	assert.equal(client.failure?.code, "connection-failed");
	assert.match(
		client.failure?.message ?? "",
		/the connection ended before FCGI_GET_VALUES_RESULT came$/,
	);
});
