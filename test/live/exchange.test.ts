import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FcgiInspectError } from "../../src/errors.js";
import type { Peer } from "../../src/fastcgi/constants.js";
import type { Closing } from "../../src/inspect/chunk.js";
import type { Address } from "../../src/live/address.js";
import { Exchange } from "../../src/live/exchange.js";
import {
	answering,
	beginning,
	END,
	endlessRequest,
	type OnSocket,
	onRequests,
	record,
	requestSteps,
	scriptedApplication,
	write,
} from "../support/scripted-application.js";
import { scratch } from "../support/unix-application.js";
import { until } from "../support/until.js";

interface Told {
	readonly exchange: Exchange;
	/** Bytes of each end. */
	readonly bytes: Record<Peer, Buffer[]>;
	readonly closes: [Peer, Closing][];
}

const NEVER = new AbortController().signal;
const AT_ONCE = () => undefined;

async function opened(
	t: TestContext,
	onSocket: OnSocket,
	options: { tcp?: boolean } = {},
): Promise<Told> {
	return openedAt(t, await scriptedApplication(t, onSocket, options));
}

async function openedAt(t: TestContext, address: Address): Promise<Told> {
	const bytes: Told["bytes"] = { webServer: [], application: [] };
	const closes: Told["closes"] = [];
	const exchange = await Exchange.open(
		address,
		1000,
		NEVER,
		(from, some, closing) => {
			bytes[from].push(Buffer.from(some));
			if (closing !== undefined) closes.push([from, closing]);
		},
	);
	t.after(() => exchange.close());
	return { exchange, bytes, closes };
}

test("a script is carried out until its requests have ended, and all that passes is told", async (t) => {
	const { exchange, bytes, closes } = await opened(t, answering());
	const whole = await exchange.carryOut({ script: requestSteps() }, AT_ONCE);
	assert.equal(whole, true);
	assert.equal(exchange.toBeClosed, true);
	await exchange.listen(1000);
	assert.equal(exchange.over, true);
	assert.deepEqual(closes, [["application", "fin"]]);
	assert.deepEqual(Buffer.concat(bytes.application), END);
	assert.deepEqual(
		Buffer.concat(bytes.webServer),
		Buffer.concat([beginning(), record(5)]),
	);
});

test("what is left of a request that has ended is left out, and its body is closed", async (t) => {
	// This one answers at once, and reads on.
	const { exchange } = await opened(t, (socket) => {
		socket.write(END);
		socket.resume();
	});
	let left = false;
	const { script } = endlessRequest(() => {
		left = true;
	});
	const whole = await exchange.carryOut({ script, isRequest: true }, AT_ONCE);
	assert.equal(whole, false);
	assert.equal(exchange.over, false);
	await until("the body is closed", () => left);
});

test("what is left of a request is left out, too, where the application has answered and reads no more", async (t) => {
	const { exchange } = await opened(t, (socket) => {
		socket.once("data", () => {
			socket.pause();
			setTimeout(() => socket.write(END), 50);
		});
	});
	const { script } = endlessRequest();
	assert.equal(
		await exchange.carryOut({ script, isRequest: true }, AT_ONCE),
		false,
	);
});

test("a body that is waited for is not waited for when the connection is over", async (t) => {
	const { exchange } = await opened(t, (socket) => {
		socket.once("data", () => socket.end());
	});
	const script = {
		async *[Symbol.asyncIterator]() {
			yield write(beginning());
			await new Promise(() => {});
		},
	};
	assert.equal(await exchange.carryOut({ script }, AT_ONCE), false);
	assert.equal(exchange.over, true);
});

test("a wait of a request ends with its answer, and one of other records with the connection", async (t) => {
	const { exchange } = await opened(t, answering(false));
	const steps = [
		...requestSteps(true),
		{ kind: "wait", milliseconds: 60_000 } as const,
		write(record(2)),
	];
	assert.equal(
		await exchange.carryOut({ script: steps, isRequest: true }, AT_ONCE),
		false,
	);
	const closing = await opened(t, (socket) => {
		socket.once("data", () => socket.end());
	});
	await closing.exchange.carryOut({ script: steps }, AT_ONCE);
	assert.equal(closing.exchange.over, true);
});

