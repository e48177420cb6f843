// The files of an application's socket that was moved aside, and of the tap's own in its place. Everything happens in
// one turn of the event loop; what fails half way is undone.

import { linkSync, renameSync, unlinkSync } from "node:fs";
import type { Server } from "node:net";
import { FcgiInspectError } from "../errors.js";
import { asideName, type LeftAside, leftAside } from "./left-aside.js";
import {
	lookAt,
	looksAlike,
	makeAlike,
	type SocketFile,
} from "./socket-file.js";
import type { SocketPlace } from "./socket-place.js";
import { refusal } from "./socket-refusal.js";
import { listenUnreachable } from "./unreachable-socket.js";

/** What is found in the place of a socket that was moved aside. */
type Standing = "ours" | "missing" | "replaced";

/** What became of the application's socket. */
export type PutBack = "put-back" | "superseded" | "lost";

/** Errors of link(2) that mean that it is not possible here, rather than that something is wrong. */
const NO_LINKS = ["EPERM", "EOPNOTSUPP", "ENOTSUP", "ENOSYS", "EMLINK"];

/** Counts temporary names, so that none is used twice. */
let made = 0;

/** A socket that was moved aside. */
export class MovedSocket {
	/** The name under which the application's socket is now, in the same folder. */
	readonly aside: string;
	readonly #place: SocketPlace;
	/** Of the tap's own socket. */
	readonly #identity: string;
	/** Of the application's. */
	readonly #original: string;

	private constructor(
		place: SocketPlace,
		aside: string,
		identity: string,
		original: string,
	) {
		this.#place = place;
		this.aside = aside;
		this.#identity = identity;
		this.#original = original;
	}

	/**
	 * Moves a socket aside and lets `server` listen in its place, with the same owner and permissions. Where the file
	 * system has hard links, there is no moment without a socket. Throws FcgiInspectError, with everything as it was, also
	 * where the file is no longer `seen`.
	 */
	static async move(
		place: SocketPlace,
		server: Server,
		seen: SocketFile,
	): Promise<MovedSocket> {
		const aside = asideName(place.name);
		const temporary = `${aside}.new${++made}`;
		try {
			await listenUnreachable(server, place.address(temporary));
		} catch (error) {
			throw refusal(error, place, "move");
		}
		try {
			const own = dress(place, temporary, seen);
			const original = exchange(place, temporary, aside, own.identity);
			return new MovedSocket(place, aside, own.identity, original);
		} catch (error) {
			// Takes the temporary name with it.
			server.close();
			throw error;
		}
	}

	/** Whose socket is in the place now. Throws where it cannot be seen. */
	standing(): Standing {
		const found = lookAt(this.#place.path);
		if (found === undefined) return "missing";
		return found.identity === this.#identity ? "ours" : "replaced";
	}

	/** Puts the application's socket back in one step; one that it has made since then stays. */
	putBack(): PutBack {
		const { path } = this.#place;
		const aside = this.#place.beside(this.aside);
		const standing = this.standing();
		if (standing === "replaced") {
			remove(aside);
			return "superseded";
		}
		const ours = standing === "ours" ? lookAt(path) : undefined;
		const original = lookAt(aside);
		// Another file of that name is not the application's, whoever put it there.
		if (original?.identity !== this.#original) {
			if (ours !== undefined) remove(path);
			return "lost";
		}
		// Permissions that the application has given its socket meanwhile went to the tap's.
		if (ours !== undefined && !looksAlike(ours, original)) {
			try {
				makeAlike(aside, ours, this.#original);
			} catch {
				// As it was before is the next best.
			}
		}
		if (ours === undefined) putIntoGap(aside, path);
		else renameSync(aside, path);
		return "put-back";
	}

	/** Removes the application's old socket, which nobody listens at any more. */
	forget(): void {
		remove(this.#place.beside(this.aside));
	}
}

/** Moves a file to where there is none, and removes it where somebody was faster. */
export function putIntoGap(from: string, to: string): void {
	try {
		linkSync(from, to);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code !== undefined && NO_LINKS.includes(code)) {
			renameSync(from, to);
			return;
		}
		if (code !== "EEXIST") throw error;
	}
	remove(from);
}

/** Removes a file, if it is there. */
export function remove(path: string): void {
	try {
		unlinkSync(path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
	}
}

/** Gives the tap's socket, under its temporary name, what the application's has. */
function dress(
	place: SocketPlace,
	temporary: string,
	seen: SocketFile,
): SocketFile {
	const path = place.beside(temporary);
	try {
		const model = lookAt(place.path);
		if (model?.identity !== seen.identity) {
			throw replaced(place);
		}
		const own = lookAt(path);
		// It has just been made here, and nobody was let in: nothing else looks like that.
		if (own?.kind !== "socket" || own.mode !== 0) throw replaced(place);
		makeAlike(path, model, own.identity);
		return own;
	} catch (error) {
		throw refusal(error, place, "own");
	}
}

/** That somebody else was at work in that moment. */
export function replaced(place: SocketPlace): FcgiInspectError {
	return new FcgiInspectError(
		"connection-failed",
		`${place.given}: was replaced just now; try again`,
	);
}

/** Moves the application's socket aside and the tap's in its place. Returns which file the application's is. */
function exchange(
	place: SocketPlace,
	temporary: string,
	aside: string,
	own: string,
): string {
	const asidePath = place.beside(aside);
	try {
		const linked = setAside(place.path, asidePath);
		try {
			refuseOtherTap(place, lookAt(asidePath)?.uid);
			renameSync(place.beside(temporary), place.path);
		} catch (error) {
			if (linked) unlinkSync(asidePath);
			else renameSync(asidePath, place.path);
			throw error;
		}
	} catch (error) {
		throw refusal(error, place, "move");
	}
	// What the application gave its socket while this was done.
	const original = lookAt(asidePath);
	if (original?.kind !== "socket") return "";
	try {
		makeAlike(place.path, original, own);
	} catch {
		// What it has is the next best.
	}
	return original.identity;
}

/** Gives a socket another name; returns whether it has kept its first. */
function setAside(path: string, aside: string): boolean {
	try {
		linkSync(path, aside);
		return true;
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === undefined || !NO_LINKS.includes(code)) throw error;
		renameSync(path, aside);
		return false;
	}
}

/** Two taps that begin at the same time each see the other's name, as both are there before either looks. */
function refuseOtherTap(place: SocketPlace, owner: number | undefined): void {
	const other = leftAside(place, owner).find(
		({ name, tap, of }) =>
			tap !== "gone" && of === "application" && name !== asideName(place.name),
	);
	if (other !== undefined) throw otherTap(place.given, other);
}

/** That another tap is there. */
export function otherTap(given: string, aside: LeftAside): FcgiInspectError {
	const { process, tap } = aside;
	return new FcgiInspectError(
		"connection-failed",
		tap === "runs"
			? `${given}: a tap (process ${process}) is there already; stop it with: kill -INT ${process}`
			: `${given}: a tap may be there already, as process ${process}, which cannot be seen from here; run as root`,
	);
}
