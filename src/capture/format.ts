// What a form of input is: how it is told, and the stage that makes chunks of it. One file holds one, or a family; the
// registry in index.ts has a line for each.

import type { Chunk, SourceReport } from "../inspect/chunk.js";
import type { Stage } from "../stage.js";
import type { Head } from "./head.js";

/** What a format is opened with. */
export interface OpenOptions {
	/** Ports on which an application is listening, whatever the bytes look like. */
	readonly ports: readonly number[];
	/** Whether the bytes may arrive as slowly as the traffic does, so that nothing is to wait for what comes later. */
	readonly live: boolean;
	/** Bytes of the header of a link type that everybody may use for something of their own, where it is not a known one. */
	readonly skip?: number | undefined;
}

/** A form of input. */
export interface CaptureFormat {
	/** What people call it; the word that `--input-format` takes. */
	readonly name: string;
	/** What it is, in a line for people. */
	readonly summary: string;
	/** True where it is looked for in any text, so that it also fits much that has another form. */
	readonly anywhere?: boolean;
	/** Whether an input that starts like this has this form. */
	readonly recognises: (head: Head) => boolean;
	/** A stage that makes chunks of such an input, and fills in the report while it does. */
	readonly open: (
		options: OpenOptions,
		report: SourceReport,
	) => Stage<Buffer, Chunk>;
}

/** A form of input that is known and not read. */
export interface RefusedFormat {
	readonly name: string;
	readonly recognises: (head: Head) => boolean;
	/** Why not, or what would do instead: the end of a sentence. */
	readonly advice: string;
}
