// What the file of a socket looks like, and making another look the same without a moment in which more people may
// connect than before.

import { chmodSync, chownSync, lstatSync } from "node:fs";

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
	if (found === undefined) return undefined;
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

/** Gives a file the owner, group and permissions of another; in between nobody has any. */
export function makeAlike(path: string, model: SocketFile): void {
	const file = lookAt(path);
	if (file !== undefined && looksAlike(file, model)) return;
	if (file?.mode !== 0) chmodSync(path, 0);
	chownSync(path, model.uid, model.gid);
	chmodSync(path, model.mode);
}

/** Whether two files have the same owner, group and permissions. */
export function looksAlike(a: SocketFile, b: SocketFile): boolean {
	return a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
}
