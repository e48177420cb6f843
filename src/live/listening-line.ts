// Which sockets listen under a path, by Linux's own list, /proc/net/unix (proc(5)): so that it is noticed, without any
// traffic, when an application is gone that could not remove its socket. The list has the path as it was bound, and
// sockets of this network namespace only; where that tells nothing, nothing is told.

import {
	closeSync,
	openSync,
	readFileSync,
	readSync,
	realpathSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { SocketPlace } from "./socket-place.js";

const LIST = "/proc/net/unix";

/** Flags __SO_ACCEPTCON, type SOCK_STREAM, state SS_UNCONNECTED: a stream socket that listens. */
const LISTENING =
	/^[0-9a-f]+: [0-9a-f]+ [0-9a-f]+ 00010000 0001 01 +(\d+) (\/.*)$/gim;

/** The list is not looked at for so many times as long as that took, as each connection makes it longer. */
const REST = 250;

/** Linux hands the list out in pieces of a page; nothing else is read into this. */
const PIECE = Buffer.alloc(16 * 1024);

/** The lines of sockets that listen under the path of a place. Lines are texts of one character for each byte. */
export class ListeningLine {
	readonly #ends: readonly string[];
	readonly #longest: number;
	#restsUntil = 0;

	private constructor(ends: readonly string[]) {
		this.#ends = ends;
		this.#longest = Math.max(...ends.map((end) => end.length));
	}

	/** Finds the lines; undefined where there are none. */
	static of(place: SocketPlace): ListeningLine | undefined {
		let list: string;
		try {
			list = readFileSync(LIST, "latin1");
		} catch {
			// A system without the list.
			return undefined;
		}
		const ends = [...list.matchAll(LISTENING)].flatMap(
			([, number, path = ""]) =>
				leadsTo(Buffer.from(path, "latin1").toString(), place)
					? [` ${number} ${path}\n`]
					: [],
		);
		return ends.length === 0 ? undefined : new ListeningLine(ends);
	}

	/** Whether any of them still stands in the list, as far as was last looked. */
	stands(): boolean {
		const begun = performance.now();
		if (begun < this.#restsUntil) return true;
		const found = this.#find();
		const now = performance.now();
		this.#restsUntil = now + (now - begun) * REST;
		return found;
	}

	/** Reads the list as far as the first of the lines. */
	#find(): boolean {
		const descriptor = openSync(LIST, "r");
		try {
			let text = "";
			for (;;) {
				const bytes = readSync(descriptor, PIECE);
				if (bytes === 0) return false;
				// A line may have begun in the piece before.
				text = text.slice(-this.#longest) + PIECE.toString("latin1", 0, bytes);
				for (const end of this.#ends) if (text.includes(end)) return true;
			}
		} finally {
			closeSync(descriptor);
		}
	}
}

/** Whether a path that was bound is the place's, which its folder may have other names for. */
function leadsTo(path: string, place: SocketPlace): boolean {
	if (path === place.path) return true;
	if (basename(path) !== place.name) return false;
	try {
		return join(realpathSync(dirname(path)), place.name) === place.path;
	} catch {
		return false;
	}
}
