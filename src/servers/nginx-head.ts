// The head of a response as nginx reads it, byte by byte: a line is refused at its first byte that cannot be, before the rest
// of it has come. A line without a colon is none of these if all of its bytes could be a name's.

import type { HeadField } from "./head-bytes.js";

/** What the bytes so far are: a head that goes on, one that is whole, or one that is refused. */
export type NginxHeadState = "open" | "whole" | "refused";

const LF = 10;
const CR = 13;
const COLON = 0x3a;
const SLASH = 0x2f;

/** Reads a head. Whoever pushes bounds it. */
export class NginxHead {
	state: NginxHeadState = "open";
	readonly fields: HeadField[] = [];
	/** The line under way, one character a byte. */
	#line = "";
	/** Where its name ends; -1 while it is the name. */
	#colon = -1;
	/** Whether it is a status line of HTTP, which is passed over. */
	#ignored = false;

	/** Takes bytes; returns how many of them belong to the head. */
	push(bytes: Buffer): number {
		for (let at = 0; at < bytes.length; at++) {
			this.#byte(bytes[at] as number);
			if (this.state === "whole") return at + 1;
			if (this.state === "refused") return at;
		}
		return bytes.length;
	}

	/** What nginx quotes of a line that it refuses: up to the byte that it cannot read, and that byte. */
	get refusal(): string {
		const last = this.#line.charCodeAt(this.#line.length - 1);
		return `${this.#line.slice(0, -1)}\\x${last.toString(16).padStart(2, "0")}...`;
	}

	#byte(byte: number): void {
		if (byte === LF) {
			this.#endLine();
			return;
		}
		const inName = this.#colon === -1 && !this.#ignored;
		this.#line += String.fromCharCode(byte);
		if (byte === CR) return;
		if (byte === 0 || (inName && byte <= 0x20) || (inName && byte === 0x7f)) {
			this.state = "refused";
		} else if (inName && byte === COLON) {
			if (this.#line === ":") this.state = "refused";
			this.#colon = this.#line.length - 1;
		} else if (inName && byte === SLASH && this.#line === "HTTP/") {
			this.#ignored = true;
		}
	}

	#endLine(): void {
		const line = this.#line.endsWith("\r")
			? this.#line.slice(0, -1)
			: this.#line;
		if (line === "") this.state = "whole";
		else if (!this.#ignored) {
			const to = this.#colon === -1 ? line.length : this.#colon;
			const name = line.slice(0, to).toLowerCase();
			this.fields.push({ name, value: line.slice(to + 1).trim() });
		}
		this.#line = "";
		this.#colon = -1;
		this.#ignored = false;
	}
}
