// The content of a record in the notation into bytes: a string, a body in braces in the order of the specification's
// structs (sections 4.2, 5.1 and 5.5), or a list of name-value pairs in brackets.

import {
	encodeBeginRequest,
	encodeEndRequest,
	encodeUnknownType,
} from "./body.js";
import {
	FCGI_KEEP_CONN,
	FCGI_MAX_LENGTH,
	PROTOCOL_STATUSES,
	RECORD_TYPES,
	ROLES,
	recordType,
} from "./constants.js";
import { encodeNameValue } from "./name-values.js";
import { type NotationScanner, RECORD_TYPE } from "./notation-scanner.js";

/** How content is asked for. */
export const CONTENT =
	"a string, a body in braces, pairs in brackets or a header field such as padding=";

/**
 * The content that starts at the next character of a record of this type: a string, a body in braces or a list of pairs
 * in brackets. Anything else is a mistake.
 */
export function parseContent(scanner: NotationScanner, type: number): Buffer {
	const start = scanner.at;
	const content = parseAnyContent(scanner, type);
	if (content.length <= FCGI_MAX_LENGTH) return content;
	return scanner.refuse(
		`${content.length} bytes of content, a record has room for ${FCGI_MAX_LENGTH}`,
		start,
	);
}

function parseAnyContent(scanner: NotationScanner, type: number): Buffer {
	switch (scanner.next) {
		case '"':
			return scanner.string();
		case "{":
			return parseBody(scanner, type);
		case "[":
			return parsePairs(scanner);
		default:
			return scanner.fail(CONTENT);
	}
}

/** A body in braces, for the types that have one of fixed length; its parts are in the order of the structs. */
function parseBody(scanner: NotationScanner, type: number): Buffer {
	const start = scanner.at;
	scanner.expect("{", "a body");
	let content: Buffer;
	switch (recordType(type)?.kind) {
		case "beginRequest": {
			const role = scanner.nameOrNumber(ROLE, ROLES, 0xffff);
			scanner.expect(",", "a comma and the flags");
			const flags = scanner.nameOrNumber(FLAGS, FLAG_NAMES, 0xff);
			content = encodeBeginRequest({ role, flags });
			break;
		}
		case "endRequest": {
			const appStatus = scanner.number(APP_STATUS, 0xffffffff);
			scanner.expect(",", "a comma and the protocolStatus");
			const protocolStatus = scanner.nameOrNumber(
				PROTOCOL_STATUS,
				PROTOCOL_STATUSES,
				0xff,
			);
			content = encodeEndRequest({ appStatus, protocolStatus });
			break;
		}
		case "unknownType":
			content = encodeUnknownType({
				type: scanner.nameOrNumber(RECORD_TYPE, RECORD_TYPES, 0xff),
			});
			break;
		default:
			return scanner.fail(
				"a string or pairs in brackets, because this type has no body in braces",
				start,
			);
	}
	scanner.expect("}", "the body's closing brace");
	return content;
}

const ROLE =
	"a role (FCGI_RESPONDER, FCGI_AUTHORIZER, FCGI_FILTER or a number from 0 to 65535)";
const FLAGS = "flags (FCGI_KEEP_CONN or a number from 0 to 255)";
const FLAG_NAMES = [
	{ name: "FCGI_KEEP_CONN", number: FCGI_KEEP_CONN },
] as const;
const APP_STATUS =
	"the appStatus as a number from 0 to 4294967295, the protocolStatus behind it";
const PROTOCOL_STATUS =
	"a protocolStatus (FCGI_REQUEST_COMPLETE, FCGI_CANT_MPX_CONN, FCGI_OVERLOADED, FCGI_UNKNOWN_ROLE or a number from 0 to 255)";

/** A list of name-value pairs in brackets: `[NAME="value", "odd name"="", FCGI_MAX_CONNS]`. */
function parsePairs(scanner: NotationScanner): Buffer {
	scanner.expect("[", "a list");
	const pairs: Buffer[] = [];
	if (scanner.accept("]")) return Buffer.concat(pairs);
	do {
		scanner.skipBlanks();
		const name =
			scanner.next === '"'
				? scanner.string()
				: (scanner.word() ?? scanner.fail("a name, as a word or a string"));
		const value = scanner.accept("=") ? parseString(scanner) : "";
		pairs.push(encodeNameValue(name, value));
	} while (scanner.accept(","));
	scanner.expect("]", "a comma or the closing bracket");
	return Buffer.concat(pairs);
}

function parseString(scanner: NotationScanner): Buffer {
	scanner.skipBlanks();
	return scanner.next === '"' ? scanner.string() : scanner.fail("a string");
}
