// JSON of `tshark -T json -x`, `-T jsonraw` and `-T ek -x` becomes packets: each has the bytes of its frame in hex digits as
// `frame_raw`, and its number and time among the fields of `frame`. All else in it is made of these bytes, and passed over.

import type { SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import type { CaptureFormat } from "../format.js";
import type { Head } from "../head.js";
import { MAX_CAPTURED_LENGTH, type Packet } from "../packet/packet.js";
import { hexByte } from "../text/hex-digits.js";
import { readTime } from "../text/printed-time.js";
import { DumpDamage } from "./dump-damage.js";
import {
	JsonFields,
	type JsonListener,
	type JsonPlace,
} from "./json-fields.js";
import { NarrowText, narrowHead } from "./narrow-text.js";
import { throughPackets } from "./packet-text-format.js";
import { PrintedAbout, PrintedPackets } from "./printed-packets.js";

/** One array of packets, or the objects of one. */
export const tsharkJson: CaptureFormat = {
	name: "tshark-json",
	summary: "JSON of tshark -T json -x or -T jsonraw",
	recognises: (head) => hasFrames(head) && !isElastic(head),
	open: (options, report) =>
		throughPackets(new TsharkJsonReader(report), options, report),
};

/** One packet a line, with a line of an index in front. */
export const tsharkEk: CaptureFormat = {
	name: "tshark-ek",
	summary: "newline-delimited JSON of tshark -T ek -x",
	recognises: (head) => hasFrames(head) && isElastic(head),
	open: (options, report) =>
		throughPackets(new TsharkJsonReader(report), options, report),
};

/** Names of the fields; those of `-T ek` have the name of the protocol in front. */
const WANTED: ReadonlySet<string> = new Set([
	"frame_raw",
	"frame.number",
	"frame.time_epoch",
	"frame.len",
	"frame_frame_number",
	"frame_frame_time_epoch",
	"frame_frame_len",
]);

const FRAME_RAW = /"frame_raw"[^"]{1,80}"[0-9a-f]{8}/;

function hasFrames(head: Head): boolean {
	if (!head.isText) return false;
	const text = narrowHead(head);
	return (
		text.includes('"frame_raw"') && FRAME_RAW.test(text.toString("latin1"))
	);
}

function isElastic(head: Head): boolean {
	return narrowHead(head).includes('"frame_frame_') || isIndexed(head);
}

function isIndexed(head: Head): boolean {
	return head.lines.some((line) => /^\s*\{"index":\{/.test(line));
}

/** Reads packets out of such JSON, cut anywhere. */
class TsharkJsonReader implements Stage<Buffer, Packet>, JsonListener {
	readonly #report: SourceReport;
	readonly #narrow = new NarrowText();
	readonly #fields = new JsonFields(this);
	readonly #damage = new DumpDamage();
	readonly #packets = new PrintedPackets();
	/** Whether the text has ended: a string that has no end then is no damage. */
	#ending = false;
	#made: Packet[] = [];
	#bytes: Buffer | undefined;
	#about = new PrintedAbout();
	/** The depth of the object that has the bytes. */
	#depth = 0;

	/** The report takes the remarks. */
	constructor(report: SourceReport) {
		this.#report = report;
	}

	push(bytes: Buffer): readonly Packet[] {
		this.#fields.push(this.#narrow.push(bytes));
		return this.#takeMade();
	}

	end(): readonly Packet[] {
		this.#ending = true;
		this.#fields.end();
		if (this.#bytes !== undefined) {
			this.#finish();
			this.#packets.remarkOpen(this.#report);
		}
		this.#damage.remark(this.#report, "the packets were cut there");
		this.#packets.remark(this.#report);
		return this.#takeMade();
	}

	wants(key: string): boolean {
		return WANTED.has(key);
	}

	found(key: string, value: string, { depth, line, whole }: JsonPlace): void {
		switch (key) {
			case "frame_raw":
				if (this.#bytes !== undefined) this.#finish();
				this.#depth = depth;
				this.#bytes = this.#decoded(value, line, whole);
				break;
			case "frame.number":
			case "frame_frame_number":
				this.#about.frame = numberOf(value);
				break;
			case "frame.len":
			case "frame_frame_len":
				this.#about.wireLength = numberOf(value);
				break;
			default:
				this.#about.time = readTime(value, 0);
		}
	}

	closed(depth: number): void {
		if (this.#bytes !== undefined && depth <= this.#depth) this.#finish();
	}

	#takeMade(): readonly Packet[] {
		if (this.#made.length === 0) return NOTHING;
		const made = this.#made;
		this.#made = [];
		return made;
	}

	/** The bytes that the digits make, up to the first that is none. */
	#decoded(digits: string, line: number, whole: boolean): Buffer {
		const most = Math.min(digits.length >> 1, MAX_CAPTURED_LENGTH);
		const bytes = Buffer.from(digits, "hex");
		if (bytes.length === most && digits.length === 2 * most && whole) {
			return bytes;
		}
		let length = 0;
		while (length < most && hexByte(digits, 2 * length) !== -1) length++;
		if (!this.#ending) this.#damage.note(line);
		return bytes.subarray(0, length);
	}

	#finish(): void {
		const bytes = this.#bytes;
		if (bytes === undefined) return;
		this.#made.push(this.#packets.packet(bytes, this.#about));
		this.#bytes = undefined;
		this.#about = new PrintedAbout();
	}
}

function numberOf(text: string): number | undefined {
	return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
