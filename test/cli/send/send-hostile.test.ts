// `send` against applications that break off, and with outputs that are no good place for what comes.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { formatAddress } from "../../../src/live/address.js";
import { BIN, run } from "../../support/cli.js";
import { temporaryFolder } from "../../support/door.js";
import {
	answering,
	END,
	onRequests,
	record,
	scriptedApplication,
} from "../../support/scripted-application.js";

const STDOUT = 6;
const BODY = record(STDOUT, Buffer.from("A: b\r\n\r\nbody"));

/** Runs `send` against an application that does one thing with each request. */
async function sendTo(
	t: TestContext,
	answer: (socket: Socket) => void,
	...args: readonly string[]
) {
	const address = await scriptedApplication(t, (socket) => {
		onRequests(socket, () => answer(socket));
	});
	return run([
		...["send", "--to", formatAddress(address), "-P", "A=b"],
		...["--timeout", "300ms", ...args],
	]);
}

test("the beginning of a header is no other protocol: what ended it decides", async (t) => {
	const late = await sendTo(t, (socket) => socket.write(BODY.subarray(0, 3)));
	assert.equal(late.code, 5, late.stderr);
	assert.match(late.stderr, /^[^\n]*no FCGI_END_REQUEST within[^\n]*\n$/);
	const closed = await sendTo(t, (socket) => socket.end(BODY.subarray(0, 3)));
	assert.equal(closed.code, 4, closed.stderr);
});

test("an answer whose last record is cut off is cut off", async (t) => {
	const cut = Buffer.concat([BODY, END.subarray(0, -4)]);
	const { code, stderr } = await sendTo(t, (socket) => socket.end(cut));
	assert.equal(code, 4, stderr);
	assert.match(stderr, /^[^\n]*the connection ended before the answer did\n$/);
});

/** A file with something in it that must not be lost. */
function precious(t: TestContext): string {
	const file = join(temporaryFolder(t), "precious");
	writeFileSync(file, PRECIOUS);
	return file;
}

const PRECIOUS = "{FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, 0}}\n";

test("what is sent is not written to, by whatever name", async (t) => {
	const file = precious(t);
	const alias = `${file}-alias`;
	symlinkSync(file, alias);
	for (const what of [
		["-P", "A=b", "-d", `@${file}`],
		["-P", "A=b", "--role", "filter", "--data", file],
		["--form", `field=@${file}`],
		["--records", file],
	]) {
		for (const to of ["-o", "-w"]) {
			const args = ["send", "--to", "/nowhere", ...what, to, alias];
			const { code, stderr } = await run(args);
			assert.equal(
				stderr,
				`fcgi-inspect: ${alias} is what is being read; write to another file\n`,
			);
			assert.equal(code, 2);
			assert.equal(readFileSync(file, "utf8"), PRECIOUS);
		}
	}
});

test("the body and the capture do not go into one file", async (t) => {
	const file = join(temporaryFolder(t), "both");
	const args = ["-P", "A=b", "-w", file, "-o", file];
	const { code, stderr } = await run(["send", "--to", "/nowhere", ...args]);
	assert.equal(code, 2);
	assert.equal(
		stderr,
		`fcgi-inspect: ${file} is where -w writes; write the body to another file\n`,
	);
});

test("a file keeps what is in it until there is an answer to put there", async (t) => {
	const file = precious(t);
	const nobody = await run(["send", "--to", "/nowhere", "--ping", "-o", file]);
	assert.equal(nobody.code, 4);
	assert.equal(readFileSync(file, "utf8"), PRECIOUS);
	const answer = Buffer.concat([BODY, END]);
	const answered = await sendTo(t, (s) => s.end(answer), "-o", file);
	assert.equal(answered.code, 0, answered.stderr);
	assert.equal(readFileSync(file, "utf8"), "body");
	await sendTo(t, (socket) => socket.end(END), "-o", file);
	assert.equal(readFileSync(file, "utf8"), "");
});

test("a body that is longer than its file may be ends in one line", async (t) => {
	const file = join(temporaryFolder(t), "body");
	const address = await scriptedApplication(t, (socket) => {
		const full = record(STDOUT, Buffer.alloc(60_000, "x"));
		onRequests(socket, () => {
			socket.write(BODY);
			for (let i = 0; i < 100; i++) socket.write(full);
			socket.end(END);
		});
	});
	const send = `'${process.execPath}' '${BIN}' send --to '${formatAddress(address)}'`;
	const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>(
		(resolve) => {
			const script = `ulimit -f 8; ${send} -P A=b -q -o '${file}'`;
			execFile("bash", ["-c", script], (error, _, said) =>
				resolve({ code: error?.code, stderr: said }),
			);
		},
	);
	assert.match(stderr, /^fcgi-inspect: cannot write [^\n]*EFBIG[^\n]*\n$/);
	assert.equal(code, 3);
	assert.ok(existsSync(file));
});

test("requests that found no connection are counted", async (t) => {
	const address = await scriptedApplication(t, answering());
	const some = await run([
		...["send", "--to", formatAddress(address), "-P", "A=b", "-q"],
		...["--requests", "4", "--connections", "2"],
	]);
	assert.equal(some.code, 0, some.stderr);
	assert.doesNotMatch(some.stderr, /not sent/);
	const none = await run([
		...["send", "--to", "/nowhere", "-P", "A=b", "-q"],
		...["--requests", "4", "--connections", "2"],
	]);
	assert.equal(none.code, 4);
	assert.match(none.stderr, /^fcgi-inspect: 4 requests not sent: no connec/);
	const one = await run(["send", "--to", "/nowhere", "-P", "A=b", "-q"]);
	assert.match(one.stderr, /^[^\n]*no such socket[^\n]*\n$/);
});
