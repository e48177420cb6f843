// Finding record headers in bytes whose framing is lost or unknown. FastCGI has no marker to synchronise on, so a header
// is believed where its fields fit the specification and the record it announces ends at another such header.

import {
	FCGI_HEADER_LEN,
	FCGI_NULL_REQUEST_ID,
	FCGI_VERSION_1,
	MAX_RECORD_LENGTH,
	type Peer,
	recordType,
} from "./constants.js";

/** Bytes that a search has to see to be sure: the longest record and the header behind it. */
export const SEARCH_WINDOW = MAX_RECORD_LENGTH + FCGI_HEADER_LEN;

/**
 * Whether the eight bytes at `at` are a header that a well-behaved peer would send: `version`, a known type that `from`
 * sends (any, where `from` is undefined), a request id where one belongs, the length that a discrete type asks for,
 * reserved 0. False where fewer than eight bytes are there.
 */
export function looksLikeHeader(
	bytes: Buffer,
	at: number,
	from: Peer | undefined,
	version: number = FCGI_VERSION_1,
): boolean {
	if (at + FCGI_HEADER_LEN > bytes.length) return false;
	if (bytes[at] !== version || bytes[at + 7] !== 0) return false;
	const type = recordType(bytes[at + 1] as number);
	if (type === undefined) return false;
	if (from !== undefined && type.sentBy !== from) return false;
	const requestId = bytes.readUInt16BE(at + 2);
	if (type.management !== (requestId === FCGI_NULL_REQUEST_ID)) return false;
	return (
		type.bodyLength === undefined ||
		type.bodyLength === bytes.readUInt16BE(at + 4)
	);
}

/** Where the record that starts at `at` ends, by its header. */
export function recordEnd(bytes: Buffer, at: number): number {
	return (
		at +
		FCGI_HEADER_LEN +
		bytes.readUInt16BE(at + 4) +
		(bytes[at + 6] as number)
	);
}

/** The result of a search: no header starts in front of `offset`; one does at it, if `sure`. */
export interface HeaderSearch {
	/** The place of the header, or the first place where more bytes may still show one. */
	readonly offset: number;
	readonly sure: boolean;
	/** Where not sure: how many bytes, counted from the start of the buffer, a new search needs at least. */
	readonly needs: number;
}

/**
 * The first header at or behind `start` whose record ends at another header, of the same sender unless bytes of both are
 * mixed, or exactly at the end of the bytes where `ended` says that no more follow. Where no header can be in the bytes,
 * `offset` is their end.
 */
export function findHeader(
	bytes: Buffer,
	start: number,
	from: Peer | undefined,
	ended: boolean,
	mixed?: "mixed",
): HeaderSearch {
	for (
		let at = bytes.indexOf(FCGI_VERSION_1, start);
		at !== -1;
		at = bytes.indexOf(FCGI_VERSION_1, at + 1)
	) {
		if (at + FCGI_HEADER_LEN > bytes.length) {
			if (ended) break;
			return { offset: at, sure: false, needs: at + FCGI_HEADER_LEN };
		}
		if (!looksLikeHeader(bytes, at, from)) continue;
		const next = recordEnd(bytes, at);
		const confirmed = next + FCGI_HEADER_LEN;
		if (confirmed <= bytes.length) {
			const sender = from ?? recordType(bytes[at + 1] as number)?.sentBy;
			if (!looksLikeHeader(bytes, next, mixed ? undefined : sender)) continue;
			return { offset: at, sure: true, needs: confirmed };
		}
		if (!ended) return { offset: at, sure: false, needs: confirmed };
		if (next === bytes.length) return { offset: at, sure: true, needs: next };
	}
	return { offset: bytes.length, sure: false, needs: bytes.length + 1 };
}
