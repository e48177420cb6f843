// Lines of payload in hex digits, as `tshark -T fields -e tcp.payload` prints them, become pieces of one conversation. No
// line says who sent it: that is told by the records in it, one line after another.

import { looksLikeHeader } from "../../fastcgi/header-search.js";
import type { SourceReport } from "../../inspect/chunk.js";
import type { CaptureFormat } from "../format.js";
import type { Head } from "../head.js";
import type { Piece } from "../recognition/flow.js";
import { withoutColours } from "../text/colours.js";
import { hexByte } from "../text/hex-digits.js";
import { behindBlanks, behindLineNumber, behindQuoting } from "./decoration.js";
import { DumpDamage } from "./dump-damage.js";
import { isFollowRaw } from "./follow-raw.js";
import type { LineForm } from "./line-form.js";
import { throughPieces } from "./packet-text-format.js";
import { PayloadSenders, SENDERS_ARE_TOLD } from "./payload-senders.js";

/** Payloads, a line each. */
export const tsharkFields: CaptureFormat = {
	name: "tshark-fields",
	summary: "payloads as hex digits: tshark -T fields -e tcp.payload",
	recognises: isTsharkFields,
	open: (options, report) =>
		throughPieces(new PayloadLineForm(), options, report),
};

/** Digits of a record header: shorter lines may be words. */
const MIN_DIGITS = 16;

/**
 * Whether there are payloads of both sides, or several that start with a record: a dump of one stream in lines of equal
 * length has other bytes at the start of its lines.
 */
function isTsharkFields(head: Head): boolean {
	let lines = 0;
	let starts = 0;
	for (const line of head.lines) {
		const bytes = payloadOf(withoutColours(line))?.bytes;
		if (bytes === undefined) continue;
		lines++;
		if (looksLikeHeader(bytes, 0, undefined)) starts++;
		else if (lines === 1) return false;
	}
	return starts >= 2 && 2 * starts > lines && !isFollowRaw(head);
}

/** Makes pieces of the lines of such a text. */
class PayloadLineForm implements LineForm<Piece> {
	readonly #damage = new DumpDamage();
	readonly #senders = new PayloadSenders();
	#payloads = 0;
	#cutShort = false;

	take(text: string, line: number, pieces: Piece[]): void {
		const payload = payloadOf(text);
		if (payload === undefined) return;
		if (this.#cutShort) this.#damage.note(line - 1);
		this.#cutShort = payload.odd;
		if (payload.damaged) this.#damage.note(line);
		this.#payloads++;
		pieces.push(this.#senders.piece(payload.bytes));
	}

	finish(): string | undefined {
		return this.#cutShort ? "a byte" : undefined;
	}

	remark(report: SourceReport): void {
		this.#damage.remark(report, "the payload was cut there");
		report.remarks.push(
			this.#payloads === 0 ? "the text holds no payloads" : SENDERS_ARE_TOLD,
		);
	}
}

/** A payload as a line has it. */
interface Payload {
	readonly bytes: Buffer;
	/** Whether a digit is left over at the end. */
	readonly odd: boolean;
	/** Whether something else follows the digits. */
	readonly damaged: boolean;
}

function payloadOf(text: string): Payload | undefined {
	const start = behindQuoting(text);
	const found = digitsAt(text, behindBlanks(text, start));
	if (found !== undefined) return found;
	const behind = behindLineNumber(text, start);
	return behind === -1 ? undefined : digitsAt(text, behindBlanks(text, behind));
}

/** Pairs of digits, with colons between them (as older versions print) or without. */
function digitsAt(text: string, from: number): Payload | undefined {
	if (hexByte(text, from) === -1) return undefined;
	const colons = text.charCodeAt(from + 2) === 0x3a;
	const step = colons ? 3 : 2;
	let end = from;
	while (hexByte(text, end) !== -1) {
		end += 2;
		if (!colons) continue;
		if (text.charCodeAt(end) !== 0x3a) break;
		end++;
	}
	const rest = text.slice(end).trimEnd();
	const count = Math.ceil((end - from) / step);
	const odd = rest.length === 1 && /[0-9a-f]/i.test(rest);
	const damaged = rest !== "" && !odd;
	// Damage leaves some of a payload; words that are hex digits do not look like one.
	if (2 * count < (damaged ? 4 * MIN_DIGITS : MIN_DIGITS)) return undefined;
	const digits = text.slice(from, end);
	return {
		bytes: Buffer.from(colons ? digits.replaceAll(":", "") : digits, "hex"),
		odd,
		damaged,
	};
}
