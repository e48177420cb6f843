// The body of a response as nginx counts it down from Content-Length, and how it ended: at the end of STDOUT, at END_REQUEST, or
// because it had enough.

import { BodyCount, bytesOf } from "./body-count.js";
import { fieldValue, type HeadField } from "./head-bytes.js";

/** What is logged where more came than Content-Length says. */
const MORE_DATA =
	'[warn] upstream sent more data than specified in "Content-Length" header';
const CLOSED = "[error] upstream prematurely closed FastCGI";

/** A body. */
export class NginxBody {
	/** Bytes that Content-Length leaves; undefined where it leaves any number. */
	rest: number | undefined;
	stdoutEnded = false;
	/** Whether nothing more is read, because it ended, or has all that it may have. */
	done = false;
	/** Whether it ended in front of what Content-Length says. */
	short = false;
	readonly #body: BodyCount;
	/** Whether some of it came after the end of STDOUT, or was too much. */
	#late = false;
	#excess = false;

	constructor(fields: readonly HeadField[], status: string, isHead: boolean) {
		this.#body = new BodyCount(fields);
		const bodyless = status === "204" || status === "304";
		this.rest = bodyless ? 0 : isHead ? undefined : this.#body.announced;
	}

	/** Takes a piece of STDOUT; returns what is logged of it. */
	take(content: Buffer): string | undefined {
		if (content.length === 0) return undefined;
		if (this.stdoutEnded) this.#late = true;
		this.#body.add(content.subarray(0, this.rest ?? content.length));
		if (this.rest === undefined) return undefined;
		this.#excess = content.length > this.rest;
		this.rest = Math.max(this.rest - content.length, 0);
		if (!this.#excess) return undefined;
		this.done = true;
		return MORE_DATA;
	}

	/** Takes the empty record of STDOUT; returns what is logged of it. */
	endStdout(): string | undefined {
		this.stdoutEnded = true;
		return this.#endShort("stdout");
	}

	/** Takes END_REQUEST; returns what is logged of it. */
	end(): string | undefined {
		this.done = true;
		return this.#endShort("request");
	}

	#endShort(what: string): string | undefined {
		if (this.rest === undefined || this.rest === 0) return undefined;
		this.short = true;
		this.done = true;
		return `${CLOSED} ${what}`;
	}

	/** Bytes that the client may have. */
	get bytes(): number {
		return this.#body.bytes;
	}

	/** What is odd about it where it counts as whole. */
	get remark(): string {
		if (this.short) return "cut";
		if (this.#excess) return bytesOf(this.#body.bytes, "body ");
		return this.#late ? this.#body.words : "";
	}

	/** What the end of the connection makes of it, where that is as good an end as any. */
	get remarkAtClose(): string {
		if (this.stdoutEnded || this.rest === 0) return this.remark;
		return this.rest === undefined
			? `silent cut, ${bytesOf(this.#body.bytes)}`
			: "cut";
	}
}

/** The status of a head as nginx passes it on; undefined where it refuses it. */
export function nginxStatus(fields: readonly HeadField[]): string | undefined {
	const status = fieldValue(fields, "status", "first");
	if (status === undefined) {
		return fieldValue(fields, "location") === undefined ? "200" : "302";
	}
	return /^\d{3}/.test(status) ? status.split(" ")[0] : undefined;
}
