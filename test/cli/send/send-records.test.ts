// `send --records` as a person runs it: what decode printed goes back into a pipe, to tshark, and to an application.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { RecordDecoder } from "../../../src/fastcgi/record-decoder.js";
import { formatAddress } from "../../../src/live/address.js";
import { APPS, startApp } from "../../support/apps.js";
import { CAPTURES, type Run, run } from "../../support/cli.js";
import { temporaryFolder } from "../../support/door.js";
import { answer } from "../../support/events.js";
import { hasTshark } from "../../support/tshark.js";

const NDJSON = ["--records", "-T", "ndjson"];
const NOTATION = ["-T", "notation"];

async function printed(file: string, ...args: readonly string[]) {
	const { code, stdout, stderr } = await run([
		"decode",
		...args,
		"--no-findings",
		CAPTURES + file,
	]);
	assert.equal(code, 0, stderr);
	return stdout;
}

function send(text: string, ...args: readonly string[]): Promise<Run> {
	const stdin = Buffer.from(text);
	return run(["send", "--records", "-", ...args], { stdin });
}

/** What the client of each TCP connection said, by tshark, in hex. */
function followed(path: string, ports: readonly number[]): string[] {
	const tshark = (...args: readonly string[]) =>
		execFileSync("tshark", ["-r", path, ...args], {
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
			maxBuffer: 2 ** 28,
		});
	const filter = ports.map((port) => `tcp.dstport==${port}`).join(" || ");
	const fields = ["-T", "fields", "-e", "tcp.stream", "-e", "tcp.payload"];
	const lines = tshark(
		...["-o", "tcp.reassemble_out_of_order:TRUE"],
		...["-Y", `tcp.len > 0 && (${filter})`, ...fields],
	);
	const said: string[] = [];
	for (const line of lines.trim().split("\n")) {
		const [stream, payload = ""] = line.split("\t");
		said[Number(stream)] = (said[Number(stream)] ?? "") + payload;
	}
	return said.filter((hex) => hex !== "");
}

for (const [file, port] of [
	["01-nginx-fpm-basic.pcap", 9000],
	["05-nginx-fpm-keepalive.pcap", 9011],
	["14-haproxy-mux-go.pcap", 9002],
] as const) {
	for (const format of [NDJSON, NOTATION]) {
		test(`${file} goes through ${format.join(" ")} and send as tshark sees it`, {
			skip: hasTshark() ? false : "tshark is not installed",
		}, async (t) => {
			const copy = join(temporaryFolder(t), "copy.pcapng");
			const { code, stderr } = await send(
				await printed(file, ...format),
				...["--dry-run", "-q", "-w", copy, "--link", "tcp"],
			);
			assert.equal(code, 0, stderr);
			const original = followed(CAPTURES + file, [port]);
			assert.ok(original.length > 0);
			assert.deepEqual(followed(copy, [9000]), original);
		});
	}
}

test("what --dry-run prints can be sent itself, in both formats", async () => {
	const once = await printed("14-haproxy-mux-go.pcap", ...NOTATION);
	const notation = await send(once, "--dry-run", ...NOTATION);
	assert.equal(notation.code, 0, notation.stderr);
	const each = ["--each-record", "-T", "ndjson", "--no-findings"];
	const ndjson = await send(notation.stdout, "--dry-run", ...each);
	assert.equal(ndjson.code, 0, ndjson.stderr);
	const back = await send(ndjson.stdout, "--dry-run", ...NOTATION);
	assert.equal(back.stdout, notation.stdout);
	assert.match(back.stdout, /FCGI_BEGIN_REQUEST/);
});

/** An application that answers each request some time after it came, and keeps what it was sent before it had answered. */
async function slowApplication(t: TestContext, answers = 1000) {
	const said: Buffer[][] = [];
	let early = 0;
	const accept = (socket: Socket) => {
		const own: Buffer[] = [];
		said.push(own);
		const decoder = new RecordDecoder();
		let waiting = false;
		socket.on("error", () => undefined);
		socket.on("end", () => setTimeout(() => socket.end(), 40));
		socket.on("data", (bytes) => {
			if (waiting) early++;
			own.push(Buffer.from(bytes));
			for (const { kind, requestId, contentLength } of decoder.push(bytes)) {
				if (kind !== "stdin" || contentLength > 0) continue;
				waiting = true;
				setTimeout(() => {
					waiting = false;
					const text = answer(requestId, "Content-Type: text/plain\r\n\r\n");
					answers--;
					if (answers > 0) socket.write(text);
					else socket.end(text);
				}, 20);
			}
		});
	};
	const server = createServer({ allowHalfOpen: true }, accept).listen(
		0,
		"127.0.0.1",
	);
	await once(server, "listening");
	t.after(() => server.close());
	const { port } = server.address() as { port: number };
	return {
		to: `127.0.0.1:${port}`,
		said: () => said.map((pieces) => Buffer.concat(pieces).toString("hex")),
		early: () => early,
	};
}

for (const format of [NDJSON, NOTATION]) {
	test(`a kept connection is sent turn by turn, of ${format.join(" ")}`, async (t) => {
		const app = await slowApplication(t);
		const text = await printed("05-nginx-fpm-keepalive.pcap", ...format);
		const { code, stderr } = await send(text, "--to", app.to, "-q");
		assert.equal(code, 0, stderr);
		const original = followed(`${CAPTURES}05-nginx-fpm-keepalive.pcap`, [9011]);
		assert.deepEqual(app.said(), original);
		assert.equal(app.early(), 0);
	});
}

