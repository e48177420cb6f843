// What the file of a socket looks like, and making another look the same without a moment in which more people may
// connect than before.

import {
	type BigIntStats,
	chmodSync,
	chownSync,
	closeSync,
	constants,
	fstatSync,
	lstatSync,
	openSync,
} from "node:fs";

/** A file, as far as it matters for moving sockets. */
export interface SocketFile {
	readonly kind: "socket" | "folder" | "other";
	/** Which file it is; a number is used again only when the file, and the socket bound to it, are gone. */
	readonly identity: string;
	/** When it was last moved, renamed or given to others, in nanoseconds. */
	readonly changed: bigint;
	/** Permissions only. */
	readonly mode: number;
	readonly uid: number;
	readonly gid: number;
}

/** Looks at a file, without following a symbolic link; undefined where there is none. */
export function lookAt(path: string): SocketFile | undefined {
	const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
	return found && described(found);
}

function described(found: BigIntStats): SocketFile {
	return {
		kind: found.isSocket()
			? "socket"
			: found.isDirectory()
				? "folder"
				: "other",
		identity: `${found.dev}:${found.ino}`,
		changed: found.ctimeNs,
		mode: Number(found.mode & 0o7777n),
		uid: Number(found.uid),
		gid: Number(found.gid),
	};
}

/** Opens a file without reading or writing it, not following a link (O_PATH of Linux, which Node has no name for). */
const AS_IT_IS = 0o10000000 | constants.O_NOFOLLOW;

/**
 * Gives a socket the owner, group and permissions of another; in between nobody has any. Throws EPERM where the file is
 * not the one that is meant.
 */
export function makeAlike(
	path: string,
	model: SocketFile,
	identity: string,
): void {
	holding(path, identity, (held, file) => {
		if (looksAlike(file, model)) return;
		if (file.mode !== 0) chmodSync(held, 0);
		chownSync(held, model.uid, model.gid);
		chmodSync(held, model.mode);
	});
}

/** Gives a socket permissions. Throws EPERM where the file is not the one that is meant. */
export function permit(path: string, mode: number, identity: string): void {
	holding(path, identity, (held) => chmodSync(held, mode));
}

/**
 * Whoever may write in a socket's folder could put a link to a file of root's under its name, so it is held while
 * something is done to it, and has to be the one that is meant.
 */
function holding(
	path: string,
	identity: string,
	change: (held: string, file: SocketFile) => void,
): void {
	const descriptor = openSync(path, AS_IT_IS);
	try {
		const file = described(fstatSync(descriptor, { bigint: true }));
		if (file.kind !== "socket" || file.identity !== identity) {
			throw Object.assign(new Error(`${path} was replaced`), { code: "EPERM" });
		}
		change(`/proc/self/fd/${descriptor}`, file);
	} finally {
		closeSync(descriptor);
	}
}

/** Whether two files have the same owner, group and permissions. */
export function looksAlike(a: SocketFile, b: SocketFile): boolean {
	return a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
}
