import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { REQUEST, RESPONSE } from "../capture/network/crafted.js";
import { BIN, CAPTURES, run } from "../support/cli.js";
import { pcapOf as pcapOfFrames } from "../support/encapsulation.js";

const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-test-"));
after(() => rmSync(folder, { recursive: true }));

const BASIC = `${CAPTURES}01-nginx-fpm-basic.pcap`;

/** A file in the test's own folder. */
function file(name: string, bytes: Buffer | string): string {
	const path = join(folder, name);
	writeFileSync(path, bytes);
	return path;
}

function pcapOf(edit: (bytes: Buffer) => void): Buffer {
	const bytes = Buffer.from(readFileSync(BASIC));
	edit(bytes);
	return bytes;
}

const FIRST_CAPTURED_LENGTH = 24 + 8;

const REFUSED: readonly {
	readonly what: string;
	readonly args: readonly string[];
	readonly code: number;
	readonly stderr: RegExp;
}[] = [
	{
		what: "a file that is not there",
		args: ["decode", join(folder, "nowhere.pcap")],
		code: 3,
		stderr: /^fcgi-inspect: .*nowhere\.pcap: no such file\n$/,
	},
	{
		what: "a path through a file",
		args: ["decode", `${BASIC}/x`],
		code: 3,
		stderr: /^fcgi-inspect: .*: .*\n$/,
	},
	{
		what: "a folder",
		args: ["decode", folder],
		code: 3,
		stderr: /^fcgi-inspect: .*: .*directory.*\n$/,
	},
	{
		what: "an empty file",
		args: ["decode", file("empty", "")],
		code: 3,
		stderr: /^fcgi-inspect: .*: empty file\n$/,
	},
	{
		what: "a foreign file",
		args: ["decode", file("elf", "\x7fELF\x02\x01\x01\0\0\0\0\0")],
		code: 3,
		stderr:
			/^fcgi-inspect: .*elf: not a capture.*\(first bytes 7f 45 4c 46.*\)\n$/,
	},
	{
		what: "a capture without packets",
		args: ["decode", `${CAPTURES}5e-empty.pcap`],
		code: 3,
		stderr: /^fcgi-inspect: .*: no FastCGI in it \(.*\)\n$/,
	},
	{
		what: "a capture of refused connections",
		args: ["decode", `${CAPTURES}34-connection-refused.pcap`],
		code: 3,
		stderr: /^fcgi-inspect: .*: no FastCGI in it \(.*\)\n$/,
	},
	{
		what: "an option that does not exist",
		args: ["decode", "--prot", "9000", BASIC],
		code: 2,
		stderr:
			/^fcgi-inspect: unknown option '--prot' \(Did you mean --port\?\)\n$/,
	},
	{
		what: "a format that does not exist",
		args: ["decode", "-T", "xml", BASIC],
		code: 2,
		stderr: /^fcgi-inspect: unknown format 'xml' \(one of flow, .*ndjson\)\n$/,
	},
	{
		what: "a port that is none",
		args: ["decode", "--port", "70000", BASIC],
		code: 2,
		stderr: /^fcgi-inspect: .*70000.*1 to 65535.*\n$/,
	},
	{
		what: "a header length that is none",
		args: ["decode", "--skip", "0x10", BASIC],
		code: 2,
		stderr: /^fcgi-inspect: .*0x10.*0 to 99999.*\n$/,
	},
	{
		what: "a colour that is none",
		args: ["decode", "--color", "blue", BASIC],
		code: 2,
		stderr:
			/^fcgi-inspect: --color takes auto, always or never, and not 'blue'\n$/,
	},
	{
		what: "a command that does not exist",
		args: ["decoed", BASIC],
		code: 2,
		stderr:
			/^fcgi-inspect: unknown command 'decoed' \(Did you mean decode\?\)\n$/,
	},
	{
		what: "an option that the format has no use for",
		args: ["decode", "-x", "-T", "requests", BASIC],
		code: 2,
		stderr: /^fcgi-inspect: -x is for flow, .*, and not for requests\n$/,
	},
	{
		what: "two formats",
		args: ["decode", "-V", "-T", "table", BASIC],
		code: 2,
		stderr: /^fcgi-inspect: -V is -T tree, and not -T table\n$/,
	},
	{
		what: "a file where a command should stand",
		args: [BASIC],
		code: 2,
		stderr:
			/^fcgi-inspect: .* is no command; for the file: fcgi-inspect decode .*\n$/,
	},
	{
		what: "an escape sequence in an option",
		args: ["decode", "-T", "\u001b[31mred\nline", BASIC],
		code: 2,
		stderr: /^fcgi-inspect: unknown format '\\x1b\[31mred\\nline'.*\n$/,
	},
	{
		what: "two files",
		args: ["decode", BASIC, BASIC],
		code: 2,
		stderr: /^fcgi-inspect: too many arguments.*\n$/,
	},
];
for (const { what, args, code, stderr } of REFUSED) {
	test(`${what} is one line on stderr and exit code ${code}`, async () => {
		const result = await run(args);
		assert.match(result.stderr, stderr);
		assert.equal(result.code, code);
		assert.equal(result.stdout, "");
	});
}

