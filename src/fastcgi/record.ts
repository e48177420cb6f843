// A FastCGI record as data (specification, section 3.3): the header's fields, the content and padding as bytes, and a
// decoded body for the types that have one. `kind` is the tag to narrow by.

import { NOTHING } from "../stage.js";
import {
	type BeginRequestBody,
	decodeBody,
	type EndRequestBody,
	type UnknownTypeBody,
	type ValuesBody,
} from "./body.js";
import { type RecordKind, recordKind } from "./constants.js";

/** The eight bytes in front of every record (section 3.3). Two-byte numbers are B1 << 8 | B0. */
export interface FcgiHeader {
	/** Protocol version, 0 to 255; `FCGI_VERSION_1` in all known traffic. */
	readonly version: number;
	/** Record type, 0 to 255, see `RECORD_TYPES`. */
	readonly type: number;
	/** Which request the record belongs to, 0 to 65,535; 0 for management records. */
	readonly requestId: number;
	/** Bytes of content, 0 to 65,535. */
	readonly contentLength: number;
	/** Bytes of padding behind the content, 0 to 255. */
	readonly paddingLength: number;
	/** The header's last byte, 0 to 255; the specification gives it no meaning. */
	readonly reserved: number;
}

/** Bytes of a content that the input does not have. */
export interface Hole {
	/** Where they belong: bytes of the content that are there in front of them. */
	readonly at: number;
	readonly length: number;
}

interface RecordOf<Kind extends RecordKind, Body> extends FcgiHeader {
	readonly kind: Kind;
	/** Where the header starts: bytes since the start of this direction of the connection. */
	readonly offset: number;
	/** The content, as far as the input has it; a view into the input. */
	readonly contentData: Buffer;
	/** The padding, as far as the input has it; a view into the input, or a shared buffer of zeros. Not to be written to. */
	readonly paddingData: Buffer;
	/** Where in `contentData` bytes of the content are missing, in order; none for a whole record. */
	readonly holes: readonly Hole[];
	/** Bytes that the header announces and that the input does not have; 0 for a whole record. */
	readonly missing: number;
	/** True where the missing bytes are the record's end, because its direction ended, or the input. */
	readonly truncated: boolean;
	/** The decoded content; undefined for a type without a body, or where its bytes do not make one. */
	readonly body: Body | undefined;
}

/** One record. Narrow by `kind` to read `body`. */
export type FcgiRecord =
	| RecordOf<"beginRequest", BeginRequestBody>
	| RecordOf<"endRequest", EndRequestBody>
	| RecordOf<"unknownType", UnknownTypeBody>
	| RecordOf<"getValues" | "getValuesResult", ValuesBody>
	| RecordOf<
			| "abortRequest"
			| "params"
			| "stdin"
			| "data"
			| "stdout"
			| "stderr"
			| "unknown",
			undefined
	  >;

/** A record to be written. What is left out is filled in truthfully; what is given is written as it is, lies included. */
export interface RecordDraft {
	/** Record type, 0 to 255. */
	readonly type: number;
	/** Request id, 0 to 65,535. */
	readonly requestId: number;
	/** Content; none by default. */
	readonly contentData?: Buffer;
	/** Written into the header in place of `FCGI_VERSION_1`. */
	readonly version?: number;
	/** Written into the header in place of the content's length. */
	readonly contentLength?: number;
	/** Written into the header in place of the padding's length; where `paddingData` is absent, that many zero bytes follow. */
	readonly paddingLength?: number;
	/** Padding bytes; none, or zeros as `paddingLength` says, by default. */
	readonly paddingData?: Buffer;
	/** Written into the header in place of 0. */
	readonly reserved?: number;
}

/**
 * A record from its header, the eight bytes at `at` of `bytes`, and from what is there of its content and padding. The
 * body is decoded where all of the content is there.
 */
export function makeRecord(
	bytes: Buffer,
	at: number,
	offset: number,
	contentData: Buffer,
	paddingData: Buffer,
	missing: number,
	truncated: boolean,
	holes: readonly Hole[] = NOTHING,
): FcgiRecord {
	const type = bytes[at + 1] as number;
	const contentLength =
		((bytes[at + 4] as number) << 8) | (bytes[at + 5] as number);
	return {
		kind: recordKind(type),
		offset,
		version: bytes[at] as number,
		type,
		requestId: ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number),
		contentLength,
		paddingLength: bytes[at + 6] as number,
		reserved: bytes[at + 7] as number,
		contentData,
		paddingData,
		holes,
		missing,
		truncated,
		body:
			contentData.length === contentLength
				? decodeBody(type, contentData)
				: undefined,
	} as FcgiRecord;
}

/** Zeros in all the lengths that alignment to eight bytes asks for. */
const ZEROS = Array.from({ length: 8 }, (_, length) => Buffer.alloc(length));

/** The padding between two places of `bytes`. A view costs as much as all the rest of a record, so short zeros are shared. */
export function paddingView(bytes: Buffer, from: number, to: number): Buffer {
	const zeros = ZEROS[to - from];
	if (zeros === undefined) return bytes.subarray(from, to);
	for (let at = from; at < to; at++) {
		if (bytes[at] !== 0) return bytes.subarray(from, to);
	}
	return zeros;
}
