// A way to write bytes without offsets: hex digits, numbers in a list, base64, escapes in a string. Where such bytes start
// in a text is told by a record header (`notation-dump.ts`); the notation says how to go on from there.

import type { ByteSink } from "./byte-sink.js";

/** A format of bytes written in some notation. */
export type NotationName =
	| "c-array"
	| "plain-hex"
	| "hex"
	| "base64"
	| "escaped";

/** A way to write bytes. */
export interface Notation {
	/** The formats that it serves. */
	readonly names: readonly NotationName[];
	/** The first place at or behind `from` where the byte 1, with which each header starts, may stand; -1 where none is. */
	readonly candidate: (text: string, from: number) => number;
	/** Reads the bytes that start at `at`. */
	readonly reader: (text: string, at: number) => NotationReader;
}

/** Bytes that a dump does not show: at this length of the sink, so many; undefined where their number is not known. */
export interface Hole {
	readonly at: number;
	readonly count: number | undefined;
}

/** What stands between two lines of a dump. */
export type Between = "nothing" | "blank" | "others";

/** Reads bytes of one dump. It keeps what it has to know from one line, or part of a line, to the next. */
export interface NotationReader {
	/** The format, by what was read so far. */
	readonly name: NotationName;
	/** Whether the dump has come to an end, by a closing quote or brace. */
	readonly closed: boolean;
	/** The sink's length in front of what may be a text column on this line; -1 where there is none. */
	readonly beforeGap: number;
	/** Damage on this line. */
	readonly holes: readonly Hole[];
	/** Whether a byte is under way that lacks a digit. */
	readonly unfinished: boolean;
	/**
	 * Adds the bytes from `at` on to the sink, at most `limit`, and returns where it stopped: the end of the text, unless
	 * the limit is reached or a character comes that does not belong there.
	 */
	read(text: string, at: number, sink: ByteSink, limit: number): number;
	/**
	 * Where the bytes go on on a line that follows the last, or `others` that are blank or no part of the dump; from `at` on.
	 * -1 where the line cannot belong to the dump.
	 */
	startLine(text: string, at: number, behind: Between): number;
	/** Says that the line has ended, whose bytes began at `at`. Returns what is wrong with it, the end of a sentence. */
	endLine(text: string, at: number, sink: ByteSink): string | undefined;
	/** Takes back the last line, that turned out to be no part of the dump. */
	takeBack(): void;
}
