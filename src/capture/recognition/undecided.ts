// A connection of which it is not known yet whether it is FastCGI: what both sides sent is held, and looked at for record
// headers (specification, section 3.3). A connection whose opening was seen has them at known places; in others they
// are searched for.

import {
	FCGI_HEADER_LEN,
	FCGI_VERSION_1,
	type Peer,
} from "../../fastcgi/constants.js";
import {
	findHeader,
	looksLikeHeader,
	recordEnd,
	SEARCH_WINDOW,
} from "../../fastcgi/header-search.js";
import { type Flow, Piece, type Side } from "./flow.js";

/** What a connection may hold until it is known what it is: a window to search on each side, and as much again. */
export const MAX_UNDECIDED_COST = 4 * SEARCH_WINDOW;
/** What holding a piece costs besides its bytes. */
const PIECE_COST = 128;
/** What holding a connection costs besides its pieces. */
const FLOW_COST = 2048;

/** The answer of the bytes seen so far to the question whether a peer of FastCGI sent them. */
type Answer = "yes" | "no" | "unsure";

const BEGIN_REQUEST = 1;
const GET_VALUES = 9;

/** What both sides have sent so far. */
export class Undecided {
	/** Bytes that holding it takes. */
	cost = FLOW_COST;
	/** Whether there is anything to look at. */
	hasBytes = false;
	readonly #flow: Flow;
	readonly #sides = [new Beginning(), new Beginning()] as const;
	readonly #pieces: Piece[] = [];

	constructor(flow: Flow) {
		this.#flow = flow;
	}

	/** Keeps a copy of the piece. */
	hold(piece: Piece): void {
		const beginning = this.#sides[piece.side];
		const bytes = beginning.add(piece.bytes, piece.missingBefore);
		this.#pieces.push(
			new Piece(
				piece.flow,
				piece.side,
				piece.timestamp,
				bytes,
				piece.frame,
				piece.missingBefore,
				piece.closes,
			),
		);
		this.cost += bytes.length + PIECE_COST;
		if (bytes.length > 0) this.hasBytes = true;
	}

	/** What was held, in the order in which it came. */
	pieces(): readonly Piece[] {
		return this.#pieces;
	}

	/** The side that is the web server; `neither` where it is no FastCGI; undefined where more bytes are needed to say. */
	webServer(ended: boolean): Side | "neither" | undefined {
		const { openerKnown, streams } = this.#flow;
		const [a, b] = this.#sides;
		const answers: Answer[] = [
			a.answer("webServer", streams[0].startKnown, ended),
			b.answer("application", streams[1].startKnown, ended),
		];
		if (answers.includes("yes")) return 0;
		if (!openerKnown) {
			const turned: Answer[] = [
				a.answer("application", false, ended),
				b.answer("webServer", false, ended),
			];
			if (turned.includes("yes")) return 1;
			answers.push(...turned);
		}
		return answers.includes("unsure") && !ended ? undefined : "neither";
	}
}

/** The first bytes of one side. */
class Beginning {
	#bytes = Buffer.alloc(0);
	#length = 0;
	/** Whether its first byte is missing. */
	#headless = false;
	/** Where the bytes behind the last hole start. */
	#searchFrom = 0;
	/** How far the search for headers of either peer has come. */
	readonly #searched = { webServer: 0, application: 0 };

	/** Adds bytes and returns the copy of them. */
	add(bytes: Buffer, missingBefore: number): Buffer {
		if (missingBefore > 0) {
			this.#searchFrom = this.#length;
			if (this.#length === 0) this.#headless = true;
		}
		const end = this.#length + bytes.length;
		if (end > this.#bytes.length) {
			// The pieces before keep the buffer that they are views of; doubling makes that at most twice the bytes.
			const larger = Buffer.allocUnsafeSlow(Math.max(end, 2 * this.#length));
			this.#bytes.copy(larger, 0, 0, this.#length);
			this.#bytes = larger;
		}
		bytes.copy(this.#bytes, this.#length);
		const copy = this.#bytes.subarray(this.#length, end);
		this.#length = end;
		return copy;
	}

	/** Whether `peer` sent the bytes. */
	answer(peer: Peer, startKnown: boolean, ended: boolean): Answer {
		const bytes = this.#bytes.subarray(0, this.#length);
		if (!startKnown || this.#headless) return this.#search(bytes, peer, ended);
		if (bytes.length === 0) return "unsure";
		if (bytes[0] !== FCGI_VERSION_1) return "no";
		if (bytes.length < FCGI_HEADER_LEN) return "unsure";
		if (!looksLikeHeader(bytes, 0, peer)) return "no";
		const type = bytes[1];
		if (type === BEGIN_REQUEST && isBeginRequest(bytes)) return "yes";
		const next = recordEnd(bytes, 0);
		if (next + FCGI_HEADER_LEN <= bytes.length) {
			return looksLikeHeader(bytes, next, peer) ? "yes" : "no";
		}
		if (type === BEGIN_REQUEST || type === GET_VALUES) return "yes";
		return ended && next === bytes.length ? "yes" : "unsure";
	}

	/** Looks for two records, one behind the other. */
	#search(bytes: Buffer, peer: Peer, ended: boolean): Answer {
		const from = Math.max(this.#searched[peer], this.#searchFrom);
		const found = findHeader(bytes, from, peer, ended);
		this.#searched[peer] = found.offset;
		if (found.sure) return "yes";
		return bytes.length - this.#searchFrom > SEARCH_WINDOW ? "no" : "unsure";
	}
}

/** Whether a whole BEGIN_REQUEST is there, with a role that exists: its sixteen bytes leave little to chance. */
function isBeginRequest(bytes: Buffer): boolean {
	if (bytes.length < FCGI_HEADER_LEN + 8) return false;
	const role = bytes.readUInt16BE(FCGI_HEADER_LEN);
	return (
		role >= 1 && role <= 3 && bytes.readUIntBE(FCGI_HEADER_LEN + 3, 5) === 0
	);
}
