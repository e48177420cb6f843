// Requests into the scripts that send them: one by itself, or several interleaved on one connection (specification,
// section 3.3). A script is asked for one step after the other, so that a body may be longer than memory; a small one is
// all there, and may be carried out as often as wanted.

import type { Script, Step } from "../fastcgi/step.js";
import type { Framing } from "./framing.js";
import { framingBeside } from "./framing.js";
import type { SentRequest } from "./request.js";
import {
	isWhole,
	type Piece,
	recordsOf,
	recordsOfWhole,
} from "./request-records.js";
import { abortOf, writesOf } from "./writes.js";

/** Bytes of a request that is prepared whole: as much as is nothing beside what Node itself needs. */
const PREPARED_BYTES = 1024 * 1024;

/** The script of one request. Where it can be carried out again, it is an array, or begins anew. */
export function scriptOf(request: SentRequest, framing: Framing): Script {
	return scriptOfAll([[request, framing]], framing);
}

/** The script of several requests at once: their records in turn, each with an id of its own. */
export function multiplexed(
	requests: readonly SentRequest[],
	framing: Framing,
): Script {
	return scriptOfAll(
		requests.map((one, index) => [one, framingBeside(framing, index)]),
		framing,
	);
}

function scriptOfAll(
	requests: readonly (readonly [SentRequest, Framing])[],
	framing: Framing,
): Script {
	if (!requests.every(([request]) => isWhole(request))) {
		return {
			[Symbol.asyncIterator]: () =>
				steps(
					inTurn(
						requests.map(([request, own]) =>
							aborted(recordsOf(request, own), own),
						),
					),
					framing,
				),
		};
	}
	const script = {
		[Symbol.iterator]: () =>
			stepsOfWhole(
				inTurnOfWhole(
					requests.map(([request, own]) =>
						abortedWhole(recordsOfWhole(request, own), own),
					),
				),
				framing,
			),
	};
	// An abort at a time has to look at the clock again.
	const timed = framing.abort !== undefined && "milliseconds" in framing.abort;
	return timed || bytesOf(requests) > PREPARED_BYTES ? script : [...script];
}

function bytesOf(requests: readonly (readonly [SentRequest, Framing])[]) {
	let bytes = 0;
	for (const [{ params, stdin, data }] of requests) {
		for (const [name, value] of params) {
			bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
		}
		for (const body of [stdin, data]) {
			if (Buffer.isBuffer(body)) bytes += body.length;
		}
	}
	return bytes;
}

function* stepsOfWhole(
	pieces: Iterable<Piece>,
	framing: Framing,
): Generator<Step> {
	const stage = writesOf(framing);
	for (const piece of pieces) yield* stage.push(piece);
	yield* stage.end();
}

async function* steps(
	pieces: AsyncIterable<Piece>,
	framing: Framing,
): AsyncGenerator<Step> {
	const stage = writesOf(framing);
	for await (const piece of pieces) yield* stage.push(piece);
	yield* stage.end();
}

function* abortedWhole(
	pieces: Iterable<Piece>,
	framing: Framing,
): Generator<Piece> {
	const stage = abortOf(framing);
	for (const piece of pieces) {
		yield* stage.push(piece);
		if (stage.done) return;
	}
	yield* stage.end();
}

async function* aborted(
	pieces: AsyncIterable<Piece>,
	framing: Framing,
): AsyncGenerator<Piece> {
	const stage = abortOf(framing);
	for await (const piece of pieces) {
		yield* stage.push(piece);
		if (stage.done) return;
	}
	yield* stage.end();
}

/** One piece of each, again and again, until all have ended. */
function* inTurnOfWhole(all: readonly Generator<Piece>[]): Generator<Piece> {
	let open = all;
	while (open.length > 0) {
		const still: Generator<Piece>[] = [];
		for (const one of open) {
			const { done, value } = one.next();
			if (done) continue;
			still.push(one);
			yield value;
		}
		open = still;
	}
}

async function* inTurn(
	all: readonly AsyncGenerator<Piece>[],
): AsyncGenerator<Piece> {
	let open = all;
	try {
		while (open.length > 0) {
			const still: AsyncGenerator<Piece>[] = [];
			for (const one of open) {
				const { done, value } = await one.next();
				if (done) continue;
				still.push(one);
				yield value;
			}
			open = still;
		}
	} finally {
		// Whoever stops asking closes the files that bodies are read from.
		for (const one of open) await one.return(undefined);
	}
}