test("a file cut off is decoded as far as it goes, with a remark", async () => {
	const result = await run(["decode", `${CAPTURES}57-truncated-file.pcap`]);
	assert.equal(result.code, 0);
	assert.match(
		result.stderr,
		/^fcgi-inspect: .*57-truncated-file\.pcap: .*104.*\n$/,
	);
	assert.equal(result.stdout.match(/^> (GET|HEAD|POST) /gm)?.length, 10);
});

test("a captured length of 4 GB ends the reading there, with a remark", async () => {
	const path = file(
		"huge.pcap",
		pcapOf((bytes) => {
			let at = 24;
			for (let packet = 1; packet < 40; packet++) {
				at += 16 + bytes.readUInt32LE(at + 8);
			}
			bytes.writeUInt32LE(0xffffffff, at + 8);
		}),
	);
	for (const stdin of [undefined, readFileSync(path)]) {
		const result = await run(
			["decode", stdin ? "-" : path],
			stdin && { stdin },
		);
		assert.equal(result.code, 0);
		assert.match(
			result.stderr,
			/^fcgi-inspect: .*packet 40.*4,?294,?967,?295.*\n$/,
		);
		assert.ok((result.stdout.match(/^> (GET|HEAD|POST) /gm)?.length ?? 0) >= 3);
	}
});

test("a first packet that lies leaves nothing, and says why", async () => {
	const path = file(
		"lie.pcap",
		pcapOf((bytes) => bytes.writeUInt32LE(0xfffffff0, FIRST_CAPTURED_LENGTH)),
	);
	const result = await run(["decode", path]);
	assert.equal(result.code, 3);
	assert.match(
		result.stderr,
		/^[^\n]*no FastCGI in it \([^\n]*packet 1[^\n]*\)\n$/,
	);
});

test("a pipe shows what a file shows, for every capture and in every format", async () => {
	for (const name of readdirSync(CAPTURES)) {
		if (!name.endsWith(".pcap") || name.startsWith("7c")) continue;
		const path = `${CAPTURES}${name}`;
		const args = ["decode", "-T", "ndjson", "--records"];
		const fromFile = await run([...args, path]);
		const fromPipe = await run([...args, "-"], { stdin: readFileSync(path) });
		assert.equal(fromPipe.stdout, fromFile.stdout, name);
		assert.equal(fromPipe.code, fromFile.code, name);
		const unnamed = (text: string) => text.replaceAll(path, "stdin");
		assert.equal(fromPipe.stderr, unnamed(fromFile.stderr), name);
	}
});

