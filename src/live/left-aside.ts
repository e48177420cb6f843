// The names under which taps move sockets aside: `.php.sock.fcgi-inspect-1234-56789` lies beside `php.sock`, was left
// there by process 1234 that was started 56789 ticks after the system was, and is a socket. The time of the start tells
// a process from another that got its number later. Where others may write in the folder, as in /tmp, anybody can make
// such names, so a file is believed to be a tap's only where its owner could do as much without.

import { createHash } from "node:crypto";
import { lstatSync, readdirSync } from "node:fs";
import { userName } from "./owner-name.js";
import { lookAt, type SocketFile } from "./socket-file.js";
import type { SocketPlace } from "./socket-place.js";
import { startOf, type TapProcess, tapProcess } from "./tap-process.js";

/** A socket that a tap put beside the one it is in front of. */
export interface LeftAside {
	readonly name: string;
	/** Which file it is. */
	readonly identity: string;
	/** The id of the tap's process. */
	readonly process: number;
	/** What has become of that process, as far as it can be seen from here. */
	readonly tap: TapProcess;
	/** It is the application's, or one of the tap's own that got no further than its temporary name. */
	readonly of: "application" | "tap";
}

const MARK = ".fcgi-inspect-";

/** The name under which this process moves a socket aside. */
export function asideName(name: string): string {
	return `${prefixOf(name)}${process.pid}-${startOf(process.pid)}`;
}

/**
 * Bytes of a socket's name that can stand in another: with all that follows, and the way through a folder's descriptor in
 * front, it still has to fit `sun_path`.
 */
const MAX_NAME = 40;

/** A name that is longer is told by its digest. */
function prefixOf(name: string): string {
	if (Buffer.byteLength(name) <= MAX_NAME) return `.${name}${MARK}`;
	const digest = createHash("sha256").update(name).digest("hex");
	return `.${digest.slice(0, MAX_NAME)}${MARK}`;
}

/**
 * What taps, this process included, have put beside a socket. `owner` is the application's, where its socket is in its
 * place no more. Throws what the file system says.
 */
export function leftAside(
	place: SocketPlace,
	owner?: number,
): readonly LeftAside[] {
	const owners = ownersOf(place, owner);
	return marked(place)
		.filter(({ file }) => isBelieved(file, owners))
		.map(({ name, file, process: id, ticks, of }) => {
			const users = new Set([0, ownId(), file.uid]);
			const tap = tapProcess(id, ticks, users);
			return { name, identity: file.identity, process: id, tap, of };
		});
}

/** What has the name of something that a tap has put there, and is not believed, in a few words that say why. */
export function strangersAside(place: SocketPlace): string | undefined {
	const owners = ownersOf(place);
	const [first, ...others] = marked(place).filter(
		({ file }) => !isBelieved(file, owners),
	);
	if (first === undefined) return undefined;
	const why =
		first.file.kind === "socket"
			? `belongs to ${userName(first.file.uid)}, who owns neither the socket nor the folder`
			: "is not a socket";
	const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
	return `left alone ${place.beside(first.name)}${more}, as it ${why}`;
}

/** A file whose name says that a tap has put it there. */
interface Marked {
	readonly name: string;
	readonly file: SocketFile;
	readonly process: number;
	readonly ticks: number;
	readonly of: LeftAside["of"];
}

function marked(place: SocketPlace): readonly Marked[] {
	const prefix = prefixOf(place.name);
	return readdirSync(place.folder).flatMap((name) => {
		if (!name.startsWith(prefix)) return [];
		const tap = /^(\d+)-(\d+)(\.new\d+)?$/.exec(name.slice(prefix.length));
		if (tap === null) return [];
		const file = lookAt(place.beside(name));
		if (file === undefined) return [];
		return [
			{
				name,
				file,
				process: Number(tap[1]),
				ticks: Number(tap[2]),
				of: tap[3] === undefined ? "application" : "tap",
			},
		];
	});
}

function isBelieved(file: SocketFile, owners: ReadonlySet<number>): boolean {
	return file.kind === "socket" && owners.has(file.uid);
}

/**
 * Whose files are believed. What is moved aside is the application's own socket, and the tap's in its place looks the
 * same. The folder's owner may move everything in it, also where others may not.
 */
function ownersOf(place: SocketPlace, owner?: number): ReadonlySet<number> {
	const folder = lstatSync(place.folder).uid;
	const owners = new Set([0, ownId(), folder]);
	const inPlace = owner ?? lookAt(place.path)?.uid;
	if (inPlace !== undefined) owners.add(inPlace);
	return owners;
}

/** Linux, where sockets have files, has users. */
function ownId(): number {
	return process.geteuid?.() ?? 0;
}
