// Finding record headers in bytes that both peers may have sent, one after the other: unlike in one direction of a
// connection (fastcgi/header-search.ts), the record behind may come from the other end.

import { FCGI_HEADER_LEN, FCGI_VERSION_1 } from "../../fastcgi/constants.js";
import {
	findHeader,
	type HeaderSearch,
	looksLikeHeader,
	recordEnd,
} from "../../fastcgi/header-search.js";

/** Whether a header as either peer would send it starts at `at`. */
export function looksLikeAnyHeader(bytes: Buffer, at: number): boolean {
	return looksLikeHeader(bytes, at, undefined);
}

/** `findHeader` for such bytes. */
export function findAnyHeader(
	bytes: Buffer,
	start: number,
	ended: boolean,
): HeaderSearch {
	return findHeader(bytes, start, undefined, ended, "mixed");
}

/**
 * A header where one is expected is believed for its version, and one with another version if it is well framed all the
 * same, as in `inspect/framing.ts`. Returns how many bytes it takes to tell: 0 where it is believed, -1 where it is not.
 */
export function neededToBelieve(
	bytes: Buffer,
	at: number,
	ended: boolean,
): number {
	const version = bytes[at] as number;
	if (version === FCGI_VERSION_1) return 0;
	if (!looksLikeHeader(bytes, at, undefined, version)) return -1;
	const next = recordEnd(bytes, at);
	const needs = next + FCGI_HEADER_LEN;
	if (needs <= bytes.length) {
		return looksLikeHeader(bytes, next, undefined, bytes[next]) ? 0 : -1;
	}
	if (!ended) return needs - at;
	return next === bytes.length ? 0 : -1;
}
