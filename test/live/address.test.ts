// Addresses as people write them, and what is none.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
	formatAddress,
	isLocal,
	MAX_UNIX_PATH,
	netOptions,
	parseAddress,
} from "../../src/live/address.js";

const ADDRESSES = {
	"/run/php/php-fpm.sock": { kind: "unix", path: "/run/php/php-fpm.sock" },
	"./app.sock": { kind: "unix", path: "./app.sock" },
	"unix:app.sock": { kind: "unix", path: "app.sock" },
	"app.sock": { kind: "unix", path: "app.sock" },
	"@app": { kind: "abstract", name: "app" },
	"127.0.0.1:9000": { kind: "tcp", host: "127.0.0.1", port: 9000 },
	"php.example:9000": { kind: "tcp", host: "php.example", port: 9000 },
	"[::1]:9000": { kind: "tcp", host: "::1", port: 9000 },
	":9000": { kind: "tcp", host: "127.0.0.1", port: 9000 },
} as const;

for (const [text, address] of Object.entries(ADDRESSES)) {
	test(`'${text}' is an address, and stays one when it is printed`, () => {
		assert.deepEqual(parseAddress(text), address);
		if (text === "unix:app.sock") return;
		assert.deepEqual(parseAddress(formatAddress(address)), address);
	});
}

for (const text of [
	"",
	"unix:",
	"@",
	"9000",
	"host:",
	"host:0",
	"host:65536",
	"host:http",
	"::1:9000",
	"127.0.0.1",
	"tcp://127.0.0.1:9000",
	"fcgi://localhost:9000",
	`@${"n".repeat(MAX_UNIX_PATH + 1)}`,
]) {
	test(`'${text.slice(0, 20)}' is no address`, () => {
		assert.throws(() => parseAddress(text), {
			code: "usage",
			message: /is no address: an address is /,
		});
	});
}

test("a path that no socket can have is refused with its length, in bytes", () => {
	const longest = `/${"é".repeat(53)}`;
	assert.equal(Buffer.byteLength(longest), MAX_UNIX_PATH);
	assert.equal(parseAddress(longest).kind, "unix");
	assert.throws(() => parseAddress(`${longest}x`), {
		code: "usage",
		message: /at most 107 bytes, and this one 108/,
	});
});

test("an abstract name is written with a NUL in front for the system", () => {
	assert.deepEqual(netOptions(parseAddress("@app")), { path: "\0app" });
});

test("only addresses that other machines reach are not local", () => {
	for (const text of ["/a", "@a", ":9000", "localhost:1", "[::1]:1"]) {
		assert.ok(isLocal(parseAddress(text)), text);
	}
	for (const text of ["0.0.0.0:1", "[::]:1", "192.0.2.1:1", "web:1"]) {
		assert.ok(!isLocal(parseAddress(text)), text);
	}
});
