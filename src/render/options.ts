// What every output format is given and what it is: the joint between the registry and the formats.

import type { FcgiEvent } from "../inspect/event.js";
import type { Stage } from "../stage.js";
import { NO_SUMMARY, type Summary } from "./summary.js";

/** How to print. What a format has no use for, it ignores. */
export interface RenderOptions {
	/** Columns of the terminal; undefined where there is none, and then nothing is cut to a width. */
	readonly columns: number | undefined;
	/** Whether to colour. The words are the same without. */
	readonly color: boolean;
	/** Adds a hex dump of each record to a text format. */
	readonly hex: boolean;
	/** For the JSON formats: an object for each record instead of for each request. */
	readonly records: boolean;
	/** Whether to show the content of records. */
	readonly content: boolean;
	/** The counts at the end of the input; asked for once, after the last event. */
	readonly summary: () => Summary;
}

/** These options, and what is meant by those that are left out: no terminal, no colour, no dump, and everything is shown. */
export function completeOptions(
	options: Partial<RenderOptions> = {},
): RenderOptions {
	return {
		columns: undefined,
		color: false,
		hex: false,
		records: false,
		content: true,
		summary: () => NO_SUMMARY,
		...options,
	};
}

/** A way to turn events into text. */
export interface OutputFormat {
	/** What `--format` takes. */
	readonly name: string;
	/** One line of help. */
	readonly summary: string;
	/** The options that change anything in this format, besides `columns` and `color`. */
	readonly uses: readonly ("hex" | "records" | "content")[];
	/**
	 * A stage whose outputs are pieces of text with their line ends: written one after another, they are the output. By
	 * default there is no terminal, no colour and no dump, and everything is shown.
	 */
	create(options?: Partial<RenderOptions>): Stage<FcgiEvent, string>;
}
