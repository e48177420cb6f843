// A recorded request into one that can be framed anew, and be given other parameters: its role, its pairs, the bytes of its
// streams.

import { decodeNameValues } from "../../fastcgi/name-values.js";
import { RecordDecoder } from "../../fastcgi/record-decoder.js";
import { type Param, withoutParams, withParams } from "../param.js";
import type { Body, SentRequest } from "../request.js";
import type { RecordedRequest } from "./recorded-request.js";

/** Bytes that are read of a recording at once. */
const BLOCK_BYTES = 262_144;

/** A body of so many bytes is taken into memory; a longer one is read as it is sent. */
const WHOLE_BYTES = 1024 * 1024;

/** What is to be other than recorded. */
export interface Changes {
	readonly set: readonly Param[];
	readonly unset: readonly string[];
}

const PARAMS = 4;
const STDIN = 5;
const DATA = 8;

/** Why a request cannot be framed anew; undefined where it can. */
export function whyNotReframed(request: RecordedRequest): string | undefined {
	if (!request.paramsDecode) {
		return "its parameters do not decode, so it can only be sent as it was framed";
	}
	if (request.pauses.length > 0 && !request.inputEnded) {
		return "it was aborted in the middle of its input, so it can only be sent as it was framed";
	}
	return undefined;
}

/** When a request was aborted, in milliseconds from its beginning; undefined where it was not. */
export function abortedAfter({
	pauses,
	startedAt,
}: RecordedRequest): number | undefined {
	const [pause] = pauses;
	if (pause === undefined) return undefined;
	return startedAt === undefined ? 0 : (pause.milliseconds ?? 0);
}

/** The request. It has to be one of those that can be framed anew. */
export function reframed(
	request: RecordedRequest,
	changes: Changes,
): SentRequest {
	const content = Buffer.concat([...contents(request, PARAMS)]);
	const params = decodeNameValues(content).pairs.map(
		({ name, value }): Param => [name, value],
	);
	return {
		role: request.role ?? 0,
		params: withParams(withoutParams(params, changes.unset), changes.set),
		stdin: bodyOf(request, STDIN, request.hasStdin, request.stdinBytes),
		data: bodyOf(request, DATA, request.hasData, request.dataBytes),
	};
}

function bodyOf(
	request: RecordedRequest,
	type: number,
	there: boolean,
	length: number,
): Body | undefined {
	if (!there) return undefined;
	if (length <= WHOLE_BYTES) return Buffer.concat([...contents(request, type)]);
	return {
		async *[Symbol.asyncIterator]() {
			yield* contents(request, type);
		},
	};
}

/** What the records of a type carry, up to the stream's end; each piece lasts. */
function* contents(request: RecordedRequest, type: number): Generator<Buffer> {
	const decoder = new RecordDecoder();
	for (const block of request.input.blocks(BLOCK_BYTES)) {
		for (const record of decoder.push(block)) {
			if (record.type !== type) continue;
			if (record.contentLength === 0) return;
			yield Buffer.from(record.contentData);
		}
	}
}
