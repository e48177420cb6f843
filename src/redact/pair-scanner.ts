// Finds the secrets in PARAMS, byte by byte (specification, section 3.4), and learns the type of the body from them. Where it is
// not known what a byte belongs to, it is covered, up to the end of the stream.

import { MAX_PARAMS_BYTES } from "../inspect/request-params.js";
import type { Mask } from "./mask.js";
import { NameBytes } from "./name-bytes.js";
import type { NameJudge } from "./name-judge.js";
import { COVER_ALL, type Scanner } from "./scanner.js";
import { ValueScanners } from "./value-scanners.js";

/** Longest media type that is read: a type, a boundary of at most 70 characters (RFC 2046, section 5.1.1), and as much again. */
export const MAX_TYPE_BYTES = 256;

const CONTENT_TYPE = Buffer.from("CONTENT_TYPE");

/**
 * Longest name that is believed to be one. nginx writes the length of a static name of 128 bytes or more so that it reads as
 * one of thousands: then values would be shown as a part of the name.
 */
const MAX_BELIEVED_NAME = 1024;

/**
 * Longest value that is believed to be one: longer ones are not decoded. A length from 128 to 255 that was written in one byte
 * reads as 4 MiB and more, since the letters of a name follow it.
 */
const MAX_BELIEVED_VALUE = MAX_PARAMS_BYTES;

/** The longest name whose length is no character of a text. */
const MAX_CONTROL = 0x1f;

/** 1 for what is in no name: control characters, and `&,;="?`, which part names from values, or values from each other. */
const NOT_IN_NAME = new Uint8Array(256).fill(1, 0, MAX_CONTROL + 1);
for (const mark of Buffer.from('&,;="?')) NOT_IN_NAME[mark] = 1;

/**
 * How names begin whose two lengths could be characters of a text (32 to 127): what begins otherwise behind such lengths is taken
 * for the rest of a value that is longer than its length says.
 */
const LONG_NAMES = [
	...["AUTH_", "AWS_", "CONTENT_", "CONTEXT_", "DATABASE_", "DB_", "DOCUMENT_"],
	...["FCGI_", "GATEWAY_", "GEOIP", "HTTPS_", "HTTP_", "KUBERNETES_", "MM_"],
	...["MYSQL_", "ORIG_", "PATH_", "PHP_", "PROXY_", "QUERY_", "REDIRECT_"],
	...["REDIS_", "REMOTE_", "REQUEST_", "SCRIPT_", "SERVER_", "SSL_", "TLS_"],
	...["UNENCODED_"],
];

type State = "nameLength" | "valueLength" | "name" | "value" | "lost";

/** The scanner of one PARAMS stream. */
export class PairScanner {
	readonly #values: ValueScanners;
	readonly #name = new NameBytes();
	#state: State = "nameLength";
	/** Whether the next byte is known to start a pair. */
	#sure: boolean;
	/** The length under way, and how many of its bytes are still to come after the first. */
	#length = 0;
	#lengthBytesLeft = 0;
	/** Whether the lengths of the pair could be characters of a text. */
	#doubtful = false;
	#nameLeft = 0;
	#valueLeft = 0;
	/** Whether bytes of the name are missing. */
	#nameDamaged = false;
	#value: Scanner = COVER_ALL;
	/** What came of CONTENT_TYPE, and whether its value is under way. */
	#type: NameBytes | undefined;
	#isType = false;

	/** One whose start was not seen begins anywhere. */
	constructor(judge: NameJudge, startSeen: boolean) {
		this.#values = new ValueScanners(judge);
		this.#sure = startSeen;
	}

	/** The value of CONTENT_TYPE; undefined where there was none, or a damaged one. */
	get contentType(): string | undefined {
		return this.#type?.tooLong ? undefined : this.#type?.toString();
	}

