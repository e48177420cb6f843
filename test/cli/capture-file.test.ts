import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	chownSync,
	closeSync,
	constants,
	copyFileSync,
	linkSync,
	mkdtempSync,
	openSync,
	readdirSync,
	readFileSync,
	readSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { CaptureFile } from "../../src/cli/capture-file.js";
import { Inspector } from "../../src/inspect/inspector.js";
import { BIN, CAPTURES, run } from "../support/cli.js";
import { newChunk, newConnection, REQUEST } from "../support/conversation.js";
import { readPcapng } from "../support/read-pcapng.js";

const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-write-"));
after(() => rmSync(folder, { recursive: true }));

const BASIC = `${CAPTURES}01-nginx-fpm-basic.pcap`;
/** In BASIC: 87 records, and three packets for each of 13 connections, one that opens it and two that close it. */
const PACKETS = 87 + 3 * 13;

function modeOf(path: string): string {
	return (statSync(path).mode & 0o777).toString(8);
}

function fifo(name: string): string {
	const path = join(folder, name);
	assert.equal(spawnSync("mkfifo", [path]).status, 0);
	return path;
}

test("-w writes a capture for its owner only, and what is shown stays the same", async () => {
	const path = join(folder, "new.pcapng");
	const plain = await run(["decode", BASIC]);
	const written = await run(["decode", "-w", path, BASIC]);
	assert.deepEqual(written, plain);
	assert.equal(modeOf(path), "600");
	const { packets, application } = readPcapng(readFileSync(path));
	assert.equal(packets.length, PACKETS);
	assert.match(application, /^fcgi-inspect \d+\.\d+\.\d+/);
});

test("a file that others could read, and that is longer, is made private and written anew", async () => {
	const path = join(folder, "old.pcapng");
	writeFileSync(path, Buffer.alloc(1_000_000, 1), { mode: 0o666 });
	const { code } = await run(["decode", "-w", path, "--link", "tcp", BASIC]);
	assert.equal(code, 0);
	assert.equal(modeOf(path), "600");
	assert.ok(readPcapng(readFileSync(path)).packets.length > 100);
});

test("%p in the name is the number of the process", async () => {
	const { code } = await run(["decode", "-w", join(folder, "a-%p-%p"), BASIC]);
	assert.equal(code, 0);
	assert.equal(
		readdirSync(folder).filter((name) => /^a-(\d+)-\1$/.test(name)).length,
		1,
	);
});

