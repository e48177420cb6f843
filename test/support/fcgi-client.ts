// A small web server's end for tests: asks an application, and tells what it answered.

import { connect, type Socket } from "node:net";
import {
	FCGI_KEEP_CONN,
	FCGI_MAX_LENGTH,
} from "../../src/fastcgi/constants.js";
import { encodeNameValue } from "../../src/fastcgi/name-values.js";
import type { FcgiRecord } from "../../src/fastcgi/record.js";
import { RecordDecoder } from "../../src/fastcgi/record-decoder.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import { type Address, netOptions } from "../../src/live/address.js";

/** A request. */
export interface Question {
	readonly params?: Readonly<Record<string, string>>;
	/** The body. Where there is one, CONTENT_LENGTH is its length and the method POST, whatever the parameters say. */
	readonly stdin?: Buffer | string;
	/** FCGI_DATA, for a filter. */
	readonly data?: Buffer | string;
	/** 1 responder, 2 authorizer, 3 filter; 1 by default. */
	readonly role?: number;
	/** The request's id; 1 by default. */
	readonly id?: number;
	/** Whether the connection is to be kept; an {@link FcgiClient} does so by default. */
	readonly keepConn?: boolean;
}

/** What came of it. */
export interface Answer {
	/** All of FCGI_STDOUT. */
	readonly stdout: Buffer;
	readonly stderr: string;
	/** Of FCGI_END_REQUEST; undefined where the connection ended without it. */
	readonly appStatus: number | undefined;
	readonly protocolStatus: number | undefined;
	/** The HTTP status; 200 where the answer has none. */
	readonly status: number;
	/** What follows the head of the answer. */
	readonly body: Buffer;
	/** The body as text. */
	readonly text: string;
	/** The lines of the body such as `pid 1234`, by their first word. */
	readonly lines: Readonly<Record<string, string>>;
}

/** An answer that has not come by then does not come. */
const TIMEOUT_MS = 20_000;

/** Asks on a connection of its own. Rejects where it is refused, is reset or takes too long. */
export async function ask(
	address: Address,
	question: Question,
): Promise<Answer> {
	const client = await FcgiClient.connect(address);
	try {
		return await client.ask({ keepConn: false, ...question });
	} finally {
		client.close();
	}
}

/** A connection to an application, for one request after the other. */
export class FcgiClient {
	readonly #socket: Socket;
	#records = new RecordDecoder();

	private constructor(socket: Socket) {
		this.#socket = socket;
	}

	static connect(address: Address): Promise<FcgiClient> {
		return new Promise((resolve, reject) => {
			const socket = connect(netOptions(address));
			socket.once("error", reject);
			socket.once("connect", () => {
				socket.off("error", reject);
				socket.on("error", () => undefined);
				resolve(new FcgiClient(socket));
			});
		});
	}

	/** Sends a request and waits for its end, or for that of the connection. */
	ask(question: Question): Promise<Answer> {
		const socket = this.#socket;
		const stdout: Buffer[] = [];
		const stderr: Buffer[] = [];
		let end: FcgiRecord | undefined;
		const take = (bytes: Buffer) => {
			for (const record of this.#records.push(bytes)) {
				if (record.kind === "stdout") {
					stdout.push(Buffer.from(record.contentData));
				}
				if (record.kind === "stderr") {
					stderr.push(Buffer.from(record.contentData));
				}
				if (record.kind === "endRequest") end = record;
			}
			return end !== undefined;
		};
		return new Promise<void>((resolve, reject) => {
			socket.on("data", (bytes) => {
				if (take(bytes)) resolve();
			});
			socket.once("end", resolve);
			socket.once("error", reject);
			socket.once("close", () => resolve());
			socket.setTimeout(TIMEOUT_MS, () => {
				reject(new Error(`no answer within ${TIMEOUT_MS} ms`));
			});
			socket.write(encodeQuestion({ keepConn: true, ...question }));
		})
			.then(() => answerOf(Buffer.concat(stdout), Buffer.concat(stderr), end))
			.finally(() => {
				socket.removeAllListeners();
				socket.on("error", () => undefined);
				socket.setTimeout(0);
			});
	}

	close(): void {
		this.#socket.destroy();
	}
}

/** The records of a request, as a well-behaved web server sends them. */
export function encodeQuestion(question: Question): Buffer {
	const { stdin = "", data, role = 1, id = 1, keepConn = false } = question;
	const body = Buffer.from(stdin);
	const params: Record<string, string> = {
		...(question.params ?? {}),
		...(body.length === 0
			? {}
			: { CONTENT_LENGTH: `${body.length}`, REQUEST_METHOD: "POST" }),
	};
	const begin = Buffer.alloc(8);
	begin.writeUInt16BE(role, 0);
	begin[2] = keepConn ? FCGI_KEEP_CONN : 0;
	const pairs = Object.entries(params).map(([name, value]) =>
		encodeNameValue(name, value),
	);
	return Buffer.concat([
		encodeRecord({ type: 1, requestId: id, contentData: begin }),
		...stream(4, id, Buffer.concat(pairs)),
		...stream(5, id, body),
		...(data === undefined ? [] : stream(8, id, Buffer.from(data))),
	]);
}

/** A stream's records, the empty one last. */
function stream(type: number, requestId: number, bytes: Buffer): Buffer[] {
	const records: Buffer[] = [];
	for (let at = 0; at < bytes.length; at += FCGI_MAX_LENGTH) {
		const contentData = bytes.subarray(at, at + FCGI_MAX_LENGTH);
		records.push(encodeRecord({ type, requestId, contentData }));
	}
	return [...records, encodeRecord({ type, requestId })];
}

function answerOf(
	stdout: Buffer,
	stderr: Buffer,
	end: FcgiRecord | undefined,
): Answer {
	const [head = ""] = stdout.toString("latin1", 0, 8192).split(/\r?\n\r?\n/, 1);
	const separator = stdout[head.length] === 0x0d ? 4 : 2;
	const body = stdout.subarray(head.length + separator);
	const ended = end?.kind === "endRequest" ? end.body : undefined;
	return {
		stdout,
		stderr: stderr.toString("utf8"),
		appStatus: ended?.appStatus,
		protocolStatus: ended?.protocolStatus,
		status: Number(/^Status: (\d+)/im.exec(head)?.[1] ?? 200),
		body,
		get text() {
			return body.toString("utf8");
		},
		get lines() {
			const lines = body.toString("utf8").matchAll(/^(\w+) (.*)$/gm);
			return Object.fromEntries(
				[...lines].map(([, name, rest]) => [name, rest]),
			);
		},
	};
}