test("an application that closes before all was sent is told of", async (t) => {
	const app = await slowApplication(t, 2);
	const text = await printed("05-nginx-fpm-keepalive.pcap", ...NDJSON);
	const { code, stderr } = await send(text, "--to", app.to, "-q");
	assert.equal(code, 4);
	assert.match(
		stderr,
		/: the connection ended before (FCGI_END_REQUEST came|all records were sent)$/m,
	);
});

test("directives stand between records that decode printed", async (t) => {
	const app = await slowApplication(t);
	const text = await printed("01-nginx-fpm-basic.pcap", ...NOTATION);
	const [first = ""] = text.split(/(?=^# .*\n@from webServer 1$)/m);
	const odd = `@split 100\n${first}@wait 1ms\n@from webServer\n@raw 01 02 03\n@half-close\n`;
	const { code, stdout, stderr } = await send(
		odd,
		...["--to", app.to, ...NOTATION],
	);
	assert.equal(code, 0, stderr);
	assert.match(stdout, /^@raw 01 02 03$/m);
	const [said = ""] = app.said();
	const [original = ""] = followed(
		`${CAPTURES}01-nginx-fpm-basic.pcap`,
		[9000],
	);
	assert.equal(said, `${original}010203`);
});

test("files that cannot be sent are refused on one line, with the way out", async (t) => {
	const folder = temporaryFolder(t);
	const file = join(folder, "odd");
	const requests = await printed("05-nginx-fpm-keepalive.pcap", "-T", "ndjson");
	const bare = await printed(
		"05-nginx-fpm-keepalive.pcap",
		...[...NDJSON, "--no-content"],
	);
	const answers = await printed("79-only-responses.pcap", ...NDJSON);
	const cases: readonly (readonly [content: string | Buffer, said: string])[] =
		[
			[requests, ":1: kind: a request has no records in it; decode --records"],
			[bare, "was it printed with --no-content?"],
			[
				answers,
				": no record of a web server in it, so there is nothing to send",
			],
			["", ": no record of a web server in it, so there is nothing to send"],
			[Buffer.from("d4c3b2a1", "hex"), ":1: neither the notation nor JSON:"],
			['{"type":5,"requestId":1}\n{"type":5,', ":2: expected a name in quotes"],
			["{FCGI_STDIN, 1, abc}", ": line 1, column 17: expected a string"],
		];
	for (const [content, said] of cases) {
		writeFileSync(file, content);
		const { code, stderr } = await run([
			...["send", "--records", file, "--dry-run"],
		]);
		assert.equal(code, 2, stderr);
		assert.ok(stderr.startsWith(`fcgi-inspect: ${file}:`), said + stderr);
		assert.ok(stderr.includes(said), `${said} | ${stderr}`);
	}
	mkdirSync(join(folder, "folder"));
	for (const [name, said] of [
		["folder", "is a directory"],
		["absent", "no such file"],
	] as const) {
		const path = join(folder, name);
		const { code, stderr } = await run(["send", "--records", path]);
		assert.equal(code, 2);
		assert.equal(stderr, `fcgi-inspect: ${path}: ${said}\n`);
	}
});

test("--records without a file says what it is here", async () => {
	for (const args of [["--records"], ["--records", "--each-record"]]) {
		const { code, stderr } = await run(["send", ...args, "-T", "ndjson"]);
		assert.equal(code, 2);
		assert.match(stderr, /--records FILE sends .* --each-record here$/m);
	}
	const { stdout } = await run(["send", "--help"]);
	assert.match(stdout, /--records \[file\] +send the records of a file, or of/);
});

test("what lies is sent, and said; what is missing, too", async () => {
	const lies = `${'{"type":5,"requestId":1,"contentLength":9,"content":{"text":"abc"}}\n'.repeat(3)}{"kind":"skipped","reason":"missing","length":7}\n`;
	const { code, stderr } = await send(lies, "--dry-run", "-q");
	assert.equal(code, 0);
	assert.deepEqual(stderr.trim().split("\n"), [
		"fcgi-inspect: stdin:1: contentLength is 9 and the content has 3 bytes: sent so; without contentLength, it is counted (and 2 more like it)",
		"fcgi-inspect: stdin: 7 bytes are missing of what the web server said; what is there is sent",
	]);
});

test("several connections cannot be made one", async () => {
	const text = await printed("01-nginx-fpm-basic.pcap", ...NOTATION);
	const { code, stderr } = await send(text, "--keep-conn", "--dry-run");
	assert.equal(code, 2);
	assert.match(stderr, /there are \d+ connections in it, and --keep-conn/);
});

for (const name of APPS) {
	test(`${name} answers what was kept of a request as it answered the request`, async (t) => {
		const app = await startApp(name);
		t.after(() => app.stop());
		const folder = temporaryFolder(t);
		const to = ["--to", formatAddress(app.address)];
		const [capture, body] = [join(folder, "sent.pcapng"), join(folder, "body")];
		const params = Object.entries(app.params("size=70000")).flatMap(
			([name, value]) => ["-P", `${name}=${value}`],
		);
		const first = await run([
			"send",
			...to,
			...params,
			"-w",
			capture,
			"-o",
			body,
			"-q",
		]);
		assert.equal(first.code, 0, first.stderr);
		for (const format of [NDJSON, NOTATION]) {
			const text = await run(["decode", ...format, capture]);
			const again = await send(text.stdout, ...to, "-o", "-");
			assert.equal(again.code, 0, again.stderr);
			assert.equal(again.stdout, readFileSync(body, "utf8"));
			assert.ok(again.stdout.length >= 70_000, `${again.stdout.length}`);
		}
	});
}