test("an early close ends a script, and is no answer", async (t) => {
	const { exchange, closes } = await opened(t, (socket) => {
		socket.once("data", () => socket.end());
	});
	const { script } = endlessRequest();
	assert.equal(await exchange.carryOut({ script }, AT_ONCE), false);
	assert.deepEqual(closes, [["application", "fin"]]);
	assert.equal(exchange.stale, false);
});

test("what an application says before it takes no more is heard", async (t) => {
	const { exchange, bytes } = await opened(t, (socket) => {
		socket.once("data", () => {
			socket.pause();
			socket.write(record(6, Buffer.from("no")));
			socket.end(END);
			socket.once("finish", () => socket.destroy());
		});
	});
	await exchange.carryOut({ script: endlessRequest().script }, AT_ONCE);
	assert.deepEqual(
		Buffer.concat(bytes.application),
		Buffer.concat([record(6, Buffer.from("no")), END]),
	);
});

test("a reset is told as one", async (t) => {
	const { exchange, closes } = await opened(
		t,
		(socket) => {
			socket.once("data", () => socket.resetAndDestroy());
		},
		{ tcp: true },
	);
	await exchange.carryOut({ script: requestSteps() }, AT_ONCE);
	assert.deepEqual(closes, [["application", "rst"]]);
});

test("after a half-close, the application is heard to its end", async (t) => {
	const { exchange, bytes, closes } = await opened(t, (socket) => {
		socket.resume();
		socket.once("end", () => socket.end(END));
	});
	const script = [write(beginning()), { kind: "halfClose" } as const];
	await exchange.carryOut({ script }, AT_ONCE);
	await exchange.listen(1000);
	assert.deepEqual(Buffer.concat(bytes.application), END);
	assert.deepEqual(closes, [
		["webServer", "fin"],
		["application", "fin"],
	]);
});

test("a reset by us reaches the application", async (t) => {
	let error = "";
	const { exchange, closes } = await opened(
		t,
		(socket) => {
			socket.on("error", ({ message }) => {
				error = message;
			});
			// What has come with the reset would be taken for an end.
			socket.once("data", () => socket.write(record(10)));
		},
		{ tcp: true },
	);
	const script = [
		write(beginning()),
		{ kind: "waitFor", type: 10 } as const,
		{ kind: "reset" } as const,
	];
	await exchange.carryOut({ script }, AT_ONCE);
	assert.deepEqual(closes, [["webServer", "rst"]]);
	await until("the application sees it", () => error.includes("ECONNRESET"));
});

test("an application that does not read is not written to without end", async (t) => {
	const { exchange, bytes } = await opened(t, (socket) => {
		socket.pause();
	});
	const { script, given } = endlessRequest();
	const carriedOut = exchange.carryOut({ script }, AT_ONCE);
	let before = -1;
	await until("nothing is written any more", async () => {
		const more = given() !== before;
		before = given();
		await new Promise((resolve) => setTimeout(resolve, 50));
		return !more;
	});
	assert.equal(exchange.lateWith, "it read no more of what was sent");
	assert.ok(Buffer.concat(bytes.webServer).length < 5e6);
	exchange.close();
	assert.equal(await carriedOut, false);
});

test("waitFor waits for each record of a type once, and tells what did not come", async (t) => {
	const { exchange } = await opened(t, (socket) => {
		socket.once("data", () => {
			socket.write(record(10));
			setTimeout(() => socket.write(record(10)), 30);
			setTimeout(() => socket.end(), 60);
		});
	});
	const waitFor = { kind: "waitFor", type: 10 } as const;
	const script = [write(record(9)), waitFor, waitFor];
	assert.equal(await exchange.carryOut({ script }, AT_ONCE), true);
	assert.equal(exchange.missed, undefined);
	await exchange.carryOut({ script: [waitFor] }, AT_ONCE);
	assert.equal(exchange.missed, "FCGI_GET_VALUES_RESULT");
	assert.equal(exchange.lateWith, "no FCGI_END_REQUEST");
});

test("a kept connection that is closed before a word of the second request is stale", async (t) => {
	const { exchange } = await opened(t, (socket) => {
		onRequests(socket, (count) => {
			if (count === 1) socket.write(END);
			else socket.end();
		});
	});
	await exchange.carryOut({ script: requestSteps(true) }, AT_ONCE);
	assert.equal(exchange.toBeClosed, false);
	assert.equal(exchange.stale, false);
	await exchange.carryOut({ script: requestSteps(true) }, AT_ONCE);
	assert.equal(exchange.stale, true);
});

