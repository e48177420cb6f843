// What undoing a packing is, whichever it is.

import type { SourceReport } from "../../inspect/chunk.js";

/** A packing, undone step by step. */
export interface Unpacking {
	/** Bytes of the archive used so far. */
	readonly packedBytes: number;
	/** The next bytes; empty at the end. */
	next(): Promise<Buffer>;
	close(): void;
}

/** Says in the report that an archive ends before its end. */
export function noteDamage(report: SourceReport, remark: string): void {
	report.truncated = true;
	report.remarks.push(remark);
}
