// Repairs what taps that were killed have left: a dead socket of their own in the application's place, and the
// application's beside it. What is put back depends on who listens where.

import { renameSync } from "node:fs";
import { FcgiInspectError } from "../errors.js";
import type { Say } from "./entrance.js";
import { type LeftAside, leftAside, strangersAside } from "./left-aside.js";
import { otherTap, putIntoGap, remove, replaced } from "./moved-socket.js";
import { lookAt } from "./socket-file.js";
import { SocketPlace } from "./socket-place.js";
import { refusal } from "./socket-refusal.js";
import { whoListens } from "./who-listens.js";

/** Repairs a socket's place, and says what was done. Throws FcgiInspectError where a tap is at work, or it cannot be. */
export async function restoreSocket(path: string, say: Say): Promise<void> {
	const place = placeOf(path);
	try {
		if (await repair(place, say)) return;
		say(`${path}: nothing to repair, as no tap has left anything here`);
	} finally {
		place.close();
	}
}

/** The place of a socket. Throws FcgiInspectError where there is no such folder. */
export function placeOf(path: string): SocketPlace {
	try {
		return new SocketPlace(path);
	} catch (error) {
		throw refusal(error, { given: path, folder: path, path }, "look");
	}
}

/** Repairs a place, and says what was done, if anything was. Throws FcgiInspectError. */
export async function repair(place: SocketPlace, say: Say): Promise<boolean> {
	let left: readonly LeftAside[];
	let strangers: string | undefined;
	try {
		left = leftAside(place);
		strangers = strangersAside(place);
	} catch (error) {
		throw refusal(error, place, "look");
	}
	if (strangers !== undefined) say(`${place.given}: ${strangers}`);
	const other = left.find(({ tap }) => tap !== "gone");
	if (other !== undefined) throw otherTap(place.given, other);
	if (left.length === 0) return false;
	try {
		for (const { name, of } of left) {
			if (of === "tap") remove(place.beside(name));
		}
		const asides = left.filter(({ of }) => of === "application");
		if (asides.length > 0) await settle(place, asides, say);
		else say(`${place.given}: removed what a tap that was killed had left`);
	} catch (error) {
		throw refusal(error, place, "move");
	}
	return true;
}

/** Decides between the socket in the place and those beside it. */
async function settle(
	place: SocketPlace,
	asides: readonly LeftAside[],
	say: Say,
): Promise<void> {
	const file = lookAt(place.path);
	const { newest, live } = await newestOf(place, asides, file?.identity);
	const whose = `a tap that was killed (process ${newest.process})`;
	const here =
		file?.kind === "socket" ? await whoListens(place.address()) : "missing";
	if (file !== undefined && (file.kind !== "socket" || here !== "nobody")) {
		if (live) throw bothAnswer(place, newest);
		for (const { name } of asides) remove(place.beside(name));
		say(
			`${place.given}: removed what ${whose} had left, as the application's own socket is in its place`,
		);
		return;
	}
	if (file === undefined && !live) {
		for (const { name } of asides) remove(place.beside(name));
		say(
			`${place.given}: removed what ${whose} had left, as the application is gone`,
		);
		return;
	}
	const aside = place.beside(newest.name);
	refuseIfReplaced(place, newest, file?.identity);
	// In one step; into a gap, so that a socket made just now stays.
	if (file === undefined) putIntoGap(aside, place.path);
	else renameSync(aside, place.path);
	for (const { name } of asides) remove(place.beside(name));
	say(`${place.given}: put back what ${whose} had moved aside`);
}

/**
 * The socket beside the place that was moved there last, of those where somebody listens if there are any. One that may
 * not be asked counts as such; one that is the file in the place itself, under a second name, does not.
 */
async function newestOf(
	place: SocketPlace,
	asides: readonly LeftAside[],
	identity: string | undefined,
): Promise<{ readonly newest: LeftAside; readonly live: boolean }> {
	const ranked = await Promise.all(
		asides.map(async (aside) => {
			const file = lookAt(place.beside(aside.name));
			const live =
				file?.identity !== identity &&
				(await whoListens(place.address(aside.name))) !== "nobody";
			return { aside, live, changed: file?.changed ?? 0n };
		}),
	);
	ranked.sort(
		(a, b) =>
			Number(b.live) - Number(a.live) || (a.changed < b.changed ? 1 : -1),
	);
	const [first] = ranked;
	if (first === undefined) throw new RangeError("nothing was left aside");
	return { newest: first.aside, live: first.live };
}

/** Throws where the socket in the place or the one beside it is not the one that was looked at. */
function refuseIfReplaced(
	place: SocketPlace,
	aside: LeftAside,
	identity: string | undefined,
): void {
	const same = leftAside(place).some(
		(now) => now.name === aside.name && now.identity === aside.identity,
	);
	if (!same || lookAt(place.path)?.identity !== identity) {
		throw replaced(place);
	}
}

function bothAnswer(place: SocketPlace, aside: LeftAside): FcgiInspectError {
	return new FcgiInspectError(
		"connection-failed",
		`${place.given}: somebody listens here and at ${place.beside(aside.name)}: a tap in another container, or the application twice; if there is no tap, remove the latter`,
	);
}
