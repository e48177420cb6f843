// A followed stream as C arrays (Wireshark's "Show data as C Arrays") becomes pieces: an array for each packet, with the
// number of the node and of the array in its name, and the packet's number in a comment.

import type { SourceReport } from "../../inspect/chunk.js";
import type { CaptureFormat } from "../format.js";
import type { Head } from "../head.js";
import type { Piece, Side } from "../recognition/flow.js";
import { withoutColours } from "../text/colours.js";
import { hexByte, hexDigit } from "../text/hex-digits.js";
import { behindBlanks, behindLineNumber, behindQuoting } from "./decoration.js";
import { FollowedStreams } from "./followed-streams.js";
import type { LineForm } from "./line-form.js";
import { throughPieces } from "./packet-text-format.js";

/** A conversation as source code. */
export const followCArrays: CaptureFormat = {
	name: "follow-c-arrays",
	summary: "followed stream as C arrays, of Wireshark",
	recognises: (head: Head) =>
		head.lines.some((line) => ARRAY.test(withoutColours(line))),
	open: (options, report) =>
		throughPieces(new FollowCArraysForm(), options, report),
};

/** Bytes handed out at once: more than a packet has. */
const MAX_PIECE = 256 * 1024;

const ARRAY =
	/\bchar peer([01])_(\d{1,9})\[\] = \{(?: \/\* Packet (\d{1,10}) \*\/)?/;

/** Makes pieces of the lines of such a text. */
class FollowCArraysForm implements LineForm<Piece> {
	readonly #streams = new FollowedStreams();
	/** Whether an array is open, and of which node and packet. */
	#open = false;
	#side: Side = 0;
	#frame: number | undefined;
	/** Whether damage ended the array: what is behind it has no known place. */
	#cut = false;
	/** Whether either node of the stream has had an array. */
	#seen: [boolean, boolean] = [false, false];
	#bytes = Buffer.allocUnsafe(MAX_PIECE);
	#length = 0;

	take(text: string, line: number, pieces: Piece[]): void {
		let from = bytesStart(text);
		if (text.includes("char peer")) {
			const array = ARRAY.exec(text);
			if (array !== null) {
				this.#start(array, line, pieces);
				from = array.index + array[0].length;
			}
		}
		if (this.#open) this.#readBytes(text, from, line, pieces);
	}

	finish(pieces: Piece[]): string | undefined {
		this.#handOut(pieces);
		return this.#open ? "an array" : undefined;
	}

	remark(report: SourceReport): void {
		this.#streams.remark(report);
	}

	#start(array: RegExpExecArray, line: number, pieces: Piece[]): void {
		if (this.#open) {
			this.#streams.damaged(line);
			this.#handOut(pieces);
		}
		const side = Number(array[1]) as Side;
		// Each stream counts its arrays from 0.
		if (array[2] === "0" && this.#seen[side]) {
			this.#streams.next();
			this.#seen = [false, false];
		}
		this.#seen[side] = true;
		this.#open = true;
		this.#cut = false;
		this.#side = side;
		this.#frame = array[3] === undefined ? undefined : Number(array[3]);
	}

	#readBytes(text: string, from: number, line: number, pieces: Piece[]): void {
		let at = from;
		while (at < text.length) {
			switch (text.charCodeAt(at)) {
				case 0x7d: // }
					this.#handOut(pieces);
					this.#open = false;
					return;
				case 0x20:
				case 0x09:
				case 0x2c: // ,
					at++;
					continue;
			}
			const byte = text.startsWith("0x", at) ? hexByte(text, at + 2) : -1;
			if (byte === -1 || hexDigit(text.charCodeAt(at + 4)) !== -1) {
				if (!this.#cut) this.#streams.damaged(line);
				this.#cut = true;
				at++;
				continue;
			}
			at += 4;
			if (this.#cut) this.#streams.missing(this.#side, 1);
			else this.#add(byte, pieces);
		}
	}

	#add(byte: number, pieces: Piece[]): void {
		this.#bytes[this.#length++] = byte;
		if (this.#length === MAX_PIECE) this.#handOut(pieces);
	}

	#handOut(pieces: Piece[]): void {
		if (this.#length === 0) return;
		const bytes = Buffer.from(this.#bytes.subarray(0, this.#length));
		this.#length = 0;
		this.#streams.bytes(this.#side, bytes, { frame: this.#frame }, pieces);
	}
}

/** Where the bytes of a line start, behind a line number. */
function bytesStart(text: string): number {
	const start = behindBlanks(text, behindQuoting(text));
	if (text.startsWith("0x", start)) return start;
	const behind = behindLineNumber(text, start);
	return behind === -1 ? start : behind;
}
