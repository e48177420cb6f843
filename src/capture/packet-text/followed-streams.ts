// What `follow stream` of Wireshark and tshark shows becomes pieces of conversations: two nodes that take turns. Where
// bytes are missing, the texts have a sentence in their place.

import { FCGI_HEADER_LEN, FCGI_VERSION_1 } from "../../fastcgi/constants.js";
import type { SourceReport } from "../../inspect/chunk.js";
import type { Piece, Side } from "../recognition/flow.js";
import { RecordedFlow, type Sighting } from "../recognition/recorded-flow.js";
import { DumpDamage } from "./dump-damage.js";

/** The longest of Wireshark's sentences about missing bytes. */
const LONGEST_SENTENCE = 64;
const OPENING_BRACKET = 0x5b;
const MISSING = /\[(\d{1,10}) bytes missing in capture file\]\0?$/;

/** Makes the pieces of one stream after another. */
export class FollowedStreams {
	readonly #damage = new DumpDamage();
	/** Streams that had bytes. */
	#count = 0;
	#flow: RecordedFlow | undefined;
	#addresses: [string | undefined, string | undefined] = [undefined, undefined];
	#missing: [number, number] = [0, 0];

	/** Says that what follows is of another stream. */
	next(): void {
		this.#flow = undefined;
		this.#addresses = [undefined, undefined];
		this.#missing = [0, 0];
	}

	/** Takes the address of a node, as it is printed: `127.0.0.1:9000`, `::1:9000`. */
	address(side: Side, printed: string): void {
		const colon = printed.lastIndexOf(":");
		const host = printed.slice(0, colon);
		this.#addresses[side] =
			host.includes(":") && !host.startsWith("[")
				? `[${host}]${printed.slice(colon)}`
				: printed;
	}

	/** Notes that a node sent bytes that are not there. */
	missing(side: Side, bytes: number): void {
		this.#missing[side] += bytes;
	}

	/** Notes that a line is damaged, from 1. */
	damaged(line: number): void {
		this.#damage.note(line);
	}

	/** The next bytes of a node; no pieces where they only say that some are missing. */
	bytes(side: Side, bytes: Buffer, sighting: Sighting, pieces: Piece[]): void {
		const end = beforeSentence(bytes);
		if (end > 0) {
			if (this.#flow === undefined) this.#count++;
			this.#flow ??= new RecordedFlow({ addresses: this.#addresses });
			const stream = this.#flow.streams[side];
			// A stream is shown from its first byte on, unless the capture began later: a record there tells.
			if (!stream.started) {
				stream.startKnown = mayBeHeader(bytes);
			}
			const missingBefore = this.#missing[side];
			this.#missing[side] = 0;
			pieces.push(
				this.#flow.piece(side, bytes.subarray(0, end), {
					...sighting,
					missingBefore,
				}),
			);
		}
		if (end < bytes.length) {
			const sentence = bytes.toString("latin1", end);
			this.missing(side, Number(MISSING.exec(sentence)?.[1] ?? 0));
		}
	}

	/** Says in the report what is wrong with the text. */
	remark(report: SourceReport): void {
		this.#damage.remark(report, "bytes of the stream are missing there");
		if (this.#count === 0) {
			report.remarks.push("the text holds no bytes of a stream");
		}
	}
}

/** Whether a record may start there, of a type that exists or not: its version and its reserved byte tell. */
function mayBeHeader(bytes: Buffer): boolean {
	if (bytes.length < FCGI_HEADER_LEN) return false;
	return bytes[0] === FCGI_VERSION_1 && bytes[7] === 0;
}

/** Where the sentence about missing bytes starts that ends the bytes; their end where there is none. */
function beforeSentence(bytes: Buffer): number {
	const from = Math.max(0, bytes.length - LONGEST_SENTENCE);
	const at = bytes.lastIndexOf(OPENING_BRACKET);
	if (at < from) return bytes.length;
	return MISSING.test(bytes.toString("latin1", at)) ? at : bytes.length;
}
