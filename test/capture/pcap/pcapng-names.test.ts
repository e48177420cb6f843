// Unix sockets have their paths again when a capture of them is read, whatever addresses stood for them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pcapng } from "../../../src/capture/pcap/pcapng-format.js";
import { readSocketNames } from "../../../src/capture/pcap/pcapng-names.js";
import type { Chunk } from "../../../src/inspect/chunk.js";
import { liveReport } from "../../../src/live/live-report.js";
import {
	newChunk,
	newConnection,
	REQUEST,
	RESPONSE,
} from "../../support/conversation.js";
import { CaptureMaker } from "../../support/written.js";

for (const link of ["fcgi", "tcp"] as const) {
	test(`-w --link ${link}: the path is there again, and the web server has no address, as it had none`, () => {
		const ends = [
			{ application: "/run/php.sock" },
			{ application: "@app" },
			{ application: "/run/other.sock" },
			{ webServer: "127.0.0.1:40000", application: "127.0.0.1:9000" },
			{ webServer: "[::1]:40000", application: "[::1]:9000" },
			{ webServer: "[::1]:40001", application: "/run/php.sock" },
		];
		const maker = new CaptureMaker(link);
		for (const [number, named] of ends.entries()) {
			const connection = newConnection(number, named);
			maker.push(newChunk(connection, "webServer", REQUEST));
			maker.push(newChunk(connection, "application", RESPONSE));
		}
		const stage = pcapng.open({ ports: [], live: false }, liveReport("pcapng"));
		const read = new Map<number, unknown>();
		const take = (chunks: readonly Chunk[]) => {
			for (const { connection } of chunks) {
				const { number, webServer, application } = connection;
				read.set(number, { ...(webServer && { webServer }), application });
			}
		};
		take(stage.push(maker.end().bytes));
		take(stage.end());
		assert.deepEqual([...read.values()], ends);
	});
}

test("names of hosts, records of other kinds and damage tell nothing", () => {
	const record = (type: number, value: Buffer, length = value.length) => {
		const bytes = Buffer.alloc(4 + ((value.length + 3) & ~3));
		bytes.writeUInt16BE(type, 0);
		bytes.writeUInt16BE(length, 2);
		value.copy(bytes, 4);
		return bytes;
	};
	const four = (name: string) =>
		Buffer.concat([Buffer.from([192, 0, 2, 1]), Buffer.from(name)]);
	const bytes = Buffer.concat([
		record(1, four("php.example\0")),
		record(3, four("/run/a.sock\0")),
		record(2, four("/run/b.sock\0")),
		record(1, Buffer.from([1])),
		record(1, four("/run/c.sock\0/run/d.sock\0")),
		record(1, four("/run/e"), 65_535),
	]);
	const names = new Map<string, string>();
	readSocketNames(bytes, 0, bytes.length, false, names);
	assert.deepEqual([...names], [["192.0.2.1", "/run/c.sock"]]);
	for (let end = 0; end < bytes.length; end++) {
		readSocketNames(bytes, 0, end, false, names);
	}
});
