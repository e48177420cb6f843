import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SEARCH_WINDOW } from "../../src/fastcgi/header-search.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import { type Framed, Framing } from "../../src/inspect/framing.js";
import type { SkippedPiece } from "../../src/inspect/skipped-bytes.js";
import { frozen } from "../support/any-cut.js";
import { bytesOf } from "../support/conversation.js";

/** What a framing makes of bytes cut at the given places. */
function frame(
	input: Buffer,
	cuts: readonly number[] = [],
	startSeen = true,
): Item[] {
	const framing = new Framing("application", startSeen);
	const out: Framed[] = [];
	let from = 0;
	for (const to of [...cuts, input.length]) {
		const piece = Buffer.from(input.subarray(from, to));
		for (const item of framing.push(piece, 0)) out.push(copied(item));
		piece.fill(0xee);
		from = to;
	}
	for (const item of framing.end()) out.push(copied(item));
	return withoutPieces(out, input);
}

/** What was framed, without the pieces of skipped bytes, which have to be those of the input. */
type Item = Exclude<Framed, SkippedPiece>;

function withoutPieces(items: readonly Framed[], input: Buffer): Item[] {
	const out: Item[] = [];
	let pieces: Buffer[] = [];
	for (const item of items) {
		if (item.kind === "skippedPiece") pieces.push(item.bytes);
		else {
			if (item.kind === "skipped" && item.reason === "noRecord") {
				const { offset, length } = item;
				const skipped = input.subarray(offset, offset + length);
				assert.deepEqual(Buffer.concat(pieces), skipped);
				pieces = [];
			}
			out.push(item);
		}
		for (const { length } of pieces) assert.ok(length <= 4096);
	}
	assert.deepEqual(pieces, []);
	return out;
}

function copied(item: Framed): Framed {
	if (item.kind === "skippedPiece") {
		return { ...item, bytes: Buffer.from(item.bytes) };
	}
	return item.kind === "skipped"
		? item
		: {
				...item,
				contentData: Buffer.from(item.contentData),
				paddingData: Buffer.from(item.paddingData),
			};
}

const recordBytes = fc
	.record({
		type: fc.constantFrom(6, 7),
		requestId: fc.integer({ min: 1, max: 9 }),
		contentData: fc.uint8Array({ maxLength: 40 }).map((a) => Buffer.from(a)),
		paddingLength: fc.integer({ min: 0, max: 7 }),
	})
	.map(encodeRecord);
const rubbish = fc
	.uint8Array({ minLength: 1, maxLength: 30 })
	.map((a) => Buffer.from(a));
const stream = fc
	.array(
		fc.oneof(
			{ weight: 4, arbitrary: recordBytes },
			{ weight: 1, arbitrary: rubbish },
		),
		{
			maxLength: 12,
		},
	)
	.map((pieces) => Buffer.concat(pieces));

test("every byte is accounted for, once and in order", () => {
	fc.assert(
		fc.property(stream, fc.boolean(), (input, startSeen) => {
			let end = 0;
			for (const item of frame(input, [], startSeen)) {
				assert.equal(item.offset, end);
				end +=
					item.kind === "skipped"
						? item.length
						: 8 + item.contentData.length + item.paddingData.length;
			}
			assert.equal(end, input.length);
		}),
	);
});

test("rubbish and records are told apart the same, however they are cut", () => {
	fc.assert(
		fc.property(
			stream,
			fc.boolean(),
			fc.array(fc.nat(400)),
			(input, startSeen, places) => {
				const cuts = places
					.filter((at) => at < input.length)
					.sort((a, b) => a - b);
				assert.deepEqual(
					frame(input, cuts, startSeen).map(frozen),
					frame(input, [], startSeen).map(frozen),
				);
			},
		),
	);
});

test("records behind rubbish of any length are found", () => {
	const records = bytesOf(
		'{FCGI_STDOUT, 1, "a"} {FCGI_END_REQUEST, 1, {0, 0}}',
	);
	for (const length of [1, 7, 8, 9, SEARCH_WINDOW, 3 * SEARCH_WINDOW]) {
		const input = Buffer.concat([Buffer.alloc(length, "x"), records]);
		const kinds = frame(input).map((item) => item.kind);
		assert.deepEqual(kinds, ["skipped", "stdout", "endRequest"], `${length}`);
	}
});

test("what comes behind rubbish is said: a record, a hole, or nothing", () => {
	const record = bytesOf("{FCGI_END_REQUEST, 1, {0, 0}}");
	const untils = (items: readonly Item[]) =>
		items.map((item) => (item.kind === "skipped" ? item.until : item.kind));
	const rubbish = Buffer.from("rubbish");
	const behind = frame(Buffer.concat([rubbish, record]));
	assert.deepEqual(untils(behind), ["record", "endRequest"]);
	assert.deepEqual(untils(frame(rubbish)), ["end"]);
	const framing = new Framing("application", true);
	const items = [...framing.push(rubbish, 0), ...framing.push(record, 5)];
	items.push(...framing.end());
	assert.deepEqual(untils(withoutPieces(items, rubbish)), [
		"missing",
		undefined,
		"endRequest",
	]);
});

