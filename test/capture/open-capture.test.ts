// The door to the file system: regular files, pipes, and everything that cannot be read.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
	chmodSync,
	createWriteStream,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	realpathSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openCapture } from "../../src/capture/open-capture.js";
import { FcgiInspectError } from "../../src/errors.js";

const CAPTURES = fileURLToPath(new URL("../../../captures/", import.meta.url));
const BASIC = join(CAPTURES, "01-nginx-fpm-basic.pcap");
const LARGE = join(CAPTURES, "70-lossy-client-side.pcap");
const MODULE = new URL("../../src/capture/open-capture.js", import.meta.url);

const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-"));
after(() => rmSync(folder, { recursive: true }));

/** The bytes of all chunks, and the report. */
async function readAll(path: string) {
	const source = await openCapture(path, { ports: [] });
	const parts: Buffer[] = [];
	for await (const batch of source) {
		for (const { bytes } of batch) parts.push(Buffer.from(bytes));
	}
	return { bytes: Buffer.concat(parts), report: source.report };
}

/** A capture of more than two blocks: the packets of a real one again and again, from other addresses. */
function longCapture(): Buffer {
	const file = readFileSync(LARGE);
	const parts = [file.subarray(0, 24)];
	for (let round = 0; round < 12; round++) {
		const copy = Buffer.from(file.subarray(24));
		for (let at = 0; at < copy.length; at += 16 + copy.readUInt32LE(at + 8)) {
			copy.writeUInt32LE(copy.readUInt32LE(at) + 100 * round, at);
			// Ethernet or raw IP: the addresses' second byte, behind twelve bytes of the IP header.
			const ip = at + 16 + (copy[at + 16] === 0x45 ? 0 : 14);
			copy[ip + 13] = copy[ip + 17] = round;
		}
		parts.push(copy);
	}
	return Buffer.concat(parts);
}

test("a file of several blocks is read whole, and as a pipe would be", async () => {
	const path = join(folder, "long.pcap");
	const capture = longCapture();
	assert.ok(capture.length > 3 * 2 ** 20, `${capture.length} bytes`);
	writeFileSync(path, capture);
	const once = await readAll(LARGE);
	const { bytes, report } = await readAll(path);
	assert.equal(bytes.length, 12 * once.bytes.length);
	assert.deepEqual(report, {
		format: "pcap",
		truncated: false,
		remarks: [],
		otherConnections: 0,
	});
	assert.deepEqual(await fromPipe(path), { length: bytes.length });
});

/** Reads standard input in another process, and tells how many bytes the chunks had. */
const COUNT = `
	import { openCapture } from ${JSON.stringify(MODULE.href)};
	let length = 0;
	const source = await openCapture("-", { ports: [] });
	for await (const batch of source) for (const { bytes } of batch) length += bytes.length;
	console.log(JSON.stringify({ length }));
`;

async function fromPipe(path: string): Promise<unknown> {
	const child = spawn(process.execPath, ["--input-type=module", "-e", COUNT]);
	child.stderr.pipe(process.stderr);
	child.stdin.end(readFileSync(path));
	let out = "";
	for await (const piece of child.stdout) out += piece;
	return JSON.parse(out);
}

test("a file on standard input is read from where it stands", async () => {
	const { bytes } = await readAll(BASIC);
	const out = execFileSync(
		"/bin/sh",
		[
			"-c",
			`exec "$0" --input-type=module -e "$1" < "$2"`,
			process.execPath,
			COUNT,
			BASIC,
		],
		{ encoding: "utf8" },
	);
	assert.deepEqual(JSON.parse(out), { length: bytes.length });
});

test("chunks of a pipe come as soon as their packets do", async () => {
	const script = `
		import { openCapture } from ${JSON.stringify(MODULE.href)};
		const source = await openCapture("-", { ports: [] });
		for await (const batch of source) console.log(batch.length);
	`;
	const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
	child.stderr.pipe(process.stderr);
	// The input stays open: only what is handed on at once can be seen.
	child.stdin.write(readFileSync(BASIC).subarray(0, 8000));
	const [first] = await once(child.stdout);
	assert.ok(Number.parseInt(`${first}`, 10) > 0, `${first}`);
	child.stdin.end();
});

function once(stream: NodeJS.ReadableStream): Promise<readonly unknown[]> {
	return new Promise((resolve) =>
		stream.once("data", (...data) => resolve(data)),
	);
}

