// Reads the CGI header block at the start of STDOUT, however it is cut into records (CGI/1.1, RFC 3875 section 6;
// FastCGI sections 6.2 and 6.3). It judges nothing: lines that are no header fields are kept as they came.

import { NO_BYTES } from "../fastcgi/no-bytes.js";
import { decodeText } from "../fastcgi/text.js";

/** What the CGI header block at the start of STDOUT says. */
export interface CgiResponse {
	/** From `Status:`, else 302 with `Location:`, else 200; undefined where `Status:` does not start with three digits. */
	readonly status: number | undefined;
	/** What follows the number, such as `Not Found`; empty where nothing does. */
	readonly reason: string;
	/** All header fields in order, `Status` and `Location` included, as text (UTF-8, else latin1). */
	readonly headers: readonly (readonly [name: string, value: string])[];
	/** What an Authorizer's `Variable-NAME` headers pass on (section 6.3). */
	readonly variables: readonly (readonly [name: string, value: string])[];
	/** Lines of the block that are not header fields, as they came. */
	readonly badLines: readonly string[];
	/** Bytes of the block, its empty line included; STDOUT bytes beyond are the body. */
	readonly headBytes: number;
}

/** Longest head that is read: four times the largest header buffer in common use (64 KiB). */
export const MAX_HEAD_BYTES = 256 * 1024;

/** Collects STDOUT until its head is whole. */
export class CgiHeadReader {
	#held: Buffer = NO_BYTES;
	#heldLength = 0;
	/** Where the line under way starts. */
	#lineStart = 0;
	#over = false;

	/** Takes the next piece of STDOUT; the response, once, when its head is whole; undefined before and ever after. */
	push(content: Buffer): CgiResponse | undefined {
		if (this.#over) return undefined;
		const fresh = this.#heldLength === 0;
		const bytes = fresh ? content : this.#hold(content);
		const end = this.#findEnd(bytes);
		if (end !== -1) {
			this.giveUp();
			return parseHead(bytes.subarray(0, end));
		}
		if (bytes.length > MAX_HEAD_BYTES) this.giveUp();
		else if (fresh) this.#hold(content);
		return undefined;
	}

	/** What was read of a head that is not whole yet; a view. */
	get unfinished(): Buffer {
		return this.#held.subarray(0, this.#heldLength);
	}

	/** Reads no more: bytes are missing, so the head cannot be told any longer. */
	giveUp(): void {
		this.#over = true;
		this.#held = NO_BYTES;
		this.#heldLength = 0;
	}

	/** The offset behind the first empty line, -1 where there is none yet. */
	#findEnd(bytes: Buffer): number {
		for (;;) {
			const newline = bytes.indexOf(0x0a, this.#lineStart);
			if (newline === -1) return -1;
			const length = newline - this.#lineStart;
			if (length === 0) return newline + 1;
			if (length === 1 && bytes[newline - 1] === 0x0d) return newline + 1;
			this.#lineStart = newline + 1;
		}
	}

	/** Appends to what is held, doubling the room, so that many small records stay cheap. */
	#hold(content: Buffer): Buffer {
		const length = this.#heldLength + content.length;
		if (length > this.#held.length) {
			const roomier = Buffer.allocUnsafe(Math.max(1024, length * 2));
			this.#held.copy(roomier, 0, 0, this.#heldLength);
			this.#held = roomier;
		}
		content.copy(this.#held, this.#heldLength);
		this.#heldLength = length;
		return this.#held.subarray(0, length);
	}
}

function parseHead(head: Buffer): CgiResponse {
	const headers: (readonly [string, string])[] = [];
	const variables: (readonly [string, string])[] = [];
	const badLines: string[] = [];
	let statusText: string | undefined;
	let status: number | undefined = 200;
	for (const line of decodeText(head).text.split("\n")) {
		const text = line.endsWith("\r") ? line.slice(0, -1) : line;
		if (text === "") continue;
		const colon = text.indexOf(":");
		if (colon <= 0 || text.startsWith(" ") || text.startsWith("\t")) {
			badLines.push(text);
			if (badLines.length === 1 && headers.length === 0) {
				// An HTTP status line in front of the head (NPH): nginx takes it, so it is read, too.
				statusText ??= /^HTTP\/\d(?:\.\d)? (.*)$/s.exec(text)?.[1];
			}
			continue;
		}
		const name = text.slice(0, colon);
		const value = text.slice(colon + 1).trim();
		headers.push([name, value]);
		const lowerCase = name.toLowerCase();
		if (lowerCase === "status") statusText = value;
		else if (lowerCase === "location" && status === 200) status = 302;
		else if (lowerCase.startsWith("variable-")) {
			variables.push([name.slice("variable-".length), value]);
		}
	}
	let reason = "";
	if (statusText !== undefined) {
		const parts = /^(\d{3})(?!\d) ?(.*)$/s.exec(statusText);
		status = parts === null ? undefined : Number(parts[1]);
		reason = parts?.[2] ?? "";
	}
	return {
		status,
		reason,
		headers,
		variables,
		badLines,
		headBytes: head.length,
	};
}
