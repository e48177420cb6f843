// The bytes of a record, as they were on the wire: in one run, or in several with what is missing behind each.

import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import type { FcgiRecord } from "../../fastcgi/record.js";
import { draftOf, encodeRecord } from "../../fastcgi/record-encoder.js";

/** Bytes that follow one another. */
export interface Run {
	readonly bytes: Buffer;
	/** Bytes behind them that the input does not have. */
	readonly missingBehind: number;
}

/** The runs of a record, at least one. What is missing behind the last of a truncated one may never have been sent. */
export function runsOf(record: FcgiRecord): readonly Run[] {
	const draft = draftOf(record);
	if (record.missing === 0) {
		return [{ bytes: encodeRecord(draft), missingBehind: 0 }];
	}
	const { contentData, paddingData, holes, missing, truncated } = record;
	const { contentLength, paddingLength } = record;
	const header = encodeRecord({
		...draft,
		contentData: NO_BYTES,
		contentLength,
		paddingData: NO_BYTES,
		paddingLength,
	});
	const runs: Run[] = [];
	let run = [header];
	const endRun = (missingBehind: number) => {
		runs.push({ bytes: Buffer.concat(run), missingBehind });
		run = [];
	};
	let at = 0;
	let ofPadding = missing;
	for (const hole of holes) {
		run.push(contentData.subarray(at, hole.at));
		endRun(hole.length);
		at = hole.at;
		ofPadding -= hole.length;
	}
	run.push(contentData.subarray(at));
	// Where in the padding something is missing is not known; it is its end where all ends there.
	if (truncated) run.push(paddingData);
	if (ofPadding > 0) endRun(ofPadding);
	if (!truncated) run.push(paddingData);
	if (run.some(({ length }) => length > 0)) endRun(0);
	return runs;
}
