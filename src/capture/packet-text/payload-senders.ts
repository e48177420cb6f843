// Payloads that nobody's name stands beside become pieces of one conversation: who sent one is told by the records in it,
// and by how far each side had come before. It follows headers, no more: what is wrong with the records is not its concern.

import {
	FCGI_HEADER_LEN,
	type Peer,
	recordType,
} from "../../fastcgi/constants.js";
import { looksLikeHeader, recordEnd } from "../../fastcgi/header-search.js";
import type { Piece, Side } from "../recognition/flow.js";
import { RecordedFlow, type Sighting } from "../recognition/recorded-flow.js";

/** What readers say who use it. */
export const SENDERS_ARE_TOLD =
	"the text does not say who sent what: all is taken for one connection, and the senders are told by the records";

/** Makes pieces of payloads. */
export class PayloadSenders {
	readonly #flow = new RecordedFlow();
	readonly #webServer = new Sender("webServer", "application");
	readonly #application = new Sender("application", "webServer");

	piece(bytes: Buffer, sighting: Sighting = {}): Piece {
		const isAnswer =
			this.#application.fits(bytes) > this.#webServer.fits(bytes);
		(isAnswer ? this.#application : this.#webServer).take(bytes);
		const side: Side = isAnswer ? 1 : 0;
		return this.#flow.piece(side, bytes, sighting);
	}
}

/** How far one side has come. */
class Sender {
	readonly #peer: Peer;
	readonly #other: Peer;
	/** Bytes of its stream up to the next header. */
	#rest = 0;
	/** The start of a header whose end has not come. */
	#header = Buffer.alloc(0);

	constructor(peer: Peer, other: Peer) {
		this.#peer = peer;
		this.#other = other;
	}

	/** How well the bytes go on with its stream; the more, the better. */
	fits(bytes: Buffer): number {
		if (this.#header.length > 0) {
			const all = Buffer.concat([
				this.#header,
				bytes.subarray(0, FCGI_HEADER_LEN),
			]);
			return looksLikeHeader(all, 0, this.#peer) ? 4 : 0;
		}
		if (this.#rest < bytes.length) {
			if (looksLikeHeader(bytes, this.#rest, this.#peer)) {
				return this.#rest === 0 ? 3 : 4;
			}
			const short = bytes.length - this.#rest < FCGI_HEADER_LEN;
			return short && this.#rest > 0 ? 2 : 0;
		}
		// All of it inside a record, unless the other side begins one with it.
		return looksLikeHeader(bytes, 0, this.#other) ? 1 : 2;
	}

	take(bytes: Buffer): void {
		let all = bytes;
		let at = this.#rest;
		if (this.#header.length > 0) {
			all = Buffer.concat([this.#header, bytes]);
			at = 0;
		}
		while (at + FCGI_HEADER_LEN <= all.length) {
			// Where the framing is lost, the next payload shows where it goes on.
			if (recordType(all[at + 1] as number) === undefined) at = all.length;
			else at = recordEnd(all, at);
		}
		this.#header = Buffer.from(all.subarray(Math.min(at, all.length)));
		this.#rest = Math.max(0, at - all.length);
	}
}
