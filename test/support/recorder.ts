// A FastCGI application that keeps what web servers send to it, and answers each request with the same few bytes.

import { chmodSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { decodeNameValues } from "../../src/fastcgi/name-values.js";
import { RecordDecoder } from "../../src/fastcgi/record-decoder.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import { scratch } from "./unix-application.js";

/** One record as it came: all that can be compared of it. */
export interface SeenRecord {
	readonly kind: string;
	readonly requestId: number;
	readonly contentLength: number;
	readonly paddingLength: number;
}

/** What one request was. */
export interface Seen {
	readonly records: readonly SeenRecord[];
	readonly params: readonly (readonly [name: string, value: string])[];
	readonly flags: number;
	readonly body: Buffer;
}

/** An application that listens. */
export interface Recorder {
	/** The path of its Unix socket. */
	readonly path: string;
	/** Requests that were answered, in order. */
	readonly seen: readonly Seen[];
}

/** Starts the application. */
export async function startRecorder(t: TestContext): Promise<Recorder> {
	const folder = scratch(t);
	const path = join(folder, "app.sock");
	const seen: Seen[] = [];
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		record(socket, seen);
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen({ path }, resolve);
	});
	chmodSync(folder, 0o755);
	chmodSync(path, 0o666);
	t.after(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	return { path, seen };
}

function record(socket: Socket, seen: Seen[]): void {
	const decoder = new RecordDecoder();
	let records: SeenRecord[] = [];
	let params: Buffer[] = [];
	let body: Buffer[] = [];
	let flags = 0;
	socket.on("error", () => undefined);
	socket.on("data", (bytes) => {
		for (const one of decoder.push(bytes)) {
			const { kind, requestId, contentLength, paddingLength } = one;
			records.push({ kind, requestId, contentLength, paddingLength });
			if (one.kind === "beginRequest") flags = one.body?.flags ?? 0;
			if (kind === "params") params.push(Buffer.from(one.contentData));
			if (kind !== "stdin") continue;
			body.push(Buffer.from(one.contentData));
			if (contentLength > 0) continue;
			const pairs = decodeNameValues(Buffer.concat(params)).pairs;
			seen.push({
				records,
				flags,
				body: Buffer.concat(body),
				params: pairs.map((pair) => [
					pair.name.toString("latin1"),
					pair.value.toString("latin1"),
				]),
			});
			records = [];
			params = [];
			body = [];
			answer(socket, requestId, (flags & 1) === 1);
		}
	});
}

function answer(socket: Socket, requestId: number, keep: boolean): void {
	const stdout = Buffer.from(
		"Status: 200\r\nContent-Type: text/plain\r\n\r\nok",
	);
	const bytes = Buffer.concat([
		encodeRecord({ type: 6, requestId, contentData: stdout }),
		encodeRecord({ type: 6, requestId }),
		encodeRecord({ type: 3, requestId, contentData: Buffer.alloc(8) }),
	]);
	if (keep) socket.write(bytes);
	else socket.end(bytes);
}
