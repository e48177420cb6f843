// A followed stream as C arrays (Wireshark's "Show data as C Arrays") becomes pieces: an array for each packet, with the
// number of the node and of the array in its name, and the packet's number in a comment.

import type { SourceReport } from "../../inspect/chunk.js";
import { join, NOTHING, type Stage } from "../../stage.js";
import type { CaptureFormat } from "../format.js";
import type { Head } from "../head.js";
import type { Piece, Side } from "../recognition/flow.js";
import { PiecesToChunks } from "../recognition/pieces-to-chunks.js";
import { type Line, Lines } from "../text/lines.js";
import {
	behindBlanks,
	behindLineNumber,
	behindQuoting,
	mayHaveColours,
	withoutColours,
} from "./decoration.js";
import { DumpDamage } from "./dump-damage.js";
import { FollowedStreams } from "./followed-streams.js";
import { hexByte, hexDigit } from "./hex-digits.js";

/** A conversation as source code. */
export const followCArrays: CaptureFormat = {
	name: "follow-c-arrays",
	summary: "followed stream as C arrays, of Wireshark",
	recognises: (head: Head) =>
		head.lines.some((line) => ARRAY.test(withoutColours(line))),
	open: ({ ports }, report) =>
		join(new FollowCArraysReader(report), new PiecesToChunks(ports, report)),
};

/** Bytes handed out at once: more than a packet has. */
const MAX_PIECE = 256 * 1024;

const ARRAY =
	/\bchar peer([01])_(\d{1,9})\[\] = \{(?: \/\* Packet (\d{1,10}) \*\/)?/;

/** Reads pieces out of such a text, cut anywhere. */
class FollowCArraysReader implements Stage<Buffer, Piece> {
	readonly #report: SourceReport;
	readonly #lines = new Lines();
	readonly #damage = new DumpDamage();
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

	/** The report takes the remarks. */
	constructor(report: SourceReport) {
		this.#report = report;
	}

	push(bytes: Buffer): readonly Piece[] {
		const pieces: Piece[] = [];
		const lines = this.#lines.push(bytes);
		for (let i = 0; i < lines.length; i++) {
			this.#take(lines[i] as Line, pieces);
		}
		return pieces.length === 0 ? NOTHING : pieces;
	}

	end(): readonly Piece[] {
		const pieces: Piece[] = [];
		for (const line of this.#lines.end()) this.#take(line, pieces);
		if (this.#open) {
			this.#finish(pieces);
			this.#report.truncated = true;
			this.#report.remarks.push("the text ends in the middle of an array");
		}
		this.#damage.remark(this.#report, "bytes of the stream are missing there");
		if (this.#streams.count === 0) {
			this.#report.remarks.push("the text holds no bytes of a stream");
		}
		return pieces;
	}

	#take(line: Line, pieces: Piece[]): void {
		const text = mayHaveColours(line.text)
			? withoutColours(line.text)
			: line.text;
		let from = bytesStart(text);
		if (text.includes("char peer")) {
			const array = ARRAY.exec(text);
			if (array !== null) {
				this.#start(array, line.number, pieces);
				from = array.index + array[0].length;
			}
		}
		if (this.#open) this.#readBytes(text, from, line.number, pieces);
	}

	#start(array: RegExpExecArray, line: number, pieces: Piece[]): void {
		if (this.#open) {
			this.#damage.note(line);
			this.#finish(pieces);
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
					this.#finish(pieces);
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
				if (!this.#cut) this.#damage.note(line);
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
		if (this.#length === MAX_PIECE) this.#finish(pieces);
	}

	#finish(pieces: Piece[]): void {
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
