// The head of a response as Apache reads it once it is whole: lines up to a length, each with a colon, and a status that is a
// number.

import {
	fieldValue,
	type HeadField,
	headFields,
	headLines,
} from "./head-bytes.js";
import { escapedText } from "./server-log.js";

/** The longest line that is read, without its end; measured, one less than MAX_STRING_LEN leaves. */
const MAX_LINE = 8189;

/** Bytes that a field's name is made of (RFC 9110, section 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Bytes that are quoted of a line. */
const QUOTED_BYTES = 30;

/** A head. */
export class ApacheHead {
	readonly lines: readonly string[];
	readonly fields: readonly HeadField[];
	/** What `Status` says; undefined where there is none. */
	readonly statusText: string | undefined;

	constructor(bytes: Buffer) {
		this.lines = headLines(bytes);
		this.fields = headFields(this.lines);
		this.statusText = fieldValue(this.fields, "status");
	}

	/** The status, 200 where none is given; undefined where it is no number of three digits. */
	get status(): string | undefined {
		return this.statusText === undefined ? "200" : numberOf(this.statusText);
	}

	/** What is logged of each status that is none, up to a line at which it stops reading. */
	invalidStatuses(script: string): string[] {
		const stop = this.lines.findIndex(isFault);
		const read = stop === -1 ? this.lines : this.lines.slice(0, stop);
		return headFields(read).flatMap(({ name, value }) => {
			if (name !== "status" || numberOf(value) !== undefined) return [];
			const text = escapedText(Buffer.from(value, "latin1"), true);
			return [`Invalid status line from script '${script}': ${text}`];
		});
	}

	/**
	 * What is logged of the first line that is none; undefined where all are. It quotes what is left when all that came with
	 * the end of the head is read: a last line without an end.
	 */
	fault(script: string, left: Buffer): string | undefined {
		for (const [index, line] of this.lines.entries()) {
			if (line.length > MAX_LINE) {
				return index === 0
					? `End of script output before headers: ${script}`
					: `Premature end of script headers: ${script}`;
			}
			if (!line.includes(":")) {
				const last = left.subarray(left.lastIndexOf(10) + 1);
				const text = escapedText(last.subarray(0, QUOTED_BYTES), true);
				return `malformed header from script '${script}': Bad header: ${text}`.trimEnd();
			}
		}
		return undefined;
	}

	/** What is logged of a name that is none; undefined where all are. */
	badName(): string | undefined {
		for (const line of this.lines) {
			const name = line.slice(0, line.indexOf(":"));
			if (name === "") return "AH02428: Empty response header name";
			if (TOKEN.test(name)) continue;
			const text = escapedText(Buffer.from(name, "latin1"), true);
			return `AH02429: Response header name '${text}' contains invalid characters`;
		}
		return undefined;
	}
}

/** Whether it reads no further than this line. */
function isFault(line: string): boolean {
	return line.length > MAX_LINE || !line.includes(":");
}

/** The number that a status starts with; undefined where it has not three digits. */
function numberOf(status: string): string | undefined {
	const number = Number.parseInt(status, 10);
	return number >= 100 && number <= 999 ? String(number) : undefined;
}