	/** Takes the next bytes. Returns the place from which on nothing can be told, `to` where there is none. */
	scan(bytes: Buffer, from: number, to: number, mask: Mask): number {
		let at = from;
		while (at < to) {
			switch (this.#state) {
				case "nameLength":
				case "valueLength":
					this.#readLength(bytes[at] as number);
					if (this.#sure) at++;
					break;
				case "name":
					at = this.#readName(bytes, at, Math.min(at + this.#nameLeft, to));
					break;
				case "value": {
					const end = Math.min(at + this.#valueLeft, to);
					this.#takeValue(bytes, at, end, mask);
					at = end;
					break;
				}
				case "lost":
					mask.cover(at, to);
					return at;
			}
		}
		return to;
	}

	/** Whether nothing can be told any more. */
	get lost(): boolean {
		return this.#state === "lost";
	}

	/** Says that `count` bytes are missing here. */
	skip(count: number): void {
		if (this.#state === "value" && count <= this.#valueLeft) {
			this.#value.lose();
			if (this.#isType) this.#type = undefined;
			this.#valueLeft -= count;
			if (this.#valueLeft === 0) this.#startPair();
		} else if (
			this.#state === "name" &&
			count <= this.#nameLeft + this.#valueLeft
		) {
			const ofName = Math.min(count, this.#nameLeft);
			this.#nameDamaged = true;
			this.#doubtful = false;
			this.#nameLeft -= ofName;
			this.#valueLeft -= count - ofName;
			if (this.#nameLeft === 0) this.#startValue();
		} else this.lose();
	}

	/** Says that an unknown number of bytes is missing here: nothing can be told any more. */
	lose(): void {
		this.#state = "lost";
	}

	#readLength(byte: number): void {
		if (!this.#sure) {
			// In front of most names stands a byte that is in no text: so this is no place within a value.
			this.#sure = byte > 0 && byte <= MAX_CONTROL;
			if (!this.#sure) {
				this.lose();
				return;
			}
		}
		if (this.#lengthBytesLeft > 0) {
			this.#length = this.#length * 256 + byte;
			this.#lengthBytesLeft--;
		} else if (byte > 0x7f) {
			this.#length = byte & 0x7f;
			this.#lengthBytesLeft = 3;
		} else this.#length = byte;
		if (this.#lengthBytesLeft > 0) return;
		if (this.#state === "nameLength") {
			this.#nameLeft = this.#length;
			this.#doubtful = byte === this.#length && byte > MAX_CONTROL;
			this.#state = "valueLength";
			return;
		}
		this.#valueLeft = this.#length;
		this.#doubtful &&= byte === this.#length && byte > MAX_CONTROL;
		this.#state = "name";
		if (
			this.#nameLeft > MAX_BELIEVED_NAME ||
			this.#valueLeft > MAX_BELIEVED_VALUE
		) {
			this.lose();
		} else if (this.#nameLeft === 0) this.#startValue();
	}

	/** Reads on in a name and returns the place behind what it took. */
	#readName(bytes: Buffer, from: number, to: number): number {
		for (let at = from; at < to; at++) {
			const byte = bytes[at] as number;
			// Where no name has such a byte, the lengths in front of it were no lengths.
			if (
				NOT_IN_NAME[byte] === 1 ||
				(this.#doubtful && !this.#beginsLongName(byte))
			) {
				this.lose();
				return at;
			}
			this.#name.add(byte);
		}
		this.#nameLeft -= to - from;
		if (this.#nameLeft === 0) this.#startValue();
		return to;
	}

	/** Whether a name of which this is the next byte may be a long one. */
	#beginsLongName(byte: number): boolean {
		const { length } = this.#name;
		let known = false;
		for (const start of LONG_NAMES) {
			if (start.charCodeAt(length) !== byte || !this.#name.begins(start)) {
				continue;
			}
			if (start.length === length + 1) this.#doubtful = false;
			known = true;
		}
		return known;
	}

	#startPair(): void {
		this.#state = "nameLength";
		this.#name.clear();
		this.#nameDamaged = false;
	}

	#startValue(): void {
		const whole = !this.#nameDamaged;
		this.#value = whole ? this.#values.start(this.#name) : COVER_ALL;
		this.#isType = whole && this.#name.equals(CONTENT_TYPE);
		if (this.#isType) this.#type = new NameBytes();
		this.#state = "value";
		if (this.#valueLeft === 0) this.#startPair();
	}

	#takeValue(bytes: Buffer, from: number, to: number, mask: Mask): void {
		this.#value.scan(bytes, from, to, mask);
		if (this.#isType) {
			for (let at = from; at < to; at++) this.#type?.add(bytes[at] as number);
		}
		this.#valueLeft -= to - from;
		if (this.#valueLeft === 0) this.#startPair();
	}
}
