import assert from "node:assert/strict";
import { test } from "node:test";
import {
	Fragments,
	MAX_AGE,
	MAX_DATAGRAMS,
	MAX_FRAGMENT_BYTES,
} from "../../../src/capture/network/fragments.js";
import { emptyDatagram, readIp } from "../../../src/capture/network/ip.js";
import type { Packet } from "../../../src/capture/packet/packet.js";
import { fragmentsOf, ipv4, ipv6 } from "../../support/encapsulation.js";

const TEXT = Buffer.from(
	"The quick brown fox jumps over the lazy dog. ".repeat(3),
);

interface When {
	readonly timestamp?: number | undefined;
	readonly frame?: number;
	/** Bytes of it that were not captured. */
	readonly cut?: number;
}

/** Gives the fragments a packet, which is overwritten afterwards; returns what it completes. */
function take(fragments: Fragments, bytes: Buffer, when: When = {}) {
	const datagram = emptyDatagram();
	const packet: Packet = {
		frame: when.frame ?? 1,
		timestamp: "timestamp" in when ? when.timestamp : 1,
		linkType: 101,
		bytes: Buffer.from(bytes),
		start: 0,
		end: bytes.length - (when.cut ?? 0),
		originalLength: bytes.length,
	};
	assert.equal(readIp(packet, 0, datagram), "fragment");
	const whole = fragments.take(packet, datagram);
	packet.bytes.fill(0xee);
	return whole;
}

/** The whole packet's bytes as `readIp` sees them. */
function payloadOf(whole: Packet | undefined): string | undefined {
	if (whole === undefined) return undefined;
	const datagram = emptyDatagram();
	assert.equal(readIp(whole, 0, datagram), "datagram");
	assert.equal(datagram.protocol, 17);
	assert.equal(datagram.payloadEnd, whole.originalLength);
	return whole.bytes.toString("latin1", datagram.payloadAt, whole.end);
}

for (const [version, wrap] of [
	[4, ipv4],
	[6, ipv6],
] as const) {
	const datagram = wrap(17, TEXT);

	test(`IPv${version}: in any order, and each twice, fragments make the datagram once`, () => {
		const parts = fragmentsOf(datagram, 56, 77);
		assert.equal(parts.length, 3);
		for (const order of [
			[0, 1, 2],
			[2, 1, 0],
			[1, 0, 2],
			[0, 0, 2, 2, 1, 1, 0, 2],
		]) {
			const fragments = new Fragments();
			const made = order.map((i) => take(fragments, parts[i] as Buffer));
			const whole = made.filter((packet) => packet !== undefined);
			assert.deepEqual(whole.map(payloadOf), [TEXT.toString()]);
			fragments.end();
			assert.deepEqual([fragments.leftOut, fragments.contradicting], [0, 0]);
		}
	});

	test(`IPv${version}: datagrams are told apart by their number and addresses`, () => {
		const fragments = new Fragments();
		const [a0, a1] = fragmentsOf(datagram, 72, 1) as [Buffer, Buffer];
		const [b0, b1] = fragmentsOf(datagram, 72, 2) as [Buffer, Buffer];
		const c1 = Buffer.from(a1);
		c1[version === 4 ? 19 : 39] = 99;
		assert.equal(take(fragments, a0), undefined);
		assert.equal(take(fragments, b1), undefined);
		assert.equal(take(fragments, c1), undefined);
		assert.equal(payloadOf(take(fragments, b0)), TEXT.toString());
		assert.equal(payloadOf(take(fragments, a1)), TEXT.toString());
		fragments.end();
		assert.equal(fragments.leftOut, 1);
	});

	test(`IPv${version}: where fragments overlap, the bytes that came first count`, () => {
		const [first, , last] = fragmentsOf(datagram, 56, 1) as Buffer[];
		const [, ...others] = fragmentsOf(
			wrap(17, Buffer.from(TEXT.toString().toUpperCase())),
			24,
			1,
		);
		const fragments = new Fragments();
		take(fragments, first as Buffer);
		take(fragments, last as Buffer);
		const made = others.map((other) => take(fragments, other));
		const upper = TEXT.toString().toUpperCase();
		const lower = TEXT.toString();
		assert.deepEqual(made.map(payloadOf).filter(Boolean), [
			lower.slice(0, 56) + upper.slice(56, 112) + lower.slice(112),
		]);
		assert.ok(fragments.contradicting > 0);
	});

	test(`IPv${version}: what a snap length cut of a fragment ends what is there of the datagram`, () => {
		const [first, second] = fragmentsOf(datagram, 72, 1) as [Buffer, Buffer];
		const fragments = new Fragments();
		take(fragments, second);
		const whole = take(fragments, first, { cut: 12 });
		assert.equal(payloadOf(whole), TEXT.toString().slice(0, 60));
	});
}

