// The content of the discrete record types, decoded and encoded (specification, sections 4 and 5). It knows nothing of
// headers: what it is given is all of a record's content, and content of another length than the type asks for has no
// body.

import { FCGI_KEEP_CONN } from "./constants.js";
import { decodeNameValues, type NameValue } from "./name-values.js";
import { inRange } from "./range.js";

/** FCGI_BEGIN_REQUEST (section 5.1): roleB1 roleB0 flags reserved[5]. */
export interface BeginRequestBody {
	/** Two bytes, see `ROLES`. */
	readonly role: number;
	/** One byte; bit 0 is `FCGI_KEEP_CONN`. */
	readonly flags: number;
	/** Bit 0 of the flags: the application is asked not to close the connection after this request. */
	readonly keepConn: boolean;
}

/** FCGI_END_REQUEST (section 5.5): appStatusB3..B0 protocolStatus reserved[3]. */
export interface EndRequestBody {
	/** Four bytes: what a CGI program would have passed to exit(). */
	readonly appStatus: number;
	/** One byte, see `PROTOCOL_STATUSES`. */
	readonly protocolStatus: number;
}

/** FCGI_UNKNOWN_TYPE (section 4.2): type reserved[7]. */
export interface UnknownTypeBody {
	/** The management record type that the application does not know. */
	readonly type: number;
}

/** FCGI_GET_VALUES and FCGI_GET_VALUES_RESULT (section 4.1): name-value pairs. */
export interface ValuesBody {
	/** Their offsets count from the start of the content. */
	readonly pairs: readonly NameValue[];
}

/** Any of the bodies; which one, the record's type says. */
export type Body =
	| BeginRequestBody
	| EndRequestBody
	| UnknownTypeBody
	| ValuesBody;

/** Bytes of the bodies that have a fixed length (section 8). */
const BODY_LENGTH = 8;

/**
 * The body that a record of this type number has in all of its content; undefined for a type without a body, and where
 * the bytes do not make one.
 */
export function decodeBody(type: number, content: Buffer): Body | undefined {
	switch (type) {
		case 1:
			return decodeBeginRequest(content);
		case 3:
			return decodeEndRequest(content);
		case 9:
		case 10:
			return decodeValues(content);
		case 11:
			return decodeUnknownType(content);
		default:
			return undefined;
	}
}

/** The body of FCGI_BEGIN_REQUEST (section 5.1); undefined where the content is not eight bytes. */
export function decodeBeginRequest(
	content: Buffer,
): BeginRequestBody | undefined {
	if (content.length !== BODY_LENGTH) return undefined;
	const flags = content[2] as number;
	return {
		role: content.readUInt16BE(0),
		flags,
		keepConn: (flags & FCGI_KEEP_CONN) !== 0,
	};
}

/** The body of FCGI_END_REQUEST (section 5.5); undefined where the content is not eight bytes. */
export function decodeEndRequest(content: Buffer): EndRequestBody | undefined {
	if (content.length !== BODY_LENGTH) return undefined;
	return {
		appStatus: content.readUInt32BE(0),
		protocolStatus: content[4] as number,
	};
}

/** The body of FCGI_UNKNOWN_TYPE (section 4.2); undefined where the content is not eight bytes. */
export function decodeUnknownType(
	content: Buffer,
): UnknownTypeBody | undefined {
	if (content.length !== BODY_LENGTH) return undefined;
	return { type: content[0] as number };
}

/** The pairs of FCGI_GET_VALUES or its result (section 4.1); undefined where the content does not end with a pair. */
export function decodeValues(content: Buffer): ValuesBody | undefined {
	const { pairs, leftover } = decodeNameValues(content);
	return leftover.length === 0 ? { pairs } : undefined;
}

/** Content of a FCGI_BEGIN_REQUEST record (section 5.1), reserved bytes zero. A value that does not fit is a RangeError. */
export function encodeBeginRequest(
	body: Pick<BeginRequestBody, "role" | "flags">,
): Buffer {
	const content = Buffer.alloc(BODY_LENGTH);
	content.writeUInt16BE(inRange("role", body.role, 0xffff), 0);
	content[2] = inRange("flags", body.flags, 0xff);
	return content;
}

/** Content of a FCGI_END_REQUEST record (section 5.5), reserved bytes zero. A value that does not fit is a RangeError. */
export function encodeEndRequest(body: EndRequestBody): Buffer {
	const content = Buffer.alloc(BODY_LENGTH);
	content.writeUInt32BE(inRange("appStatus", body.appStatus, 0xffffffff), 0);
	content[4] = inRange("protocolStatus", body.protocolStatus, 0xff);
	return content;
}

/** Content of a FCGI_UNKNOWN_TYPE record (section 4.2), reserved bytes zero. A value that does not fit is a RangeError. */
export function encodeUnknownType(body: UnknownTypeBody): Buffer {
	const content = Buffer.alloc(BODY_LENGTH);
	content[0] = inRange("type", body.type, 0xff);
	return content;
}
