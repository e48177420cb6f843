// The bytes of a stream into the records that carry it, its empty closing record included (specification, section 3.3).

import { FCGI_MAX_LENGTH } from "./constants.js";
import { NO_BYTES } from "./no-bytes.js";
import { inRange } from "./range.js";
import type { RecordDraft } from "./record.js";

/** Content bytes of a full record: the most that needs no padding to end on a multiple of eight (section 3.3). */
export const ALIGNED_RECORD_SIZE = FCGI_MAX_LENGTH - (FCGI_MAX_LENGTH % 8);

/** How padding is chosen: none, what alignment to eight bytes asks for (section 3.3), or the same for every record. */
export type PaddingPolicy = "none" | "align8" | number;

/** How a stream is cut. */
export interface SplitOptions {
	/** Content bytes of a full record, 1 to 65,535; `ALIGNED_RECORD_SIZE` by default. */
	readonly recordSize?: number;
	/** `none` by default. */
	readonly padding?: PaddingPolicy;
}

/**
 * The records of one stream of a request, views into `content`: full ones, one with the rest, and the empty one that
 * closes it. A record size or padding that no record can have is a RangeError.
 */
export function splitStream(
	type: number,
	requestId: number,
	content: Buffer,
	options: SplitOptions = {},
): readonly RecordDraft[] {
	const recordSize = options.recordSize ?? ALIGNED_RECORD_SIZE;
	inRange("recordSize - 1", recordSize - 1, FCGI_MAX_LENGTH - 1);
	const drafts: RecordDraft[] = [];
	for (let at = 0; at < content.length; at += recordSize) {
		drafts.push(piece(content.subarray(at, at + recordSize)));
	}
	drafts.push(piece(NO_BYTES));
	return drafts;

	function piece(contentData: Buffer): RecordDraft {
		const paddingLength = paddingFor(contentData.length, options.padding);
		return { type, requestId, contentData, paddingLength };
	}
}

/** Padding bytes for that much content; a number outside 0 to 255 is a RangeError. */
function paddingFor(
	contentLength: number,
	policy: PaddingPolicy = "none",
): number {
	if (policy === "none") return 0;
	if (policy === "align8") return -contentLength & 7;
	return inRange("padding", policy, 0xff);
}
