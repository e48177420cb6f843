// Bytes without packets, addresses or times become chunks: who sent a record is told by its type (specification, section
// 8), so a dump may hold one direction or both, one record behind the other. A record of an unknown type, and what is no
// record, belongs to the sender of the record before. Where the framing is lost, the next header is searched for.
//
// A dump that begins anew goes on with the connection of the one before (first the request, then the response), unless it
// starts with a BEGIN_REQUEST whose id is still in use there: then it is another connection. If it starts with a header,
// a record under way was cut; if it does not, it goes on with that record.

import {
	FCGI_HEADER_LEN,
	type Peer,
	recordType,
} from "../../fastcgi/constants.js";
import { recordEnd, SEARCH_WINDOW } from "../../fastcgi/header-search.js";
import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import type { Chunk, Connection, SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import { counted } from "../counted.js";
import type { DumpedBytes } from "./dumped-bytes.js";
import {
	findAnyHeader,
	looksLikeAnyHeader,
	neededToBelieve,
} from "./mixed-header-search.js";

const BEGIN_REQUEST = 1;
const END_REQUEST = 3;

/** Bytes in front of the first header that are held until it is known who sends it: enough for the end of any record. */
const MAX_LEAD = SEARCH_WINDOW;

/** Tells the senders of dumped bytes apart. The chunks of a push are views into its bytes, or copies. */
export class RawBytes implements Stage<DumpedBytes, Chunk> {
	readonly #report: SourceReport;
	#connection: Connection | undefined;
	#connections = 0;
	/** Ids of requests that have begun on the connection and not ended: at most as many as there are ids. */
	readonly #open = new Set<number>();
	#from: Peer = "webServer";
	/** Bytes that the record under way still has. */
	#left = 0;
	/** Whether not even all of its header is there, so that it is not known where it ends. */
	#headerCut = false;
	/** What the next byte starts: a record, a dump, or anything. */
	#next: "record" | "dump" | "anything" = "anything";
	/** Bytes not yet judged: less than a header, or a window to search. */
	#held: Buffer[] = [];
	#heldLength = 0;
	/** Judging makes no sense before this many bytes are held. */
	#needs = FCGI_HEADER_LEN;
	/** What stands in front of the first header. */
	#lead: Buffer[] = [];
	#leadLength = 0;
	/** Bytes in front of the first header that were too many to hold, or are missing. */
	#leadMissing = 0;
	/** Bytes of dumps in which there was no header. */
	#ignored = 0;
	#cuts = 0;

	/** The report takes the remarks. */
	constructor(report: SourceReport) {
		this.#report = report;
	}

	push({ bytes, missingBefore, begins }: DumpedBytes): readonly Chunk[] {
		const chunks: Chunk[] = [];
		if (missingBefore !== 0) this.#skip(missingBefore, chunks);
		if (begins) this.#begin(chunks);
		if (bytes.length > 0) this.#take(bytes, chunks);
		return chunks.length === 0 ? NOTHING : chunks;
	}

	end(): readonly Chunk[] {
		const chunks: Chunk[] = [];
		this.#settle(chunks);
		this.#ignored += this.#leadLength;
		const { remarks } = this.#report;
		if (this.#left > 0) {
			this.#report.truncated = true;
			remarks.push(
				`the bytes end in the middle of a record, of which ${counted(this.#left, "byte")} more should follow`,
			);
		}
		if (this.#cuts > 0) {
			remarks.push(
				`${counted(this.#cuts, "record")} cut off where another dump begins`,
			);
		}
		if (this.#ignored > 0) {
			remarks.push(
				`no record header found in ${counted(this.#ignored, "byte")}, left out`,
			);
		}
		return chunks;
	}

	/** Steps over bytes that are missing; undefined stands for an unknown number. */
	#skip(length: number | undefined, chunks: Chunk[]): void {
		this.#settle(chunks);
		const framed =
			length !== undefined && length <= this.#left && !this.#headerCut;
		// Of an unknown number, one more than the record has left is enough to say that the framing is lost.
		const missing = length ?? this.#left + 1;
		this.#left -= framed ? length : this.#left;
		if (this.#connection === undefined) this.#leadMissing += missing;
		else this.#emit(NO_BYTES, missing, chunks);
		if (!framed) this.#expect("anything");
	}

	#begin(chunks: Chunk[]): void {
		this.#settle(chunks);
		if (this.#connection === undefined) {
			this.#ignored += this.#leadLength;
			this.#lead = [];
			this.#leadLength = this.#leadMissing = 0;
		}
		this.#expect("dump");
	}

	#expect(next: "record" | "dump" | "anything"): void {
		this.#next = next;
		this.#needs = FCGI_HEADER_LEN;
	}

	/** Judges what is held, as nothing comes behind it. */
	#settle(chunks: Chunk[]): void {
		if (this.#heldLength > 0) this.#walk(this.#takeHeld(), true, chunks);
	}

	#take(bytes: Buffer, chunks: Chunk[]): void {
		if (this.#heldLength === 0) {
			this.#walk(bytes, false, chunks);
			return;
		}
		this.#hold(bytes, this.#needs);
		if (this.#heldLength < this.#needs) return;
		this.#walk(this.#takeHeld(), false, chunks);
	}

	/** Goes from record to record, and emits what one peer sent as one chunk. Where bytes are `ended`, nothing is held. */
	#walk(bytes: Buffer, ended: boolean, chunks: Chunk[]): void {
		let start = 0;
		let at = 0;
		while (at < bytes.length) {
			if (this.#left > 0 && this.#next !== "dump") {
				const length = Math.min(this.#left, bytes.length - at);
				this.#left -= length;
				at += length;
				continue;
			}
			const judged = this.#judge(bytes, at, ended);
			if (judged.rubbish > 0) {
				at += judged.rubbish;
				if (this.#connection === undefined) {
					this.#holdLead(bytes.subarray(start, at));
					start = at;
				}
			}
			if (judged.needs > 0) {
				this.#emit(bytes.subarray(start, at), 0, chunks);
				this.#hold(bytes.subarray(at), judged.needs);
				return;
			}
			if (!judged.record) continue;
			if (this.#next === "dump" || this.#senderOf(bytes, at) !== this.#from) {
				this.#emit(bytes.subarray(start, at), 0, chunks);
				start = at;
			}
			this.#enter(bytes, at, chunks);
		}
		this.#emit(bytes.subarray(start, at), 0, chunks);
	}

	/** What starts at `at`: rubbish, and then a record, or something that takes `needs` bytes to tell. */
	#judge(bytes: Buffer, at: number, ended: boolean): Judgement {
		const there = bytes.length - at;
		if (there < this.#needs && !ended) return needing(this.#needs);
		if (this.#next === "dump" && !looksLikeAnyHeader(bytes, at)) {
			// It goes on with what is under way, which may be a record's content.
			const known = this.#connection !== undefined;
			this.#expect(known ? "record" : "anything");
			return NO_JUDGEMENT;
		}
		if (this.#next !== "anything") {
			const needs = neededToBelieve(bytes, at, ended);
			if (needs === 0) return { rubbish: 0, record: true, needs: 0 };
			if (needs > 0) return needing(needs);
			this.#expect("anything");
		}
		const found = findAnyHeader(bytes, at, ended);
		const rubbish = found.offset - at;
		if (found.sure) return { rubbish, record: true, needs: 0 };
		if (ended) return { rubbish: there, record: false, needs: 0 };
		if (rubbish === there) return { rubbish, record: false, needs: 0 };
		return { rubbish, record: false, needs: found.needs - found.offset };
	}

	/** A record starts at `at`: settles whose it is, and on which connection. */
	#enter(bytes: Buffer, at: number, chunks: Chunk[]): void {
		const whole = at + FCGI_HEADER_LEN <= bytes.length;
		const type = bytes[at + 1] ?? 0;
		const id = whole ? bytes.readUInt16BE(at + 2) : 0;
		const begins = this.#next === "dump";
		if (begins && type === BEGIN_REQUEST && this.#open.has(id)) {
			this.#connection = undefined;
			this.#open.clear();
			if (this.#left > 0) this.#cuts++;
		} else if (begins && this.#left > 0) {
			this.#cuts++;
			this.#emit(NO_BYTES, this.#left, chunks);
		}
		this.#from = this.#senderOf(bytes, at);
		this.#connection ??= this.#connect(chunks);
		if (type === BEGIN_REQUEST) this.#open.add(id);
		else if (type === END_REQUEST) this.#open.delete(id);
		this.#left = whole ? recordEnd(bytes, at) - at : FCGI_HEADER_LEN;
		this.#headerCut = !whole;
		this.#expect("record");
	}

	#senderOf(bytes: Buffer, at: number): Peer {
		return recordType(bytes[at + 1] ?? 0)?.sentBy ?? this.#from;
	}

	#connect(chunks: Chunk[]): Connection {
		const startSeen = this.#leadLength === 0 && this.#leadMissing === 0;
		const connection = { number: this.#connections++, startSeen };
		this.#connection = connection;
		if (!startSeen) {
			const lead = Buffer.concat(this.#lead, this.#leadLength);
			this.#emit(lead, this.#leadMissing, chunks);
			this.#lead = [];
			this.#leadLength = this.#leadMissing = 0;
		}
		return connection;
	}

	#emit(bytes: Buffer, missingBefore: number, chunks: Chunk[]): void {
		if (this.#connection === undefined) return;
		if (bytes.length === 0 && missingBefore === 0) return;
		chunks.push({
			connection: this.#connection,
			from: this.#from,
			timestamp: undefined,
			bytes,
			frame: undefined,
			missingBefore,
			closes: undefined,
		});
	}

	#hold(bytes: Buffer, needs: number): void {
		this.#held.push(Buffer.from(bytes));
		this.#heldLength += bytes.length;
		this.#needs = needs;
	}

	#takeHeld(): Buffer {
		const bytes =
			this.#held.length === 1
				? (this.#held[0] as Buffer)
				: Buffer.concat(this.#held, this.#heldLength);
		this.#held = [];
		this.#heldLength = 0;
		return bytes;
	}

	#holdLead(bytes: Buffer): void {
		this.#lead.push(Buffer.from(bytes));
		this.#leadLength += bytes.length;
		if (this.#leadLength <= MAX_LEAD) return;
		const all = Buffer.concat(this.#lead, this.#leadLength);
		const over = this.#leadLength - MAX_LEAD;
		this.#lead = [Buffer.from(all.subarray(over))];
		this.#leadLength = MAX_LEAD;
		this.#leadMissing += over;
	}
}

interface Judgement {
	/** Bytes that no record starts in. */
	readonly rubbish: number;
	/** Whether a record starts behind them. */
	readonly record: boolean;
	/** Bytes, from behind the rubbish, that it takes to tell; 0 where it is told. */
	readonly needs: number;
}

const NO_JUDGEMENT: Judgement = { rubbish: 0, record: false, needs: 0 };

function needing(needs: number): Judgement {
	return { rubbish: 0, record: false, needs };
}
