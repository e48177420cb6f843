// A request into the bytes of its records, in the order of the role's streams (specification, sections 5 and 6).

import { encodeBeginRequest } from "../fastcgi/body.js";
import { FCGI_KEEP_CONN, FCGI_MAX_LENGTH } from "../fastcgi/constants.js";
import type { Framing } from "./framing.js";
import { encodeParams } from "./param.js";
import { RecordWriter } from "./record-writer.js";
import type { Body, SentRequest } from "./request.js";

/** A record; or that what follows may be long in coming; or milliseconds to wait. */
export type Piece = Buffer | "pause" | number;

const BEGIN_REQUEST = 1;
const PARAMS = 4;
const STDIN = 5;
const DATA = 8;

/** Whether all of a request is in memory. */
export function isWhole(request: SentRequest): boolean {
	return ![request.stdin, request.data].some(isRead);
}

/** The records of a request that is all in memory. */
export function* recordsOfWhole(
	request: SentRequest,
	framing: Framing,
): Generator<Piece> {
	const writer = new RecordWriter(framing.requestId, framing.padding);
	yield* headRecords(writer, request, framing);
	for (const [type, body] of streamsOf(request)) {
		if (!isRead(body)) yield* writer.records(type, body, framing.stdinSize);
		yield writer.record(type);
	}
}

/** The records of any request. */
export async function* recordsOf(
	request: SentRequest,
	framing: Framing,
): AsyncGenerator<Piece> {
	const writer = new RecordWriter(framing.requestId, framing.padding);
	yield* headRecords(writer, request, framing);
	for (const [type, body] of streamsOf(request)) {
		if (isRead(body)) {
			const filler = writer.filler(type, framing.stdinSize);
			yield "pause";
			for await (const piece of body) {
				yield* filler.push(piece);
				yield "pause";
			}
			yield* filler.end();
		} else {
			yield* writer.records(type, body, framing.stdinSize);
		}
		yield writer.record(type);
	}
}

function isRead(body: Body | undefined): body is AsyncIterable<Buffer> {
	return body !== undefined && !Buffer.isBuffer(body);
}

function streamsOf({ stdin, data }: SentRequest): [number, Body][] {
	const streams: [number, Body][] = [];
	if (stdin !== undefined) streams.push([STDIN, stdin]);
	if (data !== undefined) streams.push([DATA, data]);
	return streams;
}

function* headRecords(
	writer: RecordWriter,
	{ role, params }: SentRequest,
	framing: Framing,
): Generator<Buffer> {
	const flags = framing.keepConn ? FCGI_KEEP_CONN : 0;
	yield writer.record(BEGIN_REQUEST, encodeBeginRequest({ role, flags }));
	for (const content of paramsContents(encodeParams(params), framing)) {
		yield writer.record(PARAMS, content);
	}
	yield writer.record(PARAMS);
}

/** Pairs into the contents of PARAMS records. */
function paramsContents(
	pairs: readonly Buffer[],
	{ paramsSize, cutPairs }: Framing,
): readonly Buffer[] {
	switch (cutPairs) {
		case "no":
			return wholePairs(pairs, paramsSize);
		case "everywhere":
			return cutAt(Buffer.concat(pairs), [], paramsSize);
		case "middle": {
			let start = 0;
			const middles = pairs.map((pair) => {
				const middle = start + (pair.length >> 1);
				start += pair.length;
				return middle;
			});
			return cutAt(Buffer.concat(pairs), middles, paramsSize);
		}
	}
}

/**
 * As many pairs in a record as fit: php takes each record by itself, so that a pair is cut only where no record could hold
 * it. One that is longer than the size that was asked for has a record to itself.
 */
function wholePairs(pairs: readonly Buffer[], size: number): Buffer[] {
	const contents: Buffer[] = [];
	let held: Buffer[] = [];
	let length = 0;
	const flush = () => {
		if (length === 0) return;
		contents.push(...cutAt(Buffer.concat(held, length), [], FCGI_MAX_LENGTH));
		held = [];
		length = 0;
	};
	for (const pair of pairs) {
		if (length + pair.length > size) flush();
		held.push(pair);
		length += pair.length;
	}
	flush();
	return contents;
}

/** Bytes cut at given places, in order, and wherever a part would be longer than `size`. */
function cutAt(
	bytes: Buffer,
	places: readonly number[],
	size: number,
): Buffer[] {
	const parts: Buffer[] = [];
	let from = 0;
	for (const place of [...places, bytes.length]) {
		for (; from < place; from = Math.min(from + size, place)) {
			parts.push(bytes.subarray(from, Math.min(from + size, place)));
		}
	}
	return parts;
}
