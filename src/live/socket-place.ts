// Where the file of a Unix socket lies, with symbolic links followed, and how its neighbours are reached: a name that is
// too long for `sun_path` (unix(7)) is reached through the folder's descriptor.

import {
	closeSync,
	constants,
	lstatSync,
	openSync,
	readlinkSync,
	realpathSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { MAX_UNIX_PATH } from "./address.js";

/** As many symbolic links as Linux follows before it says ELOOP. */
const MAX_LINKS = 40;

/** The place of a socket: its folder, its name there, and names beside it. */
export class SocketPlace {
	/** The path as it was given, for people. */
	readonly given: string;
	/** The folder that holds the file itself, absolute and without symbolic links. */
	readonly folder: string;
	/** The file's name in there. The file need not exist. */
	readonly name: string;
	#descriptor: number | undefined;

	/** Throws what the file system says where the folder cannot be found. */
	constructor(given: string) {
		this.given = given;
		const path = realPath(given);
		this.folder = dirname(path);
		this.name = basename(path);
	}

	/** The path of the file itself. */
	get path(): string {
		return join(this.folder, this.name);
	}

	/** The path of a neighbour, for all that takes long paths. */
	beside(name: string): string {
		return join(this.folder, name);
	}

	/** The path of the socket, or of a neighbour, for connecting and listening; good until `close`. */
	address(name: string = this.name): string {
		const path = this.beside(name);
		if (Buffer.byteLength(path) <= MAX_UNIX_PATH) return path;
		this.#descriptor ??= openSync(this.folder, constants.O_DIRECTORY);
		return `/proc/self/fd/${this.#descriptor}/${name}`;
	}

	/** Lets go of the folder. */
	close(): void {
		if (this.#descriptor !== undefined) closeSync(this.#descriptor);
		this.#descriptor = undefined;
	}
}

/** What a path names, followed through symbolic links even where the last one leads to nothing yet. */
function realPath(path: string): string {
	let at = path;
	for (let links = 0; links < MAX_LINKS; links++) {
		const folder = realpathSync(dirname(at));
		const file = join(folder, basename(at));
		const found = lstatSync(file, { throwIfNoEntry: false });
		if (!found?.isSymbolicLink()) return file;
		at = resolve(folder, readlinkSync(file));
	}
	// Says so in the words of the file system.
	return realpathSync(path);
}
