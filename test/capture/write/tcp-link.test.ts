import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Chunk, Closing, Connection } from "../../../src/inspect/chunk.js";
import { seededRandom } from "../../support/any-cut.js";
import { newChunk, newConnection } from "../../support/conversation.js";
import { hasTshark } from "../../support/tshark.js";
import { CaptureMaker } from "../../support/written.js";

const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-tcp-link-"));
after(() => rmSync(folder, { recursive: true }));
const skip = hasTshark() ? false : "tshark is not installed";

function fileOf(chunks: readonly Chunk[], redacted = false): string {
	const maker = new CaptureMaker("tcp", redacted);
	for (const chunk of chunks) maker.push(chunk);
	const path = join(folder, `${Math.random()}.pcapng`);
	writeFileSync(path, maker.end().bytes);
	return path;
}

function tshark(path: string, options: readonly string[]): string[] {
	const output = execFileSync("tshark", ["-r", path, ...options], {
		encoding: "utf8",
		stdio: ["ignore", "pipe", "ignore"],
	});
	return output.split("\n").filter((line) => line !== "");
}

/** Source port, flags as letters, relative sequence and acknowledgement, and length of each segment. */
function segments(chunks: readonly Chunk[]): string[] {
	const fields = ["srcport", "flags.str", "seq", "ack", "len"];
	return tshark(fileOf(chunks), [
		...["-T", "fields", "-E", "separator=/s"],
		...fields.flatMap((field) => ["-e", `tcp.${field}`]),
	]).map((line) => line.replaceAll("·", ""));
}

const ENDS = {
	webServer: "10.0.0.1:40000",
	application: "10.0.0.2:9000",
} as const;
const NONE = Buffer.alloc(0);
const TEN = Buffer.alloc(10);

test("a conversation is a handshake, segments, and what ends it", {
	skip,
}, () => {
	const connection = newConnection(5, ENDS);
	const told = segments([
		newChunk(connection, "webServer", TEN),
		newChunk(connection, "application", Buffer.alloc(65_001)),
		newChunk(connection, "webServer", NONE, { closes: "fin" }),
		newChunk(connection, "application", TEN, { closes: "fin" }),
	]);
	assert.deepEqual(told, [
		"40000 S 0 0 0",
		"9000 AS 0 1 0",
		"40000 A 1 1 0",
		"40000 AP 1 1 10",
		"9000 A 1 11 65000",
		"9000 AP 65001 11 1",
		"40000 AF 11 65002 0",
		"9000 A 65002 12 0",
		"9000 AP 65002 12 10",
		"9000 AF 65012 12 0",
		"40000 A 12 65013 0",
	]);
});

test("without a start there is no handshake; missing bytes are missing in the numbers", {
	skip,
}, () => {
	const connection = newConnection(0, { ...ENDS, startSeen: false });
	const told = segments([
		newChunk(connection, "webServer", TEN),
		newChunk(connection, "webServer", TEN, { missingBefore: 100 }),
		newChunk(connection, "application", NONE, { closes: "rst" }),
	]);
	assert.deepEqual(told, [
		"40000 AP 1 1 10",
		"9000 A 1 111 0",
		"40000 AP 111 1 10",
		"9000 AR 1 121 0",
	]);
});

test("a refused connection is a SYN and a reset", { skip }, () => {
	const connection = newConnection(0, { ...ENDS, refused: true });
	const told = segments([
		newChunk(connection, "application", NONE, { closes: "rst" }),
	]);
	assert.deepEqual(told, ["40000 S 0 0 0", "9000 AR 1 1 0"]);
});

/** Some connections at once, of which both ends say and close at random, in chunks of up to 200,000 bytes. */
function conversations(seed: number): Chunk[] {
	const random = seededRandom(seed);
	const below = (limit: number) => Math.floor(random() * limit);
	const open: { connection: Connection; closed: Set<string> }[] = [];
	const chunks: Chunk[] = [];
	const applications = ["/run/a.sock", "@b", "10.0.0.1:9000", "[::1]:9000"];
	for (let i = 0, number = 0; i < 1500; i++) {
		const timestamp = 1_700_000_000 + i / 1000;
		while (open.length < 10) {
			const connection = newConnection(number++, {
				startSeen: random() < 0.8,
				application: applications[below(4)] as string,
			});
			open.push({ connection, closed: new Set() });
		}
		const at = below(open.length);
		const { connection, closed } = open[at] as (typeof open)[0];
		const from = random() < 0.5 ? "webServer" : "application";
		if (closed.has(from)) continue;
		let closes: Closing | undefined;
		if (random() < 0.1) closes = random() < 0.7 ? "fin" : "rst";
		const length = random() < 0.02 ? below(200_000) : below(3000);
		const bytes = Buffer.alloc(random() < 0.3 ? 0 : length);
		for (let j = 0; j < bytes.length; j++) bytes[j] = below(256);
		if (bytes.length === 0 && closes === undefined) continue;
		chunks.push(newChunk(connection, from, bytes, { timestamp, closes }));
		if (closes !== undefined) closed.add(from);
		if (closes === "rst" || closed.size === 2) open.splice(at, 1);
	}
	return chunks;
}

const COMPLAINTS =
	"tcp.analysis.flags || ip.checksum.status == 0 || tcp.checksum.status == 0";

for (const redacted of [false, true]) {
	test(`of random conversations${redacted ? " without secrets" : ""}, tshark has no complaint, and each connection is one`, {
		skip,
	}, () => {
		const chunks = conversations(redacted ? 1 : 2);
		const path = fileOf(chunks, redacted);
		const complaints = tshark(path, [
			...["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"],
			...["-Y", COMPLAINTS],
		]);
		assert.deepEqual(complaints, []);
		const streams = tshark(path, [
			...["-Y", "tcp", "-T", "fields", "-e", "tcp.stream"],
		]);
		const connections = new Set(chunks.map(({ connection }) => connection));
		assert.equal(new Set(streams).size, connections.size);
	});
}

test("the paths of sockets are names of the addresses that stand for them", {
	skip,
}, () => {
	const path = fileOf(conversations(3));
	const hosts = tshark(path, ["-q", "-z", "hosts"]);
	// In the order of a hash table of tshark's.
	assert.deepEqual(
		hosts
			.filter((line) => !line.startsWith("#"))
			.map((line) => line.split("\t")[1])
			.sort(),
		["/run/a.sock", "@b"],
	);
});

test("tcpdump reads it to its end", (t) => {
	if (spawnSync("tcpdump", ["--version"]).status !== 0) {
		if (process.env.CI) throw new Error("CI has to have tcpdump");
		t.skip("tcpdump is not installed");
		return;
	}
	const path = fileOf(conversations(4));
	const result = spawnSync("tcpdump", ["-nr", path], { encoding: "utf8" });
	assert.equal(result.status, 0);
	assert.doesNotMatch(result.stderr, /pcap_loop|truncated/);
	const packets = tshark(path, ["-T", "fields", "-e", "frame.number"]);
	assert.equal(result.stdout.match(/^\d/gm)?.length, packets.length);
});
