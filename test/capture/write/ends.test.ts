import assert from "node:assert/strict";
import { test } from "node:test";
import { EndTable } from "../../../src/capture/write/ends.js";
import { newConnection } from "../../support/conversation.js";

const REAL: readonly (readonly [string, string, number])[] = [
	["127.0.0.1:9000", "7f000001", 9000],
	["[::1]:9000", `${"00".repeat(15)}01`, 9000],
	["[2001:db8::2:1]:1", "20010db8000000000000000000020001", 1],
	["[::ffff:10.1.2.3]:65535", "00000000000000000000ffff0a010203", 65535],
	["[fe80::1%eth0]:80", "fe800000000000000000000000000001", 80],
	["[1:2:3:4:5:6:7:8]:80", "00010002000300040005000600070008", 80],
];
for (const [text, hex, port] of REAL) {
	test(`${text} is itself`, () => {
		const { application } = new EndTable(() => undefined).of(
			newConnection(0, { application: text }),
		);
		assert.equal(application.address.toString("hex"), hex);
		assert.equal(application.port, port);
	});
}

for (const text of [
	"/run/php.sock",
	"@abstract",
	"pid 12",
	":9000",
	"localhost:9000",
	"256.1.1.1:9000",
	"1.2.3:9000",
	"[1:2:3]:9000",
	"[1::2::3]:9000",
	"[g::1]:9000",
	"127.0.0.1:70000",
	undefined,
]) {
	test(`${text} gets an address that is for documentation`, () => {
		const { webServer, application } = new EndTable(() => undefined).of(
			newConnection(0, text === undefined ? {} : { application: text }),
		);
		assert.equal(application.address.toString("hex", 0, 3), "c63364");
		assert.equal(webServer.address.toString("hex", 0, 3), "c00002");
	});
}

test("an invented end is of the version of the other", () => {
	const { webServer } = new EndTable(() => undefined).of(
		newConnection(0, { application: "[::1]:9000" }),
	);
	assert.equal(webServer.address.toString("hex", 0, 4), "20010db8");
});

test("200,000 connections without addresses are all apart", () => {
	const ends = new EndTable(() => undefined);
	const seen = new Set<string>();
	for (let number = 0; number < 200_000; number++) {
		const { webServer } = ends.of({
			number,
			startSeen: true,
			application: "/run/php.sock",
		});
		seen.add(`${webServer.address.toString("hex")}:${webServer.port}`);
	}
	assert.equal(seen.size, 200_000);
});

test("other applications have other addresses, the same always the same", () => {
	const ends = new EndTable(() => undefined);
	const addressOf = (application: string) =>
		ends
			.of(newConnection(0, { application }))
			.application.address.toString("hex");
	const names = Array.from({ length: 300 }, (_, i) => `/run/${i}.sock`);
	const addresses = names.map(addressOf);
	assert.ok(new Set(addresses).size >= 254);
	assert.deepEqual(names.map(addressOf), addresses);
});

test("an address that stands for a named application is told once", () => {
	const told: string[] = [];
	const ends = new EndTable((address, name) =>
		told.push(`${address.toString("hex")} ${name}`),
	);
	for (const application of ["/a", "/b", "/a", "10.0.0.1:9000"]) {
		ends.of(newConnection(0, { application }));
	}
	ends.of(newConnection());
	assert.deepEqual(told, ["c6336401 /a", "c6336402 /b"]);
});
