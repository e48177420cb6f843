// Writes a capture of any size of what a busy site's FastCGI looks like on the wire between two machines: pages, small
// answers, downloads and uploads, on fresh and on kept connections, eight at a time. The packets are modelled on
// captures/44-rawip-tun.pcap: 1,448 bytes a segment, TCP timestamps, and each segment acknowledged by itself. The same seed
// gives the same file.

import { closeSync, openSync, writeSync } from "node:fs";
import {
	encodeBeginRequest,
	encodeEndRequest,
} from "../../src/fastcgi/body.js";
import { encodeNameValue } from "../../src/fastcgi/name-values.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import { splitStream } from "../../src/fastcgi/split-stream.js";
import { seededRandom } from "../support/any-cut.js";

const TCP_HEADER = 20 + 12;
const FRAME_HEADERS = 14 + 20 + TCP_HEADER;
const MSS = 1448;
const CONNECTIONS_AT_ONCE = 8;
const WRITE_EVERY = 1 << 20;

const SYN = 0x02;
const ACK = 0x10;
const PSH_ACK = 0x18;
const FIN_ACK = 0x11;

/** How many bytes requests carry, and how often which kind comes. */
export interface Mix {
	readonly name: string;
	/** Chance, and the range of body bytes, of each kind. */
	readonly kinds: readonly {
		readonly chance: number;
		readonly stdin: readonly [number, number];
		readonly stdout: readonly [number, number];
	}[];
}

/** A shop: mostly pages, some small answers, a few downloads and uploads. */
export const SITE: Mix = {
	name: "site",
	kinds: [
		{ chance: 0.6, stdin: [0, 0], stdout: [8_000, 60_000] },
		{ chance: 0.25, stdin: [0, 2_000], stdout: [200, 2_000] },
		{ chance: 0.1, stdin: [0, 0], stdout: [100_000, 1_000_000] },
		{ chance: 0.05, stdin: [20_000, 300_000], stdout: [200, 2_000] },
	],
};

/** The hardest diet: nothing but small requests with small answers. */
export const SMALL: Mix = {
	name: "small",
	kinds: [{ chance: 1, stdin: [0, 0], stdout: [200, 1_000] }],
};

/** Writes a capture of at least `bytes` bytes and returns how many requests are in it. */
export function makeCapture(path: string, bytes: number, mix: Mix): number {
	const writer = new PacketWriter(path);
	const random = seededRandom(1);
	const slots: Generator<void>[] = [];
	let requests = 0;
	const count = () => requests++;
	while (writer.written < bytes || slots.length > 0) {
		if (writer.written < bytes && slots.length < CONNECTIONS_AT_ONCE) {
			slots.push(connection(writer, random, mix, count));
		}
		const at = Math.floor(random() * slots.length);
		if (slots[at]?.next().done) slots.splice(at, 1);
	}
	writer.close();
	return requests;
}

let nextPort = 1024;

/** One connection, a packet or an acknowledgement at each step. */
function* connection(
	writer: PacketWriter,
	random: () => number,
	mix: Mix,
	count: () => void,
): Generator<void> {
	nextPort = nextPort >= 60_000 ? 1024 : nextPort + 1;
	const ends = {
		port: nextPort,
		sent: { client: 1000, server: 5000 },
	};
	writer.packet(ends, "client", SYN, NO_BYTES, 0);
	ends.sent.client++;
	writer.packet(ends, "server", SYN | ACK, NO_BYTES, 0);
	ends.sent.server++;
	writer.packet(ends, "client", ACK, NO_BYTES, 0);
	yield;
	const keepConn = random() < 0.5;
	const requests = keepConn ? 1 + Math.floor(random() * 20) : 1;
	for (let i = 0; i < requests; i++) {
		count();
		const kind = pick(mix, random);
		const stdin = sizeIn(kind.stdin, random);
		const stdout = sizeIn(kind.stdout, random);
		yield* send(writer, ends, "client", requestBytes(keepConn, stdin, i));
		yield* send(writer, ends, "server", responseBytes(stdout));
	}
	writer.packet(ends, "server", FIN_ACK, NO_BYTES, 0);
	ends.sent.server++;
	writer.packet(ends, "client", FIN_ACK, NO_BYTES, 0);
	ends.sent.client++;
	writer.packet(ends, "server", ACK, NO_BYTES, 0);
}

