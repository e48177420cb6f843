// The log of `socat -x` or `socat -x -v` becomes pieces of conversations: each transfer has a line of its own, with its
// direction, its time and its place in the stream, and its bytes in hex behind it. The log does not name connections: a
// transfer belongs to the one that has come as far as it begins.

import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import type { SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import { counted } from "../counted.js";
import type { Piece, Side } from "../recognition/flow.js";
import { RecordedFlow } from "../recognition/recorded-flow.js";
import { hexByte } from "../text/hex-digits.js";
import type { Line } from "../text/lines.js";
import { TextClock } from "../text/text-clock.js";
import { readTransfer, type Transfer } from "./socat-transfer.js";

/** Connections that may go on at a time: socat has a process for each, and the log does not say when one ends. */
const MAX_CONNECTIONS = 1024;
/** Bytes handed out at once of a transfer, which may be of any length. */
const MAX_PIECE = 65_536;
const SPACE = 0x20;

/** A connection, and how far its two streams have come. */
interface Connection {
	readonly flow: RecordedFlow;
	readonly next: [number, number];
}

/** A transfer under way. */
interface Body {
	readonly connection: Connection;
	readonly side: Side;
	readonly timestamp: number;
	left: number;
	missing: number;
}

/** Reads the log. */
export class SocatLog implements Stage<Line, Piece> {
	readonly #report: SourceReport;
	readonly #clock = new TextClock();
	/** The one used last is the last. */
	#connections: Connection[] = [];
	#body: Body | undefined;
	readonly #bytes = Buffer.alloc(MAX_PIECE);
	#length = 0;
	#ambiguous = 0;
	#short = 0;
	#firstShort = 0;
	#skipped = 0;
	#firstSkipped = 0;

	/** The report takes the remarks. */
	constructor(report: SourceReport) {
		this.#report = report;
	}

	push(line: Line): readonly Piece[] {
		const pieces: Piece[] = [];
		const transfer = readTransfer(line.text);
		if (transfer !== undefined) {
			this.#finish(line.number, pieces);
			this.#begin(transfer, pieces);
		} else if (this.#body !== undefined) {
			this.#takeHex(line.text, this.#body, pieces);
		} else if (!isSeparator(line.text)) {
			this.#skipped++;
			if (this.#firstSkipped === 0) this.#firstSkipped = line.number;
		}
		return pieces.length === 0 ? NOTHING : pieces;
	}

	end(): readonly Piece[] {
		const pieces: Piece[] = [];
		if (this.#body !== undefined && this.#body.left > 0) {
			this.#report.truncated = true;
			this.#report.remarks.push("the log ends in the middle of a transfer");
			this.#flush(this.#body, pieces);
			this.#body = undefined;
		}
		this.#remark();
		return pieces;
	}

	#begin(transfer: Transfer, pieces: Piece[]): void {
		const connection = this.#connectionOf(transfer, pieces);
		const missing = transfer.from - connection.next[transfer.side];
		connection.next[transfer.side] = transfer.to + 1;
		this.#body = {
			connection,
			side: transfer.side,
			timestamp: this.#clock.timestamp(transfer.time),
			left: transfer.length,
			missing,
		};
	}

	/** The connection whose stream has come to where the transfer begins; of several, the one used last. */
	#connectionOf({ side, from }: Transfer, pieces: Piece[]): Connection {
		if (side === 0 && from === 0) return this.#open(true, pieces);
		const fitting = this.#connections.filter(({ next }) => next[side] === from);
		if (fitting.length > 1) this.#ambiguous++;
		const connection = fitting.at(-1);
		if (connection === undefined) return this.#open(from === 0, pieces);
		if (connection !== this.#connections.at(-1)) {
			this.#connections = this.#connections.filter((c) => c !== connection);
			this.#connections.push(connection);
		}
		return connection;
	}

	#open(startKnown: boolean, pieces: Piece[]): Connection {
		const flow = new RecordedFlow({ openerKnown: true, startKnown });
		const connection: Connection = { flow, next: [0, 0] };
		this.#connections.push(connection);
		if (this.#connections.length > MAX_CONNECTIONS) {
			const oldest = this.#connections.shift() as Connection;
			for (const side of [0, 1] as const) {
				pieces.push(oldest.flow.piece(side, NO_BYTES, { closes: "fin" }));
			}
		}
		return connection;
	}

	/** ` 01 01 00`: each byte behind a blank. Behind two of them comes the text of -v. */
	#takeHex(text: string, body: Body, pieces: Piece[]): void {
		for (let at = behindQuoting(text) - 1; body.left > 0; at += 3) {
			if (at >= 0 && text.charCodeAt(at) !== SPACE) break;
			const byte = hexByte(text, at + 1);
			if (byte === -1) break;
			this.#bytes[this.#length++] = byte;
			body.left--;
			if (this.#length === MAX_PIECE) this.#flush(body, pieces);
		}
		if (body.left > 0) return;
		this.#flush(body, pieces);
		this.#body = undefined;
	}

	/** Ends a transfer of which the log does not have all bytes. */
	#finish(line: number, pieces: Piece[]): void {
		const body = this.#body;
		this.#body = undefined;
		if (body === undefined) return;
		this.#flush(body, pieces);
		this.#short++;
		if (this.#firstShort === 0) this.#firstShort = line;
		const { flow } = body.connection;
		pieces.push(
			flow.piece(body.side, NO_BYTES, {
				timestamp: body.timestamp,
				missingBefore: body.left,
			}),
		);
	}

	#flush(body: Body, pieces: Piece[]): void {
		if (this.#length === 0) return;
		const bytes = Buffer.from(this.#bytes.subarray(0, this.#length));
		this.#length = 0;
		const { timestamp, missing } = body;
		body.missing = 0;
		pieces.push(
			body.connection.flow.piece(body.side, bytes, {
				timestamp,
				missingBefore: missing,
			}),
		);
	}

	#remark(): void {
		const { remarks } = this.#report;
		this.#clock.remark(this.#report);
		const say = (count: number, noun: string, what: string) => {
			if (count > 0) remarks.push(`${counted(count, noun)} ${what}`);
		};
		say(
			this.#ambiguous,
			"transfer",
			"that could belong to several connections, taken for the last of them",
		);
		say(
			this.#short,
			"transfer",
			`with fewer bytes than announced, the first before line ${this.#firstShort}`,
		);
		say(
			this.#skipped,
			"line",
			`outside of transfers skipped, the first is line ${this.#firstSkipped}`,
		);
	}
}

/** Whether a line is empty, or what socat prints behind a transfer. */
function isSeparator(text: string): boolean {
	const said = text.slice(behindQuoting(text)).trim();
	return said === "" || said === "--";
}

/** Where the first byte stands, behind blanks and the marks of a mail that quotes the log. */
function behindQuoting(text: string): number {
	let at = 0;
	while (" \t>|".includes(text[at] ?? "-")) at++;
	return at;
}
