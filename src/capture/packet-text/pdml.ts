// PDML, the XML of `tshark -T pdml`, becomes packets. It has no bytes of whole frames: they are put together from those of
// the fields, each of which has its place, size and value (PDML specification of the NetBee library, wireshark's
// doc/README.xml-output). Protocols above TCP are left out: their places may be in reassembled bytes.

import type { SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import type { CaptureFormat } from "../format.js";
import type { Head } from "../head.js";
import { MAX_CAPTURED_LENGTH, type Packet } from "../packet/packet.js";
import { hexByte } from "../text/hex-digits.js";
import { readTime } from "../text/printed-time.js";
import { DumpDamage } from "./dump-damage.js";
import { NarrowText, narrowHead } from "./narrow-text.js";
import { throughPackets } from "./packet-text-format.js";
import { PrintedAbout, PrintedPackets } from "./printed-packets.js";
import { XmlTags } from "./xml-tags.js";

/** Packets as XML. */
export const pdml: CaptureFormat = {
	name: "pdml",
	summary: "PDML, the XML of tshark -T pdml",
	recognises: isPdml,
	open: (options, report) =>
		throughPackets(new PdmlReader(report), options, report),
};

function isPdml(head: Head): boolean {
	if (!head.isText) return false;
	const text = narrowHead(head);
	return (
		(text.includes("<pdml") || text.includes("<packet>")) &&
		text.includes('<proto name="geninfo"')
	);
}

/** The bytes of a packet that is being put together: one room for all packets, of which each cleans what it used. */
class Room {
	readonly bytes = Buffer.allocUnsafeSlow(MAX_CAPTURED_LENGTH);
	/** A byte each: whether a field had it. */
	readonly known = Buffer.alloc(MAX_CAPTURED_LENGTH);
	#used = 0;

	/** Takes the bytes that the digits make; false where one is none. */
	take(digits: string, at: number, size: number): boolean {
		this.#used = Math.max(this.#used, at + size);
		for (let i = 0; i < size; i++) {
			const byte = hexByte(digits, 2 * i);
			if (byte === -1) return false;
			this.bytes[at + i] = byte;
			this.known[at + i] = 1;
		}
		return true;
	}

	/** The first byte from `at` on that no field had; `end` where all are known up to there. */
	unknown(at: number, end: number): number {
		const found = this.known.indexOf(0, at);
		return found === -1 || found > end ? end : found;
	}

	/** A copy of the first bytes; those that no field had are 0. */
	copy(length: number): Buffer {
		const copy = Buffer.from(this.bytes.subarray(0, length));
		for (let i = 0; i < length; i++) if (this.known[i] === 0) copy[i] = 0;
		return copy;
	}

	clean(): void {
		this.known.fill(0, 0, this.#used);
		this.#used = 0;
	}
}

/** What is known of that packet. */
interface Draft {
	readonly line: number;
	readonly about: PrintedAbout;
	/** Bytes that were captured. */
	length: number;
	/** The first protocol is `geninfo`, which is no bytes; `above` is what TCP carries. */
	stage: "general" | "headers" | "tcp" | "above";
	/** Where the headers so far end: one that starts in front of that is in other bytes than the frame's. */
	headersEnd: number;
	damaged: boolean;
}

/** Reads packets out of such XML, cut anywhere. */
class PdmlReader implements Stage<Buffer, Packet> {
	readonly #report: SourceReport;
	readonly #narrow = new NarrowText();
	readonly #tags = new XmlTags();
	readonly #damage = new DumpDamage();
	readonly #packets = new PrintedPackets();
	readonly #room = new Room();
	#draft: Draft | undefined;

	/** The report takes the remarks. */
	constructor(report: SourceReport) {
		this.#report = report;
	}

	push(bytes: Buffer): readonly Packet[] {
		const packets: Packet[] = [];
		for (const tag of this.#tags.push(this.#narrow.push(bytes)))
			this.#take(tag, packets);
		return packets.length === 0 ? NOTHING : packets;
	}

	end(): readonly Packet[] {
		const packets: Packet[] = [];
		if (this.#draft !== undefined) {
			this.#finish(packets);
			this.#packets.remarkOpen(this.#report);
		}
		this.#damage.remark(this.#report, "the packets were cut there");
		this.#packets.remark(this.#report);
		return packets;
	}

	#take(tag: string, packets: Packet[]): void {
		const draft = this.#draft;
		if (tag.startsWith("field ")) {
			if (draft !== undefined) takeField(draft, this.#room, tag);
		} else if (tag.startsWith("proto ")) {
			if (draft !== undefined) takeProtocol(draft, tag);
		} else if (tag === "packet" || tag === "/packet") {
			this.#finish(packets);
			if (tag === "packet") {
				this.#room.clean();
				this.#draft = newDraft(this.#tags.line);
			}
		}
	}

	#finish(packets: Packet[]): void {
		const draft = this.#draft;
		this.#draft = undefined;
		if (draft === undefined || draft.stage === "general") return;
		if (draft.damaged) this.#damage.note(draft.line);
		const bytes = this.#room.copy(knownLength(draft, this.#room));
		packets.push(this.#packets.packet(bytes, draft.about));
	}
}

function newDraft(line: number): Draft {
	return {
		line,
		about: new PrintedAbout(),
		length: 0,
		stage: "general",
		headersEnd: 0,
		damaged: false,
	};
}

/**
 * Bytes that can be used: up to the first that no field had, where that is in what TCP carries. In front of it, such bytes
 * are padding that dissectors do not name; nothing that is read of the headers is without a field.
 */
function knownLength(draft: Draft, room: Room): number {
	const { headersEnd, length } = draft;
	const unknown = room.unknown(0, length);
	return unknown >= headersEnd ? unknown : room.unknown(headersEnd, length);
}

function takeProtocol(draft: Draft, tag: string): void {
	const name = attribute(tag, "name");
	if (name === "geninfo" || name === "frame" || name === "raw") return;
	if (draft.stage === "general") draft.stage = "headers";
	if (draft.stage === "tcp") draft.stage = "above";
	if (draft.stage === "above") return;
	const at = numberIn(tag, "pos");
	const size = numberIn(tag, "size");
	if (at === undefined || size === undefined) return;
	// Extension headers, such as `ipv6.hopopts`, are protocols inside of one.
	if (name?.includes(".") && at + size <= draft.headersEnd) return;
	if (at < draft.headersEnd) draft.stage = "above";
	else {
		draft.headersEnd = at + size;
		if (name === "tcp") draft.stage = "tcp";
	}
}

function takeField(draft: Draft, room: Room, tag: string): void {
	if (draft.stage === "general") {
		takeGeneral(draft, tag);
		return;
	}
	if (draft.stage === "above") {
		// A packet's own payload is among the fields of TCP, or wrapped behind it.
		if (!tag.startsWith('field name="tcp.payload"')) return;
	}
	const value = attribute(tag, "unmaskedvalue") ?? attribute(tag, "value");
	const at = numberIn(tag, "pos");
	const size = numberIn(tag, "size");
	if (value === undefined || value === "") return;
	if (at === undefined || size === undefined || size === 0) return;
	if (at + size > draft.length || value.length !== 2 * size) return;
	if (!room.take(value, at, size)) draft.damaged = true;
}

/** The fields of `geninfo`, and those of `frame`. */
function takeGeneral(draft: Draft, tag: string): void {
	switch (attribute(tag, "name")) {
		case "num":
			draft.about.frame = numberIn(tag, "show");
			break;
		case "len":
			draft.about.wireLength = numberIn(tag, "show");
			break;
		case "caplen": {
			const length = numberIn(tag, "show") ?? 0;
			if (length > MAX_CAPTURED_LENGTH) draft.damaged = true;
			else draft.length = length;
			break;
		}
		case "timestamp":
			draft.about.time = readTime(attribute(tag, "value") ?? "", 0);
			break;
	}
}

/** The value of an attribute, as it is written: those that are read have no entities. */
function attribute(tag: string, name: string): string | undefined {
	const start = tag.indexOf(` ${name}="`);
	if (start === -1) return undefined;
	const from = start + name.length + 3;
	const to = tag.indexOf('"', from);
	return to === -1 ? undefined : tag.slice(from, to);
}

function numberIn(tag: string, name: string): number | undefined {
	const value = attribute(tag, name);
	return value !== undefined && /^\d{1,9}$/.test(value)
		? Number(value)
		: undefined;
}
