// Finds the secrets in PARAMS, byte by byte (specification, section 3.4), and learns the type of the body from them. Where it is
// not known what a byte belongs to, it is covered, up to the end of the stream.

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

/** The longest name whose length is no character of a text. */
const MAX_CONTROL = 0x1f;

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

	/** Takes the next bytes. */
	scan(bytes: Buffer, from: number, to: number, mask: Mask): void {
		let at = from;
		while (at < to) {
			switch (this.#state) {
				case "nameLength":
				case "valueLength":
					this.#readLength(bytes[at] as number);
					// Where it is none, it is covered with all that follows.
					if (!this.#lost) at++;
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
					return;
			}
		}
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
			this.#nameLeft -= ofName;
			this.#valueLeft -= count - ofName;
			if (this.#nameLeft === 0) this.#startValue();
		} else this.lose();
	}

	/** Says that an unknown number of bytes is missing here: nothing can be told any more. */
	lose(): void {
		this.#state = "lost";
	}

	get #lost(): boolean {
		return this.#state === "lost";
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
			this.#state = this.#length > MAX_BELIEVED_NAME ? "lost" : "valueLength";
			return;
		}
		this.#valueLeft = this.#length;
		this.#state = "name";
		if (this.#nameLeft === 0) this.#startValue();
	}

	/** Reads on in a name and returns the place behind what it took. */
	#readName(bytes: Buffer, from: number, to: number): number {
		for (let at = from; at < to; at++) {
			const byte = bytes[at] as number;
			if (byte <= MAX_CONTROL) {
				// No name has such a byte: the lengths in front of it were no lengths.
				this.lose();
				return at;
			}
			this.#name.add(byte);
		}
		this.#nameLeft -= to - from;
		if (this.#nameLeft === 0) this.#startValue();
		return to;
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