for (const format of [
	"flow",
	"requests",
	"table",
	"tree",
	"hex",
	"notation",
	"json",
	"ndjson",
]) {
	test(`-T ${format} shows every request or record of a capture`, async () => {
		const result = await run(["decode", "-T", format, BASIC]);
		assert.equal(result.code, 0);
		assert.equal(result.stderr, "");
		assert.ok(result.stdout.endsWith("\n"), "ends with a line end");
		const found = new Set(result.stdout.match(/\/[a-z/]+\.php/g));
		for (const script of ["/index.php", "/product.php"]) {
			assert.ok(
				[...found].some((path) => path.endsWith(script)),
				script,
			);
		}
	});
}

test("json is one array, and ndjson the same objects with a summary behind them", async () => {
	for (const more of [[], ["--records"]]) {
		const json = await run(["decode", "-T", "json", ...more, BASIC]);
		const ndjson = await run(["decode", "-T", "ndjson", ...more, BASIC]);
		const objects = JSON.parse(json.stdout) as { kind: string }[];
		const lines = ndjson.stdout.trimEnd().split("\n");
		const summary = JSON.parse(lines.pop() as string) as Record<
			string,
			unknown
		>;
		assert.deepEqual(
			lines.map((line) => JSON.parse(line)),
			objects,
		);
		assert.equal(summary.kind, "summary");
		const kind = more.length > 0 ? "record" : "request";
		const counted = objects.filter((object) => object.kind === kind);
		assert.equal(counted.length, more.length > 0 ? 87 : 13);
		assert.equal(summary.records, 87);
		assert.equal(summary.requests, 13);
	}
});

test("json of a capture without FastCGI is still an array", async () => {
	const result = await run([
		"decode",
		"-T",
		"json",
		`${CAPTURES}5e-empty.pcap`,
	]);
	assert.deepEqual(JSON.parse(result.stdout), []);
	assert.equal(result.code, 3);
});

test("--summary says on stderr what the input held", async () => {
	const result = await run([
		"decode",
		"--summary",
		`${CAPTURES}43-all-traffic-no-filter.pcap`,
	]);
	assert.match(
		result.stderr,
		/^7 requests, 48 records on 7 connections; .*other connections.*\n {2}type +records +content bytes\n {2}FCGI_BEGIN_REQUEST +7 +56\n/,
	);
});

test("--port takes a port as FastCGI that would not be recognised", async () => {
	const result = await run([
		"decode",
		"-T",
		"ndjson",
		"--port",
		"9499",
		`${CAPTURES}34-connection-refused.pcap`,
	]);
	assert.equal(result.code, 0);
	const summary = result.stdout.trimEnd().split("\n").at(-1) ?? "";
	assert.equal(JSON.parse(summary).connections, 2);
});

test("--skip takes what is behind a header of that length, in a capture of a user-defined link type", async () => {
	const frames = [REQUEST, RESPONSE].map((bytes, i) => ({
		timestamp: 1_700_000_000 + i / 10,
		bytes: Buffer.concat([Buffer.alloc(5, 0xff), bytes]),
	}));
	const path = file("user0.pcap", pcapOfFrames(147, frames));
	const skipped = await run(["decode", "-T", "requests", "--skip", "5", path]);
	assert.equal(skipped.code, 0);
	assert.match(skipped.stdout, /complete/);
	const asSockdump = await run(["decode", path]);
	assert.equal(asSockdump.code, 3);
	assert.match(asSockdump.stderr, /2 packets .* --skip N says how long/);
});

test("a reader that goes away ends it quietly", () => {
	const command = `"${process.execPath}" "${join(CAPTURES, "../bin/fcgi-inspect.js")}" decode -V "${BASIC}"`;
	const result = spawnSync(
		"bash",
		["-c", `set -o pipefail; ${command} | head -n 1; echo "\${PIPESTATUS[0]}"`],
		{ encoding: "utf8" },
	);
	assert.equal(result.stderr, "");
	assert.equal(result.stdout.trimEnd().split("\n").at(-1), "0");
});

