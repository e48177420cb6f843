// Real conversations as captures without TCP: exported units of FastCGI as Wireshark writes them, and what sockdump writes
// of Unix sockets. What is known of the capture that they are from is true of them as well.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openCapture } from "../src/capture/open-capture.js";
import { encodeRecord } from "../src/fastcgi/record-encoder.js";
import { eachEvent, recordsOf } from "./support/decoded.js";
import { type Datagram, pcapOf } from "./support/encapsulation.js";
import { disagreements, type TrueFile } from "./support/truth.js";
import { hasTshark, tsharkRecords } from "./support/tshark.js";

const CAPTURES = fileURLToPath(new URL("../../captures/", import.meta.url));
const TRUTH: readonly TrueFile[] = JSON.parse(
	readFileSync(`${CAPTURES}truth.json`, "utf8"),
);
const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-"));
after(() => rmSync(folder, { recursive: true }));

function tag(type: number, value: Buffer): Buffer {
	const padded = Buffer.concat([value, Buffer.alloc(-value.length & 3)]);
	const head = Buffer.alloc(4);
	head.writeUInt16BE(type, 0);
	head.writeUInt16BE(padded.length, 2);
	return Buffer.concat([head, padded]);
}

function word(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
}

/** `127.0.0.1:9000` or `[::1]:9000` as its bytes. */
function endOf(text: string): { address: Buffer; port: number } {
	const [, host = "", port] = /^(.*):(\d+)$/.exec(text) ?? [];
	const address =
		host === "[::1]"
			? Buffer.from(`${"00".repeat(15)}01`, "hex")
			: Buffer.from(host.split(".").map(Number));
	return { address, port: Number(port) };
}

/** Tags as Wireshark writes them. */
function tagsOf(source: string, destination: string, nameTag: number): Buffer {
	const from = endOf(source);
	const to = endOf(destination);
	const six = from.address.length === 16;
	return Buffer.concat([
		tag(nameTag, Buffer.from("fcgi")),
		tag(six ? 22 : 20, from.address),
		tag(six ? 23 : 21, to.address),
		tag(24, word(2)),
		tag(25, word(from.port)),
		tag(26, word(to.port)),
		tag(30, word(7)),
		tag(0, Buffer.alloc(0)),
	]);
}

/** Of a pair of IPv4 addresses. */
const TAGS_LENGTH = 60;

async function exportedRecords(
	base: string,
	nameTag: number,
): Promise<Datagram[]> {
	const frames: Datagram[] = [];
	await eachEvent(`${CAPTURES}${base}`, (event) => {
		if (event.kind !== "record") return;
		const { webServer = "", application = "" } = event.connection;
		const toApplication = event.from === "webServer";
		const tags = toApplication
			? tagsOf(webServer, application, nameTag)
			: tagsOf(application, webServer, nameTag);
		const bytes = Buffer.concat([tags, encodeRecord(event.record)]);
		frames.push({ timestamp: event.timestamp ?? 0, bytes });
	});
	return frames;
}

for (const base of [
	"05-nginx-fpm-keepalive.pcap",
	"14-haproxy-mux-go.pcap",
	"40-ipv6-loopback.pcap",
]) {
	const known = TRUTH.find(({ file }) => file === base) as TrueFile;
	for (const [name, nameTag] of [
		["dissector", 12],
		["heuristic", 13],
	] as const) {
		test(`${base}, exported by the name of a ${name}, decodes to what is known of it`, async () => {
			const path = join(folder, `${nameTag} ${base}`);
			writeFileSync(path, pcapOf(252, await exportedRecords(base, nameTag)));
			assert.deepEqual(await disagreements(path, known), []);
		});
	}

	test(`${base}, exported: the records are tshark's, which needs no word of ports`, {
		skip: hasTshark() ? false : "tshark is not installed",
	}, async () => {
		const path = join(folder, `tshark ${base}`);
		writeFileSync(path, pcapOf(252, await exportedRecords(base, 12)));
		const told = (records: Awaited<ReturnType<typeof recordsOf>>) =>
			records.map(({ type, requestId, contentLength, paddingLength }) =>
				[type, requestId, contentLength, paddingLength].join(" "),
			);
		assert.deepEqual(
			told(await recordsOf(path)),
			told(tsharkRecords(path, [])),
		);
	});

	for (const old of [false, true]) {
		test(`${base}, as sockdump${old ? " once" : ""} wrote it, decodes to what is known of it`, async () => {
			const path = join(folder, `sockdump ${old} ${base}`);
			writeFileSync(path, pcapOf(147, await sockdumpFrames(base, old)));
			assert.deepEqual(await disagreements(path, asPids(known)), []);
		});
	}
}

/**
 * Each connection is of a process of its own. It sends to the parent that listens; a child of it answers. A path of the
 * abstract namespace starts with a zero.
 */
async function sockdumpFrames(base: string, old: boolean): Promise<Datagram[]> {
	const frames: Datagram[] = [];
	const path = Buffer.alloc(109);
	path.write("\0\0fpm", "latin1");
	path[0] = 4;
	const source = await openCapture(`${CAPTURES}${base}`);
	for await (const chunks of source) {
		for (const { connection, from, bytes, timestamp } of chunks) {
			if (bytes.length === 0) continue;
			const client = 1000 + connection.number;
			const pids =
				from === "webServer"
					? [500, client]
					: [client, 501 + connection.number];
			const header = Buffer.concat([
				...(old ? [] : [path]),
				...pids.flatMap((pid) => [word(0), word(pid)]),
			]);
			frames.push({
				timestamp: timestamp ?? 0,
				bytes: Buffer.concat([header, bytes]),
			});
		}
	}
	return frames;
}

/** What is known of the original, with process numbers for addresses. */
function asPids(known: TrueFile): TrueFile {
	const conns = known.truth.conns.map((_, number) => ({
		client: `pid ${1000 + number}`,
	}));
	return { ...known, truth: { ...known.truth, conns } };
}

test("an application's address is the path of its socket", async () => {
	const base = "40-ipv6-loopback.pcap";
	const path = join(folder, "path");
	writeFileSync(path, pcapOf(147, await sockdumpFrames(base, false)));
	const addresses = new Set<string | undefined>();
	await eachEvent(path, ({ connection }) =>
		addresses.add(connection.application),
	);
	assert.deepEqual([...addresses], ["@fpm"]);
});

for (const skip of [0, 3, 16, 125]) {
	test(`a header of ${skip} bytes is skipped, and record types tell the sides`, async () => {
		const base = "14-haproxy-mux-go.pcap";
		const known = TRUTH.find(({ file }) => file === base) as TrueFile;
		const frames = await exportedRecords(base, 12);
		const header = Buffer.alloc(skip, 0xff);
		const path = join(folder, `skip ${skip}`);
		const bare = frames.map(({ timestamp, bytes }) => ({
			timestamp,
			bytes: Buffer.concat([header, bytes.subarray(TAGS_LENGTH)]),
		}));
		writeFileSync(path, pcapOf(150, bare));
		const source = await openCapture(path, { skip });
		let bytes = 0;
		const from = new Set<string>();
		for await (const chunks of source) {
			for (const chunk of chunks) {
				bytes += chunk.bytes.length;
				from.add(`${chunk.connection.number} ${chunk.from}`);
			}
		}
		assert.equal(bytes, 13_337 + 65_328);
		assert.deepEqual([...from].sort(), ["0 application", "0 webServer"]);
		assert.equal(known.truth.connections, 1);
	});
}
