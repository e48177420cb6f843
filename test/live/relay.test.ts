// The two sides of a tap see the same bytes, ends and resets as they would without it.

import assert from "node:assert/strict";
import { createHash, randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { connect, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Chunk } from "../../src/inspect/chunk.js";
import { type Address, netOptions } from "../../src/live/address.js";
import { newRingMemory } from "../../src/live/ring/ring-memory.js";
import { RingReader } from "../../src/live/ring/ring-reader.js";
import { Tap } from "../../src/live/tap.js";
import { door, listening, temporaryFolder } from "../support/door.js";

interface Rig {
	readonly tap: Tap;
	/** A new connection to the tap, and the application's end of it. */
	readonly pair: () => Promise<{ webServer: Socket; application: Socket }>;
	readonly application: Server;
	/** What the tap has told so far. */
	readonly chunks: Chunk[];
}

/** Where the tap listens, and the application behind it. */
type Addresses = [tap: Address, application: Address];

function unixSockets(t: TestContext): Addresses {
	const folder = temporaryFolder(t);
	return [
		{ kind: "unix", path: join(folder, "tap") },
		{ kind: "unix", path: join(folder, "app") },
	];
}

function tcpPorts(): Addresses {
	return [freePort(), freePort()];
}

/** Both kinds of sockets behave in their own way when they break. */
const KINDS: Readonly<Record<string, (t: TestContext) => Addresses>> = {
	"Unix sockets": unixSockets,
	TCP: tcpPorts,
};

let lastPort = randomInt(20_000, 30_000);
function freePort(): Address {
	return { kind: "tcp", host: "127.0.0.1", port: lastPort++ };
}

async function rig(
	t: TestContext,
	[at, behind]: [Address, Address],
	lossyView = false,
): Promise<Rig> {
	const arrived: Socket[] = [];
	let arrive = () => {};
	const application = await listening(behind, (socket) => {
		arrived.push(socket);
		socket.on("error", () => undefined);
		arrive();
	});
	const memory = newRingMemory();
	const reader = new RingReader(memory, () => tap.passed.room());
	const tap = new Tap({
		entrance: door(at, behind),
		lossyView,
		say: () => undefined,
		memory,
		wake: () => reader.wake(),
	});
	await tap.open();
	const chunks: Chunk[] = [];
	const reading = (async () => {
		for await (const batch of reader) {
			for (const chunk of batch) {
				chunks.push({ ...chunk, bytes: Buffer.from(chunk.bytes) });
			}
		}
	})();
	t.after(async () => {
		await tap.close(0, () => true);
		application.close();
		for (const socket of arrived) socket.destroy();
		await reading;
	});
	return {
		tap,
		application,
		chunks,
		pair: async () => {
			const before = arrived.length;
			const webServer = connect({
				...netOptions(at),
				allowHalfOpen: true,
			} as never);
			webServer.on("error", () => undefined);
			t.after(() => webServer.destroy());
			await once(webServer, "connect");
			while (arrived.length === before) {
				await new Promise<void>((resolve) => {
					arrive = resolve;
				});
			}
			return { webServer, application: arrived[before] as Socket };
		},
	};
}

/** Sends random bytes, cut at random, with pauses, and ends; returns their digest. */
async function sendRandom(socket: Socket, total: number): Promise<string> {
	const hash = createHash("sha256");
	for (let left = total; left > 0; ) {
		const size = Math.min(
			left,
			randomInt(1, 3) === 1 ? randomInt(1, 20) : randomInt(1, 200_000),
		);
		const bytes = randomBytes(size);
		hash.update(bytes);
		left -= size;
		if (!socket.write(bytes)) await once(socket, "drain");
		if (randomInt(10) === 0) await pause(randomInt(5));
	}
	socket.end();
	return hash.digest("hex");
}

async function receive(socket: Socket): Promise<string> {
	const hash = createHash("sha256");
	for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
		hash.update(bytes as Buffer);
		if (randomInt(30) === 0) await pause(randomInt(5));
	}
	return hash.digest("hex");
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What an end sees until the end: how many bytes, and whether it ended in order. */
function fate(socket: Socket): Promise<string> {
	let bytes = 0;
	return new Promise((resolve) => {
		socket.on("data", (data: Buffer) => {
			bytes += data.length;
		});
		socket.once("end", () => resolve(`${bytes} bytes, end`));
		socket.once("error", (error: NodeJS.ErrnoException) =>
			resolve(`${bytes} bytes, ${error.code}`),
		);
	});
}

async function until(condition: () => boolean, what: string): Promise<void> {
	for (let tries = 0; !condition(); tries++) {
		if (tries > 400) assert.fail(`waited in vain: ${what}`);
		await pause(10);
	}
}

for (const [kind, addresses] of Object.entries(KINDS)) {
	test(`${kind}: every byte comes out as it went in, both directions at once`, async (t) => {
		const { pair, chunks } = await rig(t, addresses(t));
		const pairs = [await pair(), await pair(), await pair(), await pair()];
		await Promise.all(
			pairs.map(async ({ webServer, application }) => {
				const [sent, answered, received, answer] = await Promise.all([
					sendRandom(webServer, 3_000_000),
					sendRandom(application, 5_000_000),
					receive(application),
					receive(webServer),
				]);
				assert.equal(received, sent);
				assert.equal(answer, answered);
			}),
		);
		await until(
			() => chunks.filter(({ closes }) => closes === "fin").length === 8,
			"all closes",
		);
		const told = { webServer: 0, application: 0 };
		for (const { from, bytes } of chunks) told[from] += bytes.length;
		assert.deepEqual(told, { webServer: 12_000_000, application: 20_000_000 });
	});

	test(`${kind}: a half-close passes, and the answer after it`, async (t) => {
		const { pair } = await rig(t, addresses(t));
		const { webServer, application } = await pair();
		webServer.end("question");
		assert.equal(await fate(application), "8 bytes, end");
		const seen = fate(webServer);
		application.end("answer");
		assert.equal(await seen, "6 bytes, end");
	});

	test(`${kind}: an application that answers before it has read all, and closes, is heard`, async (t) => {
		const { pair, chunks } = await rig(t, addresses(t));
		const { webServer, application } = await pair();
		application.pause();
		// More than all buffers on the way hold, so that something is unread in any case.
		webServer.write(Buffer.alloc(8_000_000));
		await pause(50);
		const seen = fate(webServer);
		application.write("no, thanks", () => application.destroy());
		// Whether the reset overtakes the answer is up to the system, with or without a tap in between.
		assert.match(
			await seen,
			kind === "TCP" ? /^(?:10 bytes|0 bytes, ECONNRESET)/ : /^10 bytes/,
		);
		await until(
			() => chunks.some(({ closes }) => closes === "rst"),
			"a reset told",
		);
	});

	test(`${kind}: a slow reader slows the sender, and nothing piles up`, async (t) => {
		const { pair } = await rig(t, addresses(t));
		const { webServer, application } = await pair();
		webServer.pause();
		let sent = 0;
		const chunk = Buffer.alloc(65_536);
		while (sent < 64_000_000) {
			sent += chunk.length;
			if (application.write(chunk)) continue;
			const drained = once(application, "drain").then(() => true);
			if (!(await Promise.race([drained, pause(300)]))) break;
		}
		assert.ok(
			sent < 16_000_000,
			`${sent} bytes went to a reader that does not read`,
		);
		application.end();
		let received = 0;
		for await (const bytes of webServer) received += (bytes as Buffer).length;
		assert.equal(received, sent);
	});

	test(`${kind}: an application that nobody listens at any more is a reset for the web server`, async (t) => {
		const [at, behind] = addresses(t);
		const { application, chunks } = await rig(t, [at, behind]);
		application.close();
		const webServer = connect({
			...netOptions(at),
			allowHalfOpen: true,
		} as never);
		t.after(() => webServer.destroy());
		webServer.write("question");
		assert.match(await fate(webServer), /^0 bytes, (?:ECONNRESET|EPIPE|end)$/);
		await until(() => chunks.length === 2, "the refusal told");
		assert.equal(chunks[1]?.connection.refused, true);
		assert.equal(chunks[1]?.closes, "rst");
	});
}

test("Unix sockets: an answer to a slow web server is whole, though the application breaks off", async (t) => {
	const { pair } = await rig(t, unixSockets(t));
	const { webServer, application } = await pair();
	application.pause();
	webServer.pause();
	webServer.write(Buffer.alloc(8_000_000));
	await pause(50);
	// More than the sockets and the tap's writing hold, so that some of it waits in its reading.
	const answer = Buffer.alloc(700_000);
	application.write(answer, () => application.destroy());
	await pause(100);
	const seen = fate(webServer);
	webServer.resume();
	assert.match(await seen, new RegExp(`^${answer.length} bytes`));
});

test("Unix sockets: an end that is gone refuses the first word already, and is no reset", async (t) => {
	const { pair, chunks } = await rig(t, unixSockets(t));
	const { webServer, application } = await pair();
	application.resume();
	webServer.end("question", () => webServer.destroy());
	await once(application, "end");
	await pause(30);
	application.write("answer");
	const [error] = await once(application, "error");
	assert.equal((error as NodeJS.ErrnoException).code, "EPIPE");
	await until(
		() => chunks.filter(({ closes }) => closes === "fin").length === 2,
		"both ends told",
	);
	assert.ok(chunks.every(({ closes }) => closes !== "rst"));
});

test("TCP: a reset right behind the last bytes is no end", async (t) => {
	const { pair, chunks } = await rig(t, tcpPorts());
	const { webServer, application } = await pair();
	const seen = fate(webServer);
	application.write("answer", () => application.resetAndDestroy());
	assert.match(await seen, /ECONNRESET$/);
	await until(
		() => chunks.some(({ closes }) => closes === "rst"),
		"a reset told",
	);
});

test("TCP: a reset passes as a reset, in either direction", async (t) => {
	const { pair, chunks } = await rig(t, tcpPorts());
	for (const breaker of ["webServer", "application"] as const) {
		const ends = await pair();
		const other = breaker === "webServer" ? ends.application : ends.webServer;
		ends.webServer.write("question");
		ends.application.write("answer");
		await pause(30);
		const seen = fate(other);
		ends[breaker].resetAndDestroy();
		assert.match(await seen, /ECONNRESET$/);
		await until(
			() =>
				chunks.some(({ closes, from }) => closes === "rst" && from === breaker),
			breaker,
		);
	}
});
