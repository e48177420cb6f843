// Short ways to redact a stream, a request or a list of pairs, cut as one likes, in tests of the room redact/.

import type { Peer } from "../../src/fastcgi/constants.js";
import { encodeNameValue } from "../../src/fastcgi/name-values.js";
import { type FcgiRecord, makeRecord } from "../../src/fastcgi/record.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import type { Redactor } from "../../src/inspect/redactor.js";
import { createRedactor } from "../../src/redact/index.js";

/** Type numbers of what is redacted, and who sends it. */
export const TYPES = {
	begin: [1, "webServer"],
	end: [3, "application"],
	params: [4, "webServer"],
	stdin: [5, "webServer"],
	stdout: [6, "application"],
	stderr: [7, "application"],
	data: [8, "webServer"],
} as const satisfies Record<string, readonly [number, Peer]>;

/** A key of {@link TYPES}. */
export type Kind = keyof typeof TYPES;

/** A whole record. */
export function recordOf(
	kind: Kind,
	content: Buffer | string,
	requestId = 1,
): FcgiRecord {
	const contentData = Buffer.from(content as string, "latin1");
	const bytes = encodeRecord({ type: TYPES[kind][0], requestId, contentData });
	const body = bytes.subarray(8, 8 + contentData.length);
	const padding = bytes.subarray(8 + contentData.length);
	return makeRecord(bytes, 0, 0, body, padding, 0, false);
}

/** A record's content, redacted, one character a byte. What came in is checked to be as it was. */
export function push(
	redactor: Redactor,
	kind: Kind,
	content: Buffer | string,
	requestId = 1,
): string {
	const record = recordOf(kind, content, requestId);
	const before = Buffer.from(record.contentData);
	const redacted = redactor.redact(record, TYPES[kind][1]);
	if (!before.equals(record.contentData)) throw new Error("written to");
	if (redacted !== record) {
		const { contentData, ...rest } = redacted;
		const { contentData: original, ...fields } = record;
		// A secret may be stars.
		if (contentData.equals(original) && !original.includes("*")) {
			throw new Error("copied for nothing");
		}
		if (JSON.stringify(rest) !== JSON.stringify(fields)) {
			throw new Error("more than the content was changed");
		}
	}
	return redacted.contentData.toString("latin1");
}

/** The content of BEGIN_REQUEST for a responder. */
export const BEGIN = Buffer.from([0, 1, 0, 0, 0, 0, 0, 0]);

/** A redactor that has seen BEGIN_REQUEST only. */
export function begunOnly(): Redactor {
	const redactor = createRedactor();
	push(redactor, "begin", BEGIN);
	return redactor;
}

/** A redactor that has seen BEGIN_REQUEST, and PARAMS with the type of a body where one is given. */
export function begun(type?: string, extra: readonly string[] = []): Redactor {
	const redactor = createRedactor(extra);
	push(redactor, "begin", BEGIN);
	const pairs = type === undefined ? [] : [["CONTENT_TYPE", type] as const];
	if (type !== undefined) push(redactor, "params", pairsOf(pairs));
	push(redactor, "params", "");
	return redactor;
}

/** Pairs as the content of PARAMS. */
export function pairsOf(
	pairs: readonly (readonly [name: string, value: string])[],
): Buffer {
	return Buffer.concat(
		pairs.map(([name, value]) =>
			encodeNameValue(
				Buffer.from(name, "latin1"),
				Buffer.from(value, "latin1"),
			),
		),
	);
}

/** A stream's content, redacted as records that end at `cuts`. */
export function pushCut(
	redactor: Redactor,
	kind: Kind,
	content: Buffer | string,
	cuts: readonly number[],
): string {
	const bytes = Buffer.from(content as string, "latin1");
	let from = 0;
	let redacted = "";
	for (const to of [...cuts, bytes.length]) {
		if (to <= from) continue;
		redacted += push(redactor, kind, bytes.subarray(from, to));
		from = to;
	}
	return redacted;
}