test("a named pipe is read", async (t) => {
	const path = join(folder, "named-pipe");
	if (spawnSync("mkfifo", [path]).status !== 0) {
		t.skip("there is no mkfifo");
		return;
	}
	const file = readFileSync(BASIC);
	const writer = createWriteStream(path);
	writer.write(file.subarray(0, 10));
	setTimeout(() => writer.end(file.subarray(10)), 20);
	const { bytes } = await readAll(path);
	assert.deepEqual(bytes, (await readAll(BASIC)).bytes);
});

test("leaving the loop early closes the file", async (t) => {
	const path = join(folder, "left-early.pcap");
	/** How often the file is open; other files come and go by themselves. */
	const open = () => {
		const links = readdirSync("/proc/self/fd").map((fd) => {
			try {
				return readlinkSync(`/proc/self/fd/${fd}`);
			} catch {
				return "";
			}
		});
		return links.filter((link) => link === realpathSync(path)).length;
	};
	writeFileSync(path, longCapture());
	if (!existsSync("/proc/self/fd")) {
		t.skip("open files cannot be counted");
		return;
	}
	for (let round = 0; round < 5; round++) {
		for await (const _ of await openCapture(path, { ports: [] })) {
			assert.equal(open(), 1);
			break;
		}
	}
	assert.equal(open(), 0);
});

test("a file that ends in the middle is read up to there", async () => {
	const { report } = await readAll(join(CAPTURES, "57-truncated-file.pcap"));
	assert.equal(report.truncated, true);
	assert.match(report.remarks.join(), /ends in the middle of packet 104/);
});

/** Rejects with the code and the message. */
async function assertRefused(path: string, code: string, message: string) {
	await assert.rejects(openCapture(path, { ports: [] }), (error) => {
		assert.ok(error instanceof FcgiInspectError, `${error}`);
		assert.deepEqual([error.code, error.message], [code, message]);
		return true;
	});
}

function written(name: string, bytes: string | Buffer): string {
	const path = join(folder, name);
	writeFileSync(path, bytes);
	return path;
}

test("a missing file is told in one line", async () => {
	const path = join(folder, "nowhere.pcap");
	await assertRefused(path, "unreadable-input", `${path}: no such file`);
	const below = join(BASIC, "below.pcap");
	await assertRefused(below, "unreadable-input", `${below}: no such file`);
});

test("a directory is told in one line", async () => {
	const path = join(folder, "directory");
	mkdirSync(path);
	await assertRefused(path, "unreadable-input", `${path}: is a directory`);
});

test("a file that may not be read is told in one line", async () => {
	const path = written("secret.pcap", "x");
	chmodSync(path, 0o000);
	// Root may read everything, so it is somebody else for a while.
	const isRoot = process.geteuid?.() === 0;
	if (isRoot) process.seteuid?.(NOBODY);
	try {
		const message = `${path}: permission denied`;
		await assertRefused(path, "unreadable-input", message);
	} finally {
		if (isRoot) process.seteuid?.(0);
	}
});

/** A user id that owns nothing here. */
const NOBODY = 65_534;

test("an empty file is told in one line", async () => {
	const path = written("empty", "");
	await assertRefused(path, "unknown-input", `${path}: empty file`);
});

test("bytes of no known form are shown", async () => {
	const path = written("program", "\x7fELF\x02\x01");
	await assertRefused(
		path,
		"unknown-input",
		`${path}: not a capture, a text dump or FastCGI bytes (first bytes 7f 45 4c 46)`,
	);
	const short = written("short", "a");
	await assertRefused(
		short,
		"unknown-input",
		`${short}: not a capture, a text dump or FastCGI bytes (first bytes 61)`,
	);
});

test("a form that is known and not read is named", async () => {
	const path = written(
		"old.snoop",
		Buffer.from("736e6f6f7000000000000002", "hex"),
	);
	await assertRefused(
		path,
		"unknown-input",
		`${path}: snoop, which is not read: editcap -F pcapng IN OUT makes one that is`,
	);
});

test("a name that would steer the terminal is escaped", async () => {
	await assertRefused(
		"a\x1b[31m\u202e\n.pcap",
		"unreadable-input",
		"a\\u{1b}[31m\\u{202e}\\u{a}.pcap: no such file",
	);
});
