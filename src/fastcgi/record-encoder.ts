// A record draft into bytes (specification, section 3.3). It writes what it is told: each field of the header may say
// something else than what follows it.

import {
	FCGI_HEADER_LEN,
	FCGI_MAX_LENGTH,
	FCGI_VERSION_1,
} from "./constants.js";
import { NO_BYTES } from "./no-bytes.js";
import { inRange } from "./range.js";
import type { FcgiRecord, RecordDraft } from "./record.js";

/**
 * The bytes of a draft. A number that its field cannot hold, and content or padding whose length the header cannot say
 * and the draft does not override, is a mistake of the program: a RangeError.
 */
export function encodeRecord(draft: RecordDraft): Buffer {
	const content = draft.contentData ?? NO_BYTES;
	const contentLength = inRange(
		"contentLength",
		draft.contentLength ?? content.length,
		FCGI_MAX_LENGTH,
	);
	const paddingLength = inRange(
		"paddingLength",
		draft.paddingLength ?? draft.paddingData?.length ?? 0,
		0xff,
	);
	const paddingBytes = draft.paddingData?.length ?? paddingLength;
	const bytes = Buffer.alloc(FCGI_HEADER_LEN + content.length + paddingBytes);
	bytes[0] = inRange("version", draft.version ?? FCGI_VERSION_1, 0xff);
	bytes[1] = inRange("type", draft.type, 0xff);
	bytes.writeUInt16BE(inRange("requestId", draft.requestId, 0xffff), 2);
	bytes.writeUInt16BE(contentLength, 4);
	bytes[6] = paddingLength;
	bytes[7] = inRange("reserved", draft.reserved ?? 0, 0xff);
	content.copy(bytes, FCGI_HEADER_LEN);
	draft.paddingData?.copy(bytes, FCGI_HEADER_LEN + content.length);
	return bytes;
}

/**
 * The draft that is encoded to the bytes the record came from; to those that are there, where some are missing. It
 * holds the record's own content and padding.
 */
export function draftOf(record: FcgiRecord): RecordDraft {
	return {
		type: record.type,
		requestId: record.requestId,
		contentData: record.contentData,
		version: record.version,
		contentLength: record.contentLength,
		paddingLength: record.paddingLength,
		paddingData: record.paddingData,
		reserved: record.reserved,
	};
}