test("one that had begun to answer is not stale, and one that we closed neither", async (t) => {
	const app: OnSocket = (socket) => {
		onRequests(socket, (count) => {
			socket.write(count === 1 ? END : record(6, Buffer.from("x")));
			if (count === 2) socket.end();
		});
	};
	const answered = await opened(t, app);
	const closed = await opened(t, answering(false));
	for (const { exchange } of [answered, closed]) {
		await exchange.carryOut({ script: requestSteps(true) }, AT_ONCE);
	}
	await answered.exchange.carryOut({ script: requestSteps(true) }, AT_ONCE);
	assert.equal(answered.exchange.over, true);
	assert.equal(answered.exchange.stale, false);
	const script = [{ kind: "close" } as const];
	await closed.exchange.carryOut({ script }, AT_ONCE);
	assert.equal(closed.exchange.stale, false);
});

test("a script goes on at the pace that it is given", async (t) => {
	const { exchange, bytes } = await opened(t, answering());
	let go = () => {};
	const paced = exchange.carryOut({ script: requestSteps() }, () =>
		bytes.webServer.length === 0
			? undefined
			: new Promise((resolve) => {
					go = resolve;
				}),
	);
	await new Promise((resolve) => setTimeout(resolve, 30));
	assert.equal(bytes.webServer.length, 1);
	go();
	await paced;
	assert.equal(bytes.webServer.length, 2);
});

test("a pause holds what the application says back", async (t) => {
	const { exchange, bytes } = await opened(t, answering());
	exchange.pause();
	const carriedOut = exchange.carryOut({ script: requestSteps() }, AT_ONCE);
	await new Promise((resolve) => setTimeout(resolve, 50));
	assert.equal(bytes.application.length, 0);
	exchange.resume();
	await carriedOut;
	assert.equal(bytes.application.length > 0, true);
});

/** Listens in a process that was stopped, with as small a queue as there is, and fills it. */
async function fullBacklog(t: TestContext, tcp: boolean): Promise<Address> {
	const path = join(scratch(t), "full.sock");
	const where = tcp
		? `{ host: "127.0.0.1", port: 0, backlog: 1 }`
		: `{ path: ${JSON.stringify(path)}, backlog: 1 }`;
	const child = spawn(process.execPath, [
		"-e",
		`const server = require("node:net").createServer().listen(${where}, () => {
			console.log(server.address().port ?? 0);
			process.kill(process.pid, "SIGSTOP");
		});`,
	]);
	t.after(() => child.kill("SIGKILL"));
	const [line] = await once(child.stdout, "data");
	const port = Number(line);
	for (let i = 0; i < 4; i++) {
		const socket = connect(tcp ? { host: "127.0.0.1", port } : { path });
		socket.on("error", () => undefined);
		t.after(() => socket.destroy());
	}
	await new Promise((resolve) => setTimeout(resolve, 100));
	return tcp
		? { kind: "tcp", host: "127.0.0.1", port }
		: { kind: "unix", path };
}

for (const [name, address, code, message] of [
	[
		"a queue that is full, of a Unix socket",
		(t: TestContext) => fullBacklog(t, false),
		"connection-failed",
		/queue of connections is full.*\(EAGAIN\)/,
	],
	[
		"a queue that is full, of a port",
		(t: TestContext) => fullBacklog(t, true),
		"timed-out",
		/no connection within 0\.3 s \(--connect-timeout\)/,
	],
	[
		"a socket that is not there",
		async () => ({ kind: "unix", path: "/nowhere/app.sock" }) as const,
		"connection-failed",
		/no such socket \(ENOENT\)/,
	],
	[
		"a port that nobody listens on",
		async () => ({ kind: "tcp", host: "127.0.0.1", port: 1 }) as const,
		"connection-failed",
		/nobody listens there \(ECONNREFUSED\)/,
	],
] as const) {
	test(`${name} is one clear error`, async (t) => {
		const to = await address(t);
		await assert.rejects(
			Exchange.open(to, 300, NEVER, () => {}),
			(error) =>
				error instanceof FcgiInspectError &&
				error.code === code &&
				message.test(error.message),
		);
	});
}

test("connecting ends when it is given up", async (t) => {
	const to = await fullBacklog(t, true);
	const giveUp = new AbortController();
	const opening = Exchange.open(to, 60_000, giveUp.signal, () => {});
	giveUp.abort();
	await assert.rejects(opening, FcgiInspectError);
});