type End = "client" | "server";
interface Ends {
	readonly port: number;
	readonly sent: Record<End, number>;
}

function* send(
	writer: PacketWriter,
	ends: Ends,
	from: End,
	bytes: Buffer,
): Generator<void> {
	const to = from === "client" ? "server" : "client";
	for (let at = 0, packets = 0; at < bytes.length; packets++) {
		const length = Math.min(MSS, bytes.length - at);
		writer.packet(ends, from, PSH_ACK, bytes, at, length);
		ends.sent[from] += length;
		at += length;
		writer.packet(ends, to, ACK, NO_BYTES, 0);
		if (packets % 8 === 7) yield;
	}
}

const NO_BYTES = Buffer.alloc(0);

function pick(mix: Mix, random: () => number): Mix["kinds"][number] {
	let left = random();
	for (const kind of mix.kinds) {
		left -= kind.chance;
		if (left <= 0) return kind;
	}
	return mix.kinds[0] as Mix["kinds"][number];
}

function sizeIn(
	[least, most]: readonly [number, number],
	random: () => number,
): number {
	return least + Math.floor(random() * (most - least));
}

/** The parameters that nginx's own fastcgi.conf sends, and what browsers add. */
function params(stdin: number, number: number): Buffer {
	const pairs: readonly (readonly [string, string])[] = [
		["QUERY_STRING", `sku=${number}&lang=en`],
		["REQUEST_METHOD", stdin > 0 ? "POST" : "GET"],
		["CONTENT_TYPE", stdin > 0 ? "application/octet-stream" : ""],
		["CONTENT_LENGTH", stdin > 0 ? String(stdin) : ""],
		["SCRIPT_NAME", "/product.php"],
		["REQUEST_URI", `/product.php?sku=${number}&lang=en`],
		["DOCUMENT_URI", "/product.php"],
		["DOCUMENT_ROOT", "/srv/shop/public"],
		["SERVER_PROTOCOL", "HTTP/1.1"],
		["REQUEST_SCHEME", "https"],
		["GATEWAY_INTERFACE", "CGI/1.1"],
		["SERVER_SOFTWARE", "nginx/1.22.1"],
		["REMOTE_ADDR", "198.51.100.7"],
		["REMOTE_PORT", "51034"],
		["SERVER_ADDR", "192.0.2.10"],
		["SERVER_PORT", "443"],
		["SERVER_NAME", "shop.example"],
		["REDIRECT_STATUS", "200"],
		["SCRIPT_FILENAME", "/srv/shop/public/product.php"],
		["HTTP_HOST", "shop.example"],
		["HTTP_USER_AGENT", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0)"],
		["HTTP_ACCEPT", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"],
		["HTTP_COOKIE", `session=${"0123456789abcdef".repeat(2)}; theme=dark`],
	];
	return Buffer.concat(
		pairs.map(([name, value]) =>
			encodeNameValue(Buffer.from(name), Buffer.from(value)),
		),
	);
}

function requestBytes(keepConn: boolean, stdin: number, number: number) {
	return Buffer.concat(
		[
			{
				type: 1,
				requestId: 1,
				contentData: encodeBeginRequest({
					role: 1,
					flags: keepConn ? 1 : 0,
				}),
			},
			...splitStream(4, 1, params(stdin, number), { padding: "align8" }),
			...splitStream(5, 1, filler(stdin), {
				padding: "align8",
				recordSize: 32_768,
			}),
		].map(encodeRecord),
	);
}

/** As php-fpm answers: records of 8,184 bytes, no empty STDOUT. */
function responseBytes(stdout: number): Buffer {
	const head =
		"X-Powered-By: PHP/8.2.36\r\nContent-type: text/html; charset=UTF-8\r\n\r\n";
	const content = Buffer.concat([Buffer.from(head), filler(stdout)]);
	const records = splitStream(6, 1, content, {
		padding: "align8",
		recordSize: 8_184,
	});
	return Buffer.concat(
		[
			...records.slice(0, -1),
			{
				type: 3,
				requestId: 1,
				contentData: encodeEndRequest({ appStatus: 0, protocolStatus: 0 }),
			},
		].map(encodeRecord),
	);
}

const TEXT = Buffer.from(
	"<p>The quick brown fox jumps over the lazy dog.</p>\n".repeat(24_000),
);

function filler(length: number): Buffer {
	return TEXT.subarray(0, length);
}

/** Writes a classic pcap file, a block at a time. */
class PacketWriter {
	readonly #file: number;
	readonly #block = Buffer.alloc(WRITE_EVERY + 65_536);
	#filled = 0;
	#flushed = 0;
	#microseconds = 0;

	constructor(path: string) {
		this.#file = openSync(path, "w");
		const header = this.#block;
		header.writeUInt32LE(0xa1b2c3d4, 0);
		header.writeUInt16LE(2, 4);
		header.writeUInt16LE(4, 6);
		header.writeUInt32LE(262_144, 16);
		header.writeUInt32LE(1, 20);
		this.#filled = 24;
	}

	get written(): number {
		return this.#flushed + this.#filled;
	}

	packet(
		ends: Ends,
		from: End,
		flags: number,
		bytes: Buffer,
		at: number,
		length = 0,
	): void {
		const block = this.#block;
		let to = this.#filled;
		const captured = FRAME_HEADERS + length;
		this.#microseconds += 7;
		block.writeUInt32LE(
			1_700_000_000 + Math.floor(this.#microseconds / 1e6),
			to,
		);
		block.writeUInt32LE(this.#microseconds % 1e6, to + 4);
		block.writeUInt32LE(captured, to + 8);
		block.writeUInt32LE(captured, to + 12);
		to += 16;
		block.fill(0, to, to + FRAME_HEADERS);
		block[to + 12] = 0x08;
		to += 14;
		block[to] = 0x45;
		block.writeUInt16BE(20 + TCP_HEADER + length, to + 2);
		block[to + 8] = 64;
		block[to + 9] = 6;
		const client = from === "client";
		block.writeUInt32BE(client ? 0xc0000201 : 0xc0000202, to + 12);
		block.writeUInt32BE(client ? 0xc0000202 : 0xc0000201, to + 16);
		to += 20;
		block.writeUInt16BE(client ? ends.port : 9000, to);
		block.writeUInt16BE(client ? 9000 : ends.port, to + 2);
		block.writeUInt32BE(ends.sent[from] >>> 0, to + 4);
		block.writeUInt32BE(ends.sent[client ? "server" : "client"] >>> 0, to + 8);
		block[to + 12] = (TCP_HEADER / 4) << 4;
		block[to + 13] = flags;
		block.writeUInt16BE(65_535, to + 14);
		// Two no-operations and a timestamp, as Linux writes them.
		block.writeUInt32BE(0x0101080a, to + 20);
		block.writeUInt32BE(Math.floor(this.#microseconds / 1000), to + 24);
		bytes.copy(block, to + TCP_HEADER, at, at + length);
		this.#filled = to + TCP_HEADER + length;
		if (this.#filled >= WRITE_EVERY) this.#flush();
	}

	close(): void {
		this.#flush();
		closeSync(this.#file);
	}

	#flush(): void {
		writeSync(this.#file, this.#block, 0, this.#filled);
		this.#flushed += this.#filled;
		this.#filled = 0;
	}
}