const ESCAPE = "\u001b[";
const COLOURS: readonly [
	string,
	readonly string[],
	Readonly<Record<string, string | undefined>>,
	boolean,
][] = [
	["in a pipe there is no colour", [], {}, false],
	[
		"--color always colours a pipe",
		["--color", "always"],
		{ NO_COLOR: "1" },
		true,
	],
	["FORCE_COLOR colours a pipe", [], { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
	[
		"--color never beats FORCE_COLOR",
		["--color", "never"],
		{ FORCE_COLOR: "1" },
		false,
	],
	["FORCE_COLOR=0 is none", [], { FORCE_COLOR: "0" }, false],
];
for (const [what, args, env, coloured] of COLOURS) {
	test(what, async () => {
		const result = await run(["decode", ...args, BASIC], {
			env: { FORCE_COLOR: undefined, NO_COLOR: undefined, ...env },
		});
		assert.equal(result.stdout.includes(ESCAPE), coloured);
		if (coloured) {
			const plain = await run(["decode", "--color", "never", BASIC]);
			assert.equal(stripVTControlCharacters(result.stdout), plain.stdout);
		}
	});
}

for (const args of [
	["--help"],
	["--version"],
	["decode", "-T", "table", BASIC],
]) {
	test(`${args[0]} to a full disk is one line and exit code 3`, () => {
		const result = inShell(`${quoted(args)} > /dev/full`);
		assert.match(
			result.stderr,
			/^fcgi-inspect: cannot write the output: .*\n$/,
		);
		assert.equal(result.status, 3);
	});

	test(`${args[0]} to a reader that is gone is quiet`, () => {
		const result = inShell(
			`(sleep 1; ${quoted(args)}; echo "code $?" >&2) | true`,
		);
		assert.equal(result.stderr, "code 0\n");
	});
}

test("messages that nobody reads change no exit code", () => {
	const result = inShell(`${quoted(["decode", "/nowhere"])} 2> /dev/full`);
	assert.equal(result.status, 3);
});

test("Ctrl-C on a pipe that does not end shows what is open, and the summary", async () => {
	const child = spawn(process.execPath, [
		BIN,
		...["decode", "-T", "ndjson", "-"],
	]);
	let stdout = "";
	child.stdout.on("data", (data) => {
		stdout += data;
	});
	child.stdin.write(
		readFileSync(`${CAPTURES}33-libfcgi-dies.pcap`).subarray(0, 2000),
	);
	setTimeout(() => child.kill("SIGINT"), 1000);
	const [code] = await once(child, "exit");
	assert.equal(code, 0);
	const objects = stdout
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line));
	assert.deepEqual(
		objects.map(({ kind, state }) => [kind, state]),
		[
			["request", "incomplete"],
			["summary", undefined],
		],
	);
	child.stdin.destroy();
});

test("where reading fails in the middle, what came before is shown to its end", async () => {
	const server = createServer((socket) => {
		socket.write(readFileSync(BASIC).subarray(0, 10_000));
		setTimeout(() => socket.resetAndDestroy(), 500);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const child = spawn("bash", [
		"-c",
		`exec 3<>/dev/tcp/127.0.0.1/${port}; ${quoted(["decode", "-T", "json", "-"])} <&3`,
	]);
	let stdout = "";
	let stderr = "";
	child.stdout.on("data", (data) => {
		stdout += data;
	});
	child.stderr.on("data", (data) => {
		stderr += data;
	});
	const [code] = await once(child, "close");
	server.close();
	assert.equal(code, 3);
	assert.match(stderr, /^fcgi-inspect: standard input: .*\n$/);
	assert.ok(JSON.parse(stdout).length > 3, "a whole array");
});

/** A command line of the shell that runs the tool. */
function quoted(args: readonly string[]): string {
	return [process.execPath, BIN, ...args].map((word) => `'${word}'`).join(" ");
}

function inShell(command: string) {
	return spawnSync("bash", ["-c", command], { encoding: "utf8" });
}