test("-w - writes the capture to stdout and no text, fit to be decoded again", async () => {
	const path = join(folder, "stdout.pcapng");
	const command = `'${process.execPath}' '${BIN}' decode`;
	const piped = spawnSync(
		"bash",
		[
			"-c",
			`${command} -w - '${BASIC}' | tee '${path}' | ${command} -T ndjson -`,
		],
		{ encoding: "utf8" },
	);
	assert.equal(piped.stderr, "");
	assert.equal(piped.stdout.match(/^{"kind":"request"/gm)?.length, 13);
	assert.equal(readPcapng(readFileSync(path)).packets.length, PACKETS);
});

test("a named pipe takes a capture", async () => {
	const path = fifo("taken");
	const cat = spawn("cat", [path]);
	const parts: Buffer[] = [];
	cat.stdout.on("data", (data) => parts.push(data));
	const closed = once(cat, "close");
	const { code } = await run(["decode", "-w", path, BASIC]);
	await closed;
	assert.equal(code, 0);
	assert.equal(readPcapng(Buffer.concat(parts)).packets.length, PACKETS);
});

test("an input without FastCGI leaves a capture without packets", async () => {
	const path = join(folder, "none.pcapng");
	const empty = `${CAPTURES}5e-empty.pcap`;
	const { code } = await run(["decode", "-w", path, empty]);
	assert.equal(code, 3);
	assert.equal(readPcapng(readFileSync(path)).packets.length, 0);
});

const REFUSED: readonly (readonly [
	string,
	readonly string[],
	number,
	RegExp,
])[] = [
	[
		"a full disk",
		["-w", "/dev/full"],
		3,
		/^fcgi-inspect: cannot write \/dev\/full: no space left on the device\n$/,
	],
	[
		"a folder that is not there",
		["-w", join(folder, "nowhere", "x")],
		3,
		/^fcgi-inspect: cannot write .*nowhere\/x: no such folder\n$/,
	],
	[
		"a folder",
		["-w", folder],
		3,
		/^fcgi-inspect: cannot write .*: is a directory\n$/,
	],
	[
		"--link without -w",
		["--link", "tcp"],
		2,
		/^fcgi-inspect: --link is for the capture that -w writes\n$/,
	],
	[
		"a link that is none",
		["-w", "x", "--link", "ethernet"],
		2,
		/^fcgi-inspect: .*'ethernet'.*fcgi, tcp.*\n$/,
	],
	[
		"text where there is none",
		["-w", "-", "-V"],
		2,
		/^fcgi-inspect: -V is for text, and with -w - there is none on stdout\n$/,
	],
];
for (const [what, args, code, stderr] of REFUSED) {
	test(`${what} is one line and exit code ${code}`, async () => {
		const result = await run(["decode", ...args, BASIC]);
		assert.match(result.stderr, stderr);
		assert.equal(result.code, code);
	});
}

test("what cannot be written is said at once, though the input goes on", async () => {
	const child = spawn(
		process.execPath,
		[BIN, "decode", "-w", join(folder, "nowhere", "x"), "-"],
		{ stdio: ["pipe", "ignore", "ignore"] },
	);
	child.stdin.on("error", () => undefined);
	child.stdin.write(readFileSync(BASIC).subarray(0, 5000));
	const [code] = await once(child, "exit");
	assert.equal(code, 3);
	child.stdin.destroy();
});

test("a reader of a named pipe that goes away is one line and exit code 3", async () => {
	const path = fifo("left");
	const reader = spawn("head", ["-c", "10", path], { stdio: "ignore" });
	const gone = once(reader, "exit");
	const child = spawn(process.execPath, [BIN, "decode", "-w", path, "-"], {
		stdio: ["pipe", "ignore", "pipe"],
	});
	let stderr = "";
	child.stderr.on("data", (data) => {
		stderr += data;
	});
	child.stdin.on("error", () => undefined);
	const bytes = readFileSync(BASIC);
	child.stdin.write(bytes.subarray(0, 5000));
	await gone;
	child.stdin.end(bytes.subarray(5000));
	const [code] = await once(child, "close");
	assert.match(
		stderr,
		/^fcgi-inspect: cannot write .*: nobody reads it any more\n$/,
	);
	assert.equal(code, 3);
});

test("the input itself is refused and stays as it is, by whatever name", async () => {
	const input = join(folder, "input.pcap");
	const alias = join(folder, "alias.pcap");
	copyFileSync(BASIC, input);
	linkSync(input, alias);
	const fromFile = await run(["decode", "-w", alias, input]);
	assert.match(fromFile.stderr, /^fcgi-inspect: .*alias.* is being read.*\n$/);
	assert.equal(fromFile.code, 2);
	const fromStdin = spawnSync(
		"bash",
		[
			"-c",
			`'${process.execPath}' '${BIN}' decode -w '${alias}' - < '${input}'`,
		],
		{ encoding: "utf8" },
	);
	assert.equal(fromStdin.status, 2);
	assert.deepEqual(readFileSync(input), readFileSync(BASIC));
});

test("what came so far is in the file, and a kill leaves a whole one", async () => {
	const path = join(folder, "killed.pcapng");
	const child = spawn(process.execPath, [BIN, "decode", "-w", path, "-"], {
		stdio: ["pipe", "ignore", "ignore"],
	});
	child.stdin.write(readFileSync(BASIC).subarray(0, 20_000));
	const deadline = Date.now() + 10_000;
	const length = () => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
	while (length() < 2000 && Date.now() < deadline) await delay(20);
	child.kill("SIGKILL");
	await once(child, "exit");
	const { packets } = readPcapng(readFileSync(path));
	assert.ok(packets.length > 20, `${packets.length} packets`);
});

test("who writes faster than the file takes it has to wait", async () => {
	const path = fifo("slow");
	// Opened for both, so that the pipe has a reader that reads nothing.
	const reader = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
	const file = await CaptureFile.open(path, { link: "fcgi", redacted: false });
	const inspector = new Inspector();
	const connection = newConnection();
	const first = newChunk(connection, "webServer", REQUEST);
	file.push(first, inspector.push(first));
	await file.flush();
	const content = newChunk(
		connection,
		"application",
		Buffer.concat([
			Buffer.from([1, 6, 0, 1, 255, 248, 0, 0]),
			Buffer.alloc(65_528),
		]),
	);
	for (let i = 0; i < 200; i++) file.push(content, inspector.push(content));
	let waits = true;
	const flushed = file.flush().then(() => {
		waits = false;
	});
	await delay(100);
	assert.ok(waits);
	const bytes = Buffer.alloc(2 ** 16);
	let read = 0;
	const closed = flushed.then(() => file.close());
	let over = false;
	void closed.then(() => {
		over = true;
	});
	while (!over) {
		try {
			read += readSync(reader, bytes);
		} catch {
			// Nothing is there yet.
		}
		await delay(0);
	}
	closeSync(reader);
	assert.ok(read > 200 * 65_536 - 2 ** 17, `${read} bytes`);
});

test("a file that another user has made is not filled for them", async () => {
	const path = join(folder, "of-nobody.pcapng");
	writeFileSync(path, "theirs", { mode: 0o600 });
	// Only root can give a file away, and tests run as root where they count.
	if (process.geteuid?.() === 0) chownSync(path, 65534, 65534);
	const opened = CaptureFile.open(path, { link: "fcgi", redacted: false });
	if (process.geteuid?.() !== 0) return void (await (await opened).close());
	await assert.rejects(opened, /belongs to another user/);
	assert.equal(readFileSync(path, "utf8"), "theirs");
});

test("a batch with nothing to write does not end the writing", async () => {
	const path = join(folder, "pauses.pcapng");
	const file = await CaptureFile.open(path, { link: "fcgi", redacted: false });
	const inspector = new Inspector();
	const chunk = newChunk(newConnection(), "webServer", REQUEST);
	await file.flush();
	const begun = statSync(path).size;
	for (let i = 0; i < 3; i++) {
		// As where a batch holds the beginning of a record only.
		await file.flush();
		file.push(chunk, inspector.push(chunk));
		await file.flush();
	}
	assert.ok(statSync(path).size > begun);
	file.end(inspector.end());
	await file.close();
	assert.ok(readPcapng(readFileSync(path)).packets.length > 3);
});

test("a file that can grow no more ends with a whole block", () => {
	const path = join(folder, "limited.pcapng");
	// Blocks of 512 bytes.
	const limited = 'ulimit -f 11; exec "$@"';
	const args = [process.execPath, BIN, "decode", "-w", path, BASIC];
	const { status, stderr } = spawnSync("sh", ["-c", limited, "sh", ...args], {
		encoding: "utf8",
	});
	assert.equal(status, 3);
	assert.match(stderr, /cannot write .*: the file has become too large\n$/);
	const { packets } = readPcapng(readFileSync(path));
	assert.ok(packets.length > 5 && packets.length < PACKETS);
});
