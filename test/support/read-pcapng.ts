// Reads pcapng in the simplest way, for tests of what is written: little-endian, enhanced packet blocks only. Throws where
// anything is not as the draft has it.

import assert from "node:assert/strict";

export interface ReadPacket {
	readonly interfaceId: number;
	/** Microseconds. */
	readonly time: number;
	readonly bytes: Buffer;
	readonly original: number;
	readonly comments: readonly string[];
}

export interface ReadInterface {
	readonly linkType: number;
	readonly name: string;
}

/** All that is in a file. */
export function readPcapng(file: Buffer): {
	packets: ReadPacket[];
	interfaces: ReadInterface[];
	application: string;
} {
	const packets: ReadPacket[] = [];
	const interfaces: ReadInterface[] = [];
	let application = "";
	let at = 0;
	while (at < file.length) {
		const type = file.readUInt32LE(at);
		const length = file.readUInt32LE(at + 4);
		assert.equal(length % 4, 0);
		assert.equal(file.readUInt32LE(at + length - 4), length);
		const body = file.subarray(at + 8, at + length - 4);
		if (at === 0) {
			assert.equal(type, 0x0a0d0d0a);
			assert.equal(body.readUInt32LE(0), 0x1a2b3c4d);
			application = optionsOf(body, 16).get(4)?.[0]?.toString() ?? "";
		} else if (type === 1) {
			const options = optionsOf(body, 8);
			assert.deepEqual(options.get(9), [Buffer.from([6])]);
			interfaces.push({
				linkType: body.readUInt16LE(0),
				name: options.get(2)?.[0]?.toString() ?? "",
			});
		} else if (type === 4) {
			const names = optionsOf(body, 0);
			const values = [...(names.get(1) ?? []), ...(names.get(2) ?? [])];
			assert.equal(values.length, 1);
			assert.equal(values[0]?.at(-1), 0);
		} else {
			assert.equal(type, 6);
			const captured = body.readUInt32LE(12);
			const padded = (captured + 3) & ~3;
			assert.deepEqual(
				body.subarray(20 + captured, 20 + padded),
				Buffer.alloc(padded - captured),
			);
			const interfaceId = body.readUInt32LE(0);
			assert.ok(interfaceId < interfaces.length);
			packets.push({
				interfaceId,
				time: body.readUInt32LE(4) * 2 ** 32 + body.readUInt32LE(8),
				bytes: body.subarray(20, 20 + captured),
				original: body.readUInt32LE(16),
				comments: (optionsOf(body, 20 + padded).get(1) ?? []).map(String),
			});
		}
		at += length;
	}
	assert.equal(at, file.length);
	return { packets, interfaces, application };
}

/** The tags of a packet of link type 252, and what is behind them. */
export function readTags(packet: Buffer): {
	tags: Map<number, Buffer>;
	unit: Buffer;
} {
	const tags = new Map<number, Buffer>();
	let at = 0;
	for (;;) {
		const type = packet.readUInt16BE(at);
		const length = packet.readUInt16BE(at + 2);
		at += 4 + length;
		assert.ok(at <= packet.length);
		if (type === 0) return { tags, unit: packet.subarray(at) };
		tags.set(type, packet.subarray(at - length, at));
	}
}

function optionsOf(body: Buffer, from: number): Map<number, Buffer[]> {
	const options = new Map<number, Buffer[]>();
	let at = from;
	while (at < body.length) {
		const code = body.readUInt16LE(at);
		const length = body.readUInt16LE(at + 2);
		const value = body.subarray(at + 4, at + 4 + length);
		assert.equal(value.length, length);
		at += 4 + ((length + 3) & ~3);
		if (code === 0) {
			assert.equal(at, body.length);
			return options;
		}
		options.set(code, [...(options.get(code) ?? []), value]);
	}
	assert.equal(from, body.length, "options without an end");
	return options;
}
