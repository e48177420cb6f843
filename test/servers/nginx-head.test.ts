import assert from "node:assert/strict";
import { test } from "node:test";
import { NginxHead } from "../../src/servers/nginx-head.js";

/** What nginx 1.22.1 made of heads: it is whole, or what it quoted of the line that it refused. */
const HEADS: readonly [string, string][] = [
	["Content-Type: text/plain\n\n", "whole"],
	["Content-Type: text/plain\r\n\r\n", "whole"],
	["\n", "whole"],
	["<html><body>\n\n", "whole"],
	["HTTP/1.1 404 Not Found\nA: b\n\n", "whole"],
	["X_a.b!: y\n\n", "whole"],
	["hello world", "hello\\x20..."],
	["A: b\nbad line\n\n", "bad\\x20..."],
	[" y: z\n\n", "\\x20..."],
	[": x\n\n", "\\x3a..."],
	["X\u0001a: y\n\n", "X\\x01..."],
	["HTTX/1.1 200\n\n", "HTTX/1.1\\x20..."],
];

test("a head is whole or refused as nginx has it, however it is cut", () => {
	for (const [text, expected] of HEADS) {
		const bytes = Buffer.from(text, "latin1");
		for (let at = 0; at < bytes.length; at++) {
			const head = new NginxHead();
			head.push(bytes.subarray(0, at));
			if (head.state === "open") head.push(bytes.subarray(at));
			const got = head.state === "refused" ? head.refusal : head.state;
			assert.equal(got, expected, `${JSON.stringify(text)} cut at ${at}`);
		}
	}
});

test("what follows the head is left", () => {
	assert.equal(new NginxHead().push(Buffer.from("A: b\n\nbody")), 6);
});
