// Which sockets listen under a path, by Linux's own list, /proc/net/unix (proc(5)): so that it is noticed, without any
// traffic, when an application is gone that could not remove its socket. The list has the path as it was bound, and
// sockets of this network namespace only; where that tells nothing, nothing is told.

import { realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { SocketPlace } from "./socket-place.js";

/** Flags __SO_ACCEPTCON, type SOCK_STREAM, state SS_UNCONNECTED: a stream socket that listens. */
const LISTENING =
	/^[0-9a-f]+: [0-9a-f]+ [0-9a-f]+ 00010000 0001 01 +(\d+) (\/.*)$/gim;

/** The lines of sockets that listen under the path of a place. */
export class ListeningLine {
	readonly #ends: readonly string[];

	private constructor(ends: readonly string[]) {
		this.#ends = ends;
	}

	/** Finds the lines; undefined where there are none. */
	static async of(place: SocketPlace): Promise<ListeningLine | undefined> {
		const ends = [...(await list()).matchAll(LISTENING)].flatMap(
			([, number, path]) =>
				path !== undefined && leadsTo(path, place)
					? [` ${number} ${path}\n`]
					: [],
		);
		return ends.length === 0 ? undefined : new ListeningLine(ends);
	}

	/** Whether any of them still stands in the list. */
	async stands(): Promise<boolean> {
		const text = await list();
		return this.#ends.some((end) => text.includes(end));
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

async function list(): Promise<string> {
	try {
		return await readFile("/proc/net/unix", "utf8");
	} catch {
		return "";
	}
}
