// The oracle of the record decoder: the record layout of the specification's section 3.3 read one byte after the other
// from a list in which bytes that the input does not have are undefined. It is slow, and obvious.

import type { FcgiRecord } from "../../src/fastcgi/record.js";
import { draftOf, encodeRecord } from "../../src/fastcgi/record-encoder.js";

/** A byte of a stream, undefined where the input does not have it. */
export type MaybeByte = number | undefined;

/** What the oracle tells of a record. */
export interface SlowRecord {
	readonly offset: number;
	/** The eight bytes of the header. */
	readonly header: readonly number[];
	readonly content: readonly number[];
	readonly padding: readonly number[];
	readonly missing: number;
	readonly truncated: boolean;
}

/** The records from the start of the stream, and where the first header is that is not all there. */
export interface SlowDecoding {
	readonly records: readonly SlowRecord[];
	readonly stoppedAt: number;
}

/** Decodes until a header lacks a byte. */
export function slowDecode(stream: readonly MaybeByte[]): SlowDecoding {
	const records: SlowRecord[] = [];
	let at = 0;
	for (;;) {
		const offset = at;
		const header: number[] = [];
		for (let i = 0; i < 8; i++) {
			const byte = stream[at];
			if (byte === undefined) return { records, stoppedAt: offset };
			header.push(byte);
			at++;
		}
		let missing = 0;
		let truncated = false;
		const take = (count: number): number[] => {
			const taken: number[] = [];
			for (let i = 0; i < count; i++) {
				const byte = stream[at];
				if (byte === undefined) missing++;
				else taken.push(byte);
				if (at >= stream.length) truncated = true;
				at++;
			}
			return taken;
		};
		const content = take((header[4] as number) * 256 + (header[5] as number));
		const padding = take(header[6] as number);
		records.push({ offset, header, content, padding, missing, truncated });
	}
}

/** A record as the oracle would tell it. */
export function slowly(record: FcgiRecord): SlowRecord {
	const header = encodeRecord(draftOf(record)).subarray(0, 8);
	return {
		offset: record.offset,
		header: [...header],
		content: [...record.contentData],
		padding: [...record.paddingData],
		missing: record.missing,
		truncated: record.truncated,
	};
}

/** What `slowDecode` tells of name-value pairs. */
export interface SlowPair {
	readonly offset: number;
	readonly name: readonly number[];
	readonly value: readonly number[];
}

/** The pairs from the start of the bytes (section 3.4), and where the first is that is not all there. */
export function slowPairs(bytes: readonly number[]): {
	readonly pairs: readonly SlowPair[];
	readonly stoppedAt: number;
} {
	const pairs: SlowPair[] = [];
	let at = 0;
	const length = (): number => {
		const first = bytes[at++] ?? 0;
		if (first < 128) return first;
		let sum = first - 128;
		for (let i = 0; i < 3; i++) sum = sum * 256 + (bytes[at++] ?? 0);
		return sum;
	};
	for (;;) {
		const offset = at;
		const nameLength = length();
		const valueLength = length();
		const value = at + nameLength;
		const end = value + valueLength;
		if (end > bytes.length) return { pairs, stoppedAt: offset };
		pairs.push({
			offset,
			name: bytes.slice(at, value),
			value: bytes.slice(value, end),
		});
		at = end;
	}
}
