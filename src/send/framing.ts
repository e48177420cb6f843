// How a request is cut into records, and records into writes: what a server is known to do, and what a person wants
// otherwise, into one description that is complete.

import { FcgiInspectError } from "../errors.js";
import { FCGI_MAX_LENGTH } from "../fastcgi/constants.js";
import { ALIGNED_RECORD_SIZE } from "../fastcgi/split-stream.js";
import { quoted } from "./quoted.js";

/** Padding of each record: none, what alignment to eight bytes asks for, a number of bytes, or 0 to 255 of them at random. */
export type Padding = "none" | "align8" | number | { readonly seed: number };

/** What a web server does. What is left out, it does as this program would. */
export interface FramingHabits {
	readonly padding?: Padding;
	/** Most content bytes of a PARAMS record; 65,535 by default. */
	readonly paramsSize?: number;
	/** Content bytes of a full STDIN or DATA record; 65,528 by default. */
	readonly stdinSize?: number;
	/** Whether small records are written together, as most servers do, or each by itself. */
	readonly writes?: "together" | "each";
	/** The connection is to be kept (section 5.1). */
	readonly keepConn?: boolean;
	/** By how much the ids of one connection's requests grow; 0 where all have the same. */
	readonly idStep?: number;
	/** Sends an authorizer the empty STDIN record, which the specification does not ask for. */
	readonly authorizerStdin?: boolean;
}

/** When FCGI_ABORT_REQUEST is sent: a time after the first record, or after a number of records. */
type AbortAfter =
	| { readonly milliseconds: number }
	| { readonly records: number };

/** What a person wants. What is left out is done as `like` does it. */
export interface FramingOptions {
	readonly like?: FramingHabits | undefined;
	/** 1 by default. */
	readonly requestId?: number | undefined;
	readonly keepConn?: boolean | undefined;
	readonly padding?: Padding | undefined;
	/** Content bytes of a full record of any stream, 1 to 65,535. */
	readonly recordSize?: number | undefined;
	/** Cuts PARAMS within pairs: every `recordSize` bytes, or in the middle of each pair. */
	readonly cutPairs?: boolean | undefined;
	/** Writes so many bytes at a time, with a pause between. */
	readonly split?: Split | undefined;
	readonly abort?: AbortAfter | undefined;
}

/** Writes of few bytes. */
export interface Split {
	readonly bytes: number;
	/** Milliseconds between two writes. */
	readonly pause: number;
}

/** A description that is complete. */
export interface Framing {
	readonly requestId: number;
	readonly idStep: number;
	readonly keepConn: boolean;
	readonly padding: Padding;
	readonly paramsSize: number;
	readonly stdinSize: number;
	readonly cutPairs: "no" | "everywhere" | "middle";
	readonly writes: "together" | "each";
	readonly split: Split | undefined;
	readonly abort: AbortAfter | undefined;
}

/** The description. A number that no record can have is a FcgiInspectError (usage). */
export function framingOf(options: FramingOptions = {}): Framing {
	const { like = {}, recordSize, cutPairs = false, split, abort } = options;
	if (recordSize !== undefined) {
		inBounds("a record's size", recordSize, 1, FCGI_MAX_LENGTH);
	}
	const padding = options.padding ?? like.padding ?? "none";
	if (typeof padding === "number") inBounds("padding", padding, 0, 0xff);
	const requestId = options.requestId ?? 1;
	inBounds("a request's id", requestId, 0, 0xffff);
	if (split !== undefined) {
		inBounds("the bytes of a write", split.bytes, 1, Number.MAX_SAFE_INTEGER);
	}
	if (abort !== undefined && "records" in abort) {
		inBounds(
			"the number of records",
			abort.records,
			1,
			Number.MAX_SAFE_INTEGER,
		);
	}
	return {
		requestId,
		idStep: like.idStep ?? 0,
		keepConn: options.keepConn ?? like.keepConn ?? false,
		padding,
		paramsSize: recordSize ?? like.paramsSize ?? FCGI_MAX_LENGTH,
		stdinSize: recordSize ?? like.stdinSize ?? ALIGNED_RECORD_SIZE,
		cutPairs: !cutPairs ? "no" : recordSize ? "everywhere" : "middle",
		writes: like.writes ?? "together",
		split,
		abort,
	};
}

/** The framing of the request that is the `index`th of its connection, from 0, after the others have ended. */
export function framingAt(framing: Framing, index: number): Framing {
	if (framing.idStep === 0 || index === 0) return framing;
	return withId(framing, framing.requestId + index * framing.idStep);
}

/** The framing of the `index`th request of those that are under way at once: no two have the same id. */
export function framingBeside(framing: Framing, index: number): Framing {
	return withId(
		framing,
		framing.requestId + index * Math.max(framing.idStep, 1),
	);
}

/** Ids begin anew at 1 behind the last one there is; 0 is that of management records. */
function withId(framing: Framing, id: number): Framing {
	return { ...framing, requestId: id <= 0xffff ? id : ((id - 1) % 0xffff) + 1 };
}

/** `none`, `align8`, a number of bytes, `random`, or `random:SEED` for the same again. Throws FcgiInspectError. */
export function parsePadding(text: string, seed: number): Padding {
	if (text === "none" || text === "align8") return text;
	const random = /^random(?::(\d{1,9}))?$/.exec(text);
	if (random !== null) {
		return { seed: random[1] === undefined ? seed : Number(random[1]) };
	}
	if (/^\d{1,3}$/.test(text) && Number(text) <= 0xff) return Number(text);
	throw new FcgiInspectError(
		"usage",
		`${quoted(text)} is no padding: none, align8, 0 to 255, random or random:SEED`,
	);
}

const ROLE_NAMES = ["responder", "authorizer", "filter"];

/** `responder`, `authorizer`, `filter`, or the number of another role. Throws FcgiInspectError. */
export function parseRole(text: string): number {
	const known = ROLE_NAMES.indexOf(text.toLowerCase().replace(/^fcgi_/, ""));
	if (known !== -1) return known + 1;
	if (/^\d{1,5}$/.test(text) && Number(text) <= 0xffff) return Number(text);
	throw new FcgiInspectError(
		"usage",
		`${quoted(text)} is no role: ${ROLE_NAMES.join(", ")}, or 0 to 65535`,
	);
}

function inBounds(
	what: string,
	value: number,
	least: number,
	most: number,
): void {
	if (Number.isInteger(value) && value >= least && value <= most) return;
	const range =
		most === Number.MAX_SAFE_INTEGER
			? `${least} or more`
			: `${least} to ${most}`;
	throw new FcgiInspectError("usage", `${what} is ${range}, not ${value}`);
}