test("a false header that claims the longest record delays the search, and costs no quadratic time", () => {
	const lie = Buffer.from("01060001ffffff00", "hex");
	const input = Buffer.concat([
		Buffer.from("x"),
		lie,
		Buffer.alloc(SEARCH_WINDOW, "y"),
		bytesOf('{FCGI_STDOUT, 1, "a"} {FCGI_END_REQUEST, 1, {0, 0}}'),
	]);
	const started = process.cpuUsage().user;
	const everywhere = Array.from({ length: input.length - 1 }, (_, i) => i + 1);
	const kinds = frame(input, everywhere).map((item) => item.kind);
	assert.deepEqual(kinds, ["skipped", "stdout", "endRequest"]);
	assert.ok(process.cpuUsage().user - started < 5e6);
});

test("a hole in a record keeps the framing, one beyond it loses it", () => {
	const records = bytesOf(
		'{FCGI_STDOUT, 1, "0123456789"} {FCGI_STDERR, 1, "e"} {FCGI_END_REQUEST, 1, {0, 0}}',
	);
	for (let from = 0; from < records.length; from++) {
		for (let to = from + 1; to < records.length; to++) {
			const framing = new Framing("application", true);
			const out = [
				...framing.push(Buffer.from(records.subarray(0, from)), 0),
				...framing.push(Buffer.from(records.subarray(to)), to - from),
				...framing.end(),
			];
			let end = 0;
			let missing = 0;
			for (const item of withoutPieces(out, records)) {
				assert.equal(item.offset, end, `hole ${from} to ${to}`);
				if (item.kind === "skipped") {
					end += item.length;
					if (item.reason === "missing") missing += item.length;
				} else {
					end += 8 + item.contentLength + item.paddingLength;
					missing += item.missing;
					assert.equal(
						item.contentLength + item.paddingLength - item.missing,
						item.contentData.length + item.paddingData.length,
					);
				}
			}
			assert.equal(end, records.length, `hole ${from} to ${to}`);
			assert.equal(missing, to - from, `hole ${from} to ${to}`);
		}
	}
});

/** A stream of records, and which of its bytes were captured: a snap length leaves the start of each segment. */
const snapped = fc.tuple(
	fc.array(recordBytes, { minLength: 2, maxLength: 20 }),
	fc.integer({ min: 9, max: 60 }),
	fc.integer({ min: 1, max: 50 }),
);

/** What a framing makes of a stream whose segments were cut, and each of the pieces cut again by `cut`. */
function frameSnapped(
	input: Buffer,
	segment: number,
	captured: number,
	cut: number,
	startSeen: boolean,
): Item[] {
	const framing = new Framing("application", startSeen);
	const out: Framed[] = [];
	let missing = 0;
	const push = (bytes: Buffer, missingBefore: number) => {
		const piece = Buffer.from(bytes);
		for (const item of framing.push(piece, missingBefore)) {
			out.push(copied(item));
		}
		piece.fill(0xee);
	};
	for (let at = 0; at < input.length; at += segment) {
		const whole = input.subarray(at, at + segment);
		const there = whole.subarray(0, captured);
		for (let from = 0; from < there.length; from += cut) {
			push(there.subarray(from, from + cut), missing);
			missing = 0;
		}
		missing = whole.length - there.length;
	}
	if (missing > 0) push(Buffer.alloc(0), missing);
	for (const item of framing.end()) out.push(copied(item));
	return withoutPieces(out, input);
}

test("where a snap length cuts every segment, every byte is accounted for, however the rest is cut", () => {
	fc.assert(
		fc.property(
			snapped,
			fc.integer({ min: 1, max: 40 }),
			fc.boolean(),
			([records, segment, captured], cut, startSeen) => {
				const input = Buffer.concat(records);
				const whole = frameSnapped(input, segment, captured, 1e6, startSeen);
				let end = 0;
				for (const item of whole) {
					assert.equal(item.offset, end);
					end +=
						item.kind === "skipped"
							? item.length
							: 8 +
								item.contentData.length +
								item.paddingData.length +
								item.missing;
				}
				assert.equal(end, input.length);
				assert.deepEqual(
					frameSnapped(input, segment, captured, cut, startSeen).map(frozen),
					whole.map(frozen),
				);
			},
		),
		{ numRuns: 500 },
	);
});

test("records with holes are found where the header behind the hole was captured", () => {
	const large = encodeRecord({
		type: 6,
		requestId: 1,
		contentData: Buffer.alloc(65_528, "x"),
	});
	const input = Buffer.concat([
		Buffer.alloc(65_536, "y"),
		...Array(20).fill(large),
	]);
	for (const captured of [8, 30, 1448, 65_536]) {
		const items = frameSnapped(input, 65_536, captured, 1e6, false);
		const offsets = items
			.filter((item) => item.kind === "stdout")
			.map((item) => item.offset / 65_536);
		assert.deepEqual(
			offsets,
			Array.from({ length: 20 }, (_, i) => i + 1),
		);
	}
});
