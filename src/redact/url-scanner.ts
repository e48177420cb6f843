// Finds secret fields of queries in any text: `/login?sid=...`, the same percent-encoded within another field, and `a=1&sid=`
// where a query is all there is; and the user info of addresses (RFC 3986, sections 3.2.1 and 3.4). A secret goes on up to
// `&` or `#` as they are, or the end.

import type { Mask } from "./mask.js";
import { NameBytes } from "./name-bytes.js";
import type { NameJudge } from "./name-judge.js";
import { PercentDecoder } from "./percent-decoder.js";
import type { Scanner } from "./scanner.js";

const AMPERSAND = 0x26;
const AT = 0x40;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const EQUALS = 0x3d;
const HASH = 0x23;
const OPEN_BRACKET = 0x5b;
const QUESTION = 0x3f;
const SEMICOLON = 0x3b;
const SLASH = 0x2f;
const SPACE = 0x20;

/**
 * `text` is what is in no field; `authority` the part of an address behind `//`, `port` what may be its port, and may be a
 * password as well; `userInfo` is neither, up to `@`. In `brackets`, colons are part of the host.
 */
type State =
	| "text"
	| "name"
	| "secret"
	| "authority"
	| "brackets"
	| "port"
	| "userInfo";

/** What a value is known to be. */
export type UrlKind = "url" | "query" | "connection";

/**
 * The scanner of one value. A `query` begins with a field. In a `connection` string, fields may be parted by spaces, and all is
 * covered from `//` to the first `@`: it is there for a password. Elsewhere `//` is mostly followed by a host: then
 * digits behind a colon are shown, since they could be a port.
 */
export class UrlScanner implements Scanner {
	readonly #judge: NameJudge;
	readonly #name = new NameBytes();
	readonly #decoder = new PercentDecoder();
	#connection = false;
	#state: State = "text";
	/** How much of `://` was seen. */
	#slashes = 0;

	constructor(judge: NameJudge) {
		this.#judge = judge;
	}

	/** Begins another value. */
	start(kind: UrlKind): void {
		this.#connection = kind === "connection";
		this.#slashes = 0;
		if (kind === "url") this.#state = "text";
		else this.#startName();
		this.#decoder.clear();
	}

	scan(bytes: Buffer, from: number, to: number, mask: Mask): void {
		for (let at = from; at < to; at++) {
			if (this.#state === "text" && this.#slashes === 0 && this.#decoder.idle) {
				while (at < to && MARKS[bytes[at] as number] === 0) at++;
				if (at === to) return;
			}
			const byte = bytes[at] as number;
			switch (this.#state) {
				case "text":
				case "name":
					this.#read(byte);
					break;
				case "secret":
					if (byte === AMPERSAND || byte === HASH) this.#startName();
					else mask.cover(at, at + 1);
					break;
				case "userInfo":
					if (byte === AT) this.#state = "text";
					else if (!this.#connection && endsAuthority(byte)) this.#leave(byte);
					else mask.cover(at, at + 1);
					break;
				case "authority":
					if (byte === COLON) this.#state = "port";
					else if (byte === OPEN_BRACKET) this.#state = "brackets";
					else if (byte === AT || endsHost(byte)) this.#leave(byte);
					break;
				case "brackets":
					if (byte === CLOSE_BRACKET) this.#state = "authority";
					else if (endsHost(byte)) this.#leave(byte);
					break;
				case "port":
					if (byte >= 0x30 && byte <= 0x39) break;
					if (byte === AT || endsHost(byte)) this.#leave(byte);
					else {
						this.#state = "userInfo";
						mask.cover(at, at + 1);
					}
			}
		}
	}

	/** What follows may be the rest of a secret. */
	lose(): void {
		this.#state = "secret";
	}

	#startName(): void {
		this.#state = "name";
		this.#name.clear();
		this.#decoder.clear();
		this.#slashes = 0;
	}

	/** Reads a byte that is no secret. */
	#read(byte: number): void {
		if (byte === SLASH) {
			if (this.#slashes > 0 && ++this.#slashes === 3) {
				this.#state = this.#connection ? "userInfo" : "authority";
				return;
			}
		} else this.#slashes = byte === COLON ? 1 : 0;
		const decoded = this.#decoder.push(byte);
		if (decoded === -1) return;
		if (this.#startsName(decoded)) this.#startName();
		else if (this.#state === "name") {
			if (decoded === EQUALS) this.#endName();
			// Of a query, spaces are no part: this is a text.
			else if (byte === SPACE && this.#name.length > 0) this.#state = "text";
			else if (byte === SPACE) return;
			else this.#name.add(decoded);
		}
	}

	#startsName(byte: number): boolean {
		return (
			byte === AMPERSAND ||
			byte === QUESTION ||
			byte === SEMICOLON ||
			byte === HASH ||
			(byte === SPACE && this.#connection)
		);
	}

	#endName(): void {
		const { secretField } = this.#judge.judgeBytes(this.#name);
		this.#state = secretField ? "secret" : "text";
	}

	/** Goes on behind an authority. */
	#leave(byte: number): void {
		this.#state = "text";
		if (byte !== AT) this.#read(byte);
	}
}

/** 1 for each byte that means something in text. */
const MARKS = new Uint8Array(256);
for (const mark of Buffer.from("&?;#%: ")) MARKS[mark] = 1;

/** Whether a byte ends the authority of an address: `/`, `?`, `#`, or a space. */
export function endsAuthority(byte: number): boolean {
	return byte === SLASH || byte === QUESTION || byte === HASH || byte <= SPACE;
}

/** What ends a host in text, but might be a part of a password: `"'*,;&<>)`. */
const BEHIND_HOST: ReadonlySet<number> = new Set(Buffer.from("\"'*,;&<>)"));

/** Whether a byte ends a host in running text. */
export function endsHost(byte: number): boolean {
	return endsAuthority(byte) || BEHIND_HOST.has(byte);
}
