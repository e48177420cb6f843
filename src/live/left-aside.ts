// The names under which taps move sockets aside: `.php.sock.fcgi-inspect-1234-56789` lies beside `php.sock`, was left
// there by process 1234 that was started 56789 ticks after the system was, and is a socket. The time of the start tells
// a process from another that got its number later.

import { readdirSync, readFileSync } from "node:fs";
import { lookAt } from "./socket-file.js";
import type { SocketPlace } from "./socket-place.js";

/** A socket that a tap put beside the one it is in front of. */
export interface LeftAside {
	readonly name: string;
	/** The id of the tap's process. */
	readonly process: number;
	/** Whether that process is still there, as far as it can be seen from here. */
	readonly alive: boolean;
	/** It is the application's, or one of the tap's own that got no further than its temporary name. */
	readonly of: "application" | "tap";
}

const MARK = ".fcgi-inspect-";

/** The name under which this process moves a socket aside. */
export function asideName(name: string): string {
	return `.${name}${MARK}${process.pid}-${startOf(process.pid)?.ticks ?? 0}`;
}

/** What taps, this process included, have put beside a socket. Throws what the file system says. */
export function leftAside(place: SocketPlace): readonly LeftAside[] {
	const prefix = `.${place.name}${MARK}`;
	return readdirSync(place.folder).flatMap((name) => {
		if (!name.startsWith(prefix)) return [];
		const owner = /^(\d+)-(\d+)(\.new\d+)?$/.exec(name.slice(prefix.length));
		if (owner === null) return [];
		if (lookAt(place.beside(name))?.kind !== "socket") return [];
		const id = Number(owner[1]);
		return [
			{
				name,
				process: id,
				alive: isAlive(id, Number(owner[2])),
				of: owner[3] === undefined ? "application" : "tap",
			},
		];
	});
}

/** Whether a process is there, and is the one that was started then. */
function isAlive(id: number, ticks: number): boolean {
	try {
		process.kill(id, 0);
	} catch (error) {
		// EPERM: it is there, and another user's.
		if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
	}
	const start = startOf(id);
	return start === undefined || (start.ticks === ticks && !start.ended);
}

/** When a process was started (proc(5)), and whether it only waits to be buried; undefined where that cannot be seen. */
function startOf(
	id: number,
): { readonly ticks: number; readonly ended: boolean } | undefined {
	try {
		const line = readFileSync(`/proc/${id}/stat`, "latin1");
		// The name of the program, in parentheses, may hold anything.
		const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
		return {
			ticks: Number(fields[19]),
			ended: fields[0] === "Z" || fields[0] === "X",
		};
	} catch {
		return undefined;
	}
}