test("what cannot be completed is counted at the end", () => {
	const parts = fragmentsOf(ipv4(17, TEXT), 24, 5);
	const fragments = new Fragments();
	for (const part of parts.slice(1)) take(fragments, part);
	assert.equal(fragments.leftOut, 0);
	fragments.end();
	assert.equal(fragments.leftOut, parts.length - 1);
});

test("a fragment that comes too late begins another datagram of the same number", () => {
	for (const late of [
		{ timestamp: 1 + MAX_AGE + 1 },
		{ timestamp: undefined, frame: 1_000_000 },
	]) {
		const [first, second] = fragmentsOf(ipv4(17, TEXT), 72, 5) as [
			Buffer,
			Buffer,
		];
		const fragments = new Fragments();
		take(fragments, first, {
			...late,
			timestamp: late.timestamp && 1,
			frame: 1,
		});
		assert.equal(take(fragments, second, late), undefined);
		assert.equal(fragments.leftOut, 1);
		assert.equal(payloadOf(take(fragments, first, late)), TEXT.toString());
	}
});

test("a number is used again for another datagram soon after", () => {
	const fragments = new Fragments();
	for (const timestamp of [1, 1.5, 3]) {
		const parts = fragmentsOf(ipv4(17, TEXT), 72, 5);
		const made = parts.map((part) => take(fragments, part, { timestamp }));
		assert.equal(made.filter(Boolean).length, timestamp === 1.5 ? 0 : 1);
	}
});

test("the number of datagrams is bounded, and the oldest are given up", () => {
	const fragments = new Fragments();
	for (let number = 0; number < MAX_DATAGRAMS + 10; number++) {
		take(fragments, fragmentsOf(ipv4(17, TEXT), 72, number)[0] as Buffer);
	}
	assert.equal(fragments.leftOut, 10);
	const [, oldest] = fragmentsOf(ipv4(17, TEXT), 72, 0) as Buffer[];
	assert.equal(take(fragments, oldest as Buffer), undefined);
	const [, newest] = fragmentsOf(ipv4(17, TEXT), 72, 500) as Buffer[];
	assert.equal(payloadOf(take(fragments, newest as Buffer)), TEXT.toString());
});

test("the bytes held are bounded", () => {
	const fragments = new Fragments();
	const large = ipv4(17, Buffer.alloc(60_000));
	const count = Math.ceil(MAX_FRAGMENT_BYTES / 50_000) + 100;
	for (let number = 0; number < count; number++) {
		take(fragments, fragmentsOf(large, 56_000, number)[0] as Buffer);
	}
	assert.ok(fragments.leftOut >= 100 && fragments.leftOut < count);
});

test("fragments that reach beyond what a datagram can have are left out", () => {
	const [, fragment] = fragmentsOf(ipv4(17, TEXT), 72, 1) as Buffer[];
	const beyond = Buffer.from(fragment as Buffer);
	beyond.writeUInt16BE(0x1fff, 6);
	const fragments = new Fragments();
	assert.equal(take(fragments, beyond), undefined);
	assert.equal(fragments.leftOut, 1);
});

test("a datagram of the largest size is put together of the smallest fragments", () => {
	const text = Buffer.alloc(65_500, "0123456789abcdef");
	const fragments = new Fragments();
	const parts = fragmentsOf(ipv4(17, text.subarray(0, 65_000)), 8, 1);
	let whole: Packet | undefined;
	for (const part of parts.reverse()) whole ??= take(fragments, part);
	assert.equal(payloadOf(whole), text.toString("latin1", 0, 65_000));
});
