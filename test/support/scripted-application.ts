// Applications in the test's own process that do what a test says with each connection, and the requests that are sent to
// them.

import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { RecordDecoder } from "../../src/fastcgi/record-decoder.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import type { Step } from "../../src/fastcgi/step.js";
import type { Address } from "../../src/live/address.js";
import { scratch } from "./unix-application.js";

/** What an application does with a connection; `number` counts them from 0. */
export type OnSocket = (socket: Socket, number: number) => void;

/** Starts one at a Unix socket, or with `tcp` at a port; it ends with the test. */
export async function scriptedApplication(
	t: TestContext,
	onSocket: OnSocket,
	{ tcp = false } = {},
): Promise<Address> {
	const sockets = new Set<Socket>();
	let number = 0;
	const server = createServer({ allowHalfOpen: true }, (socket) => {
		sockets.add(socket);
		socket.on("error", () => undefined);
		onSocket(socket, number++);
	});
	t.after(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	const path = join(scratch(t), "app.sock");
	await new Promise<void>((resolve) => {
		server.listen(tcp ? { host: "127.0.0.1", port: 0 } : { path }, resolve);
	});
	const address = server.address();
	return typeof address === "object" && address !== null
		? { kind: "tcp", host: "127.0.0.1", port: address.port }
		: { kind: "unix", path };
}

const BEGIN_REQUEST = 1;
const END_REQUEST = 3;
const STDIN = 5;

/** Calls back when the input of a request is complete, with how many there were on this connection. */
export function onRequests(
	socket: Socket,
	asked: (count: number) => void,
): void {
	const decoder = new RecordDecoder();
	let count = 0;
	socket.on("data", (bytes) => {
		for (const { type, contentLength } of decoder.push(bytes)) {
			if (type === STDIN && contentLength === 0) asked(++count);
		}
	});
}

/** Answers each request, and closes where `closes` says so. */
export function answering(closes = true): OnSocket {
	return (socket) => {
		onRequests(socket, () => {
			socket.write(END);
			if (closes) socket.end();
		});
	};
}

/** FCGI_END_REQUEST of request 1. */
export const END = record(END_REQUEST, Buffer.alloc(8));

/** A record of request 1. */
export function record(type: number, contentData = Buffer.alloc(0)): Buffer {
	return encodeRecord({ type, requestId: 1, contentData });
}

/** The steps of a whole request. */
export function requestSteps(keepConn = false): readonly Step[] {
	return [write(beginning(keepConn)), write(record(STDIN))];
}

/** Its first two records. */
export function beginning(keepConn = false): Buffer {
	const flags = keepConn ? 1 : 0;
	return Buffer.concat([
		record(BEGIN_REQUEST, Buffer.from([0, 1, flags, 0, 0, 0, 0, 0])),
		record(4),
	]);
}

/** A step. */
export function write(bytes: Buffer): Step {
	return { kind: "write", bytes };
}

/** The steps of a request whose input does not end; `given` counts its pieces, `left` is called when nobody wants more. */
export function endlessRequest(left: () => void = () => {}): {
	readonly script: AsyncIterable<Step>;
	readonly given: () => number;
} {
	let given = 0;
	return {
		given: () => given,
		script: {
			async *[Symbol.asyncIterator]() {
				try {
					yield write(beginning());
					for (;;) {
						given++;
						yield write(record(STDIN, Buffer.alloc(60_000)));
					}
				} finally {
					left();
				}
			},
		},
	};
}
