// Short ways to write chunks and records in tests of the inspector.

import type { Peer } from "../../src/fastcgi/constants.js";
import { parseNotation } from "../../src/fastcgi/notation-parser.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import type { Chunk, Connection } from "../../src/inspect/chunk.js";
import type { FcgiEvent } from "../../src/inspect/event.js";
import { Inspector } from "../../src/inspect/inspector.js";

/** A connection whose start was seen. */
export function newConnection(
	number = 0,
	fields: Partial<Connection> = {},
): Connection {
	return { number, startSeen: true, ...fields };
}

/** Records in the specification's notation, as bytes; more than one may stand on a line. */
export function bytesOf(notation: string): Buffer {
	return Buffer.concat(
		parseNotation(notation.replaceAll("} {", "}\n{")).map((item) => {
			if (item.kind !== "record") throw new Error(`not a record: ${item.kind}`);
			return encodeRecord(item.draft);
		}),
	);
}

/** A chunk; `bytes` may be given in the notation. */
export function newChunk(
	connection: Connection,
	from: Peer,
	bytes: Buffer | string,
	fields: Partial<Chunk> = {},
): Chunk {
	return {
		connection,
		from,
		bytes: typeof bytes === "string" ? bytesOf(bytes) : bytes,
		timestamp: undefined,
		frame: undefined,
		missingBefore: 0,
		closes: undefined,
		...fields,
	};
}

/** All events of some chunks. */
export function eventsOf(chunks: readonly Chunk[]): FcgiEvent[] {
	const inspector = new Inspector();
	const events = chunks.flatMap((chunk) => [...inspector.push(chunk)]);
	return [...events, ...inspector.end()];
}

/** The events of one kind. */
export function ofKind<Kind extends FcgiEvent["kind"]>(
	events: readonly FcgiEvent[],
	kind: Kind,
): (FcgiEvent & { kind: Kind })[] {
	return events.filter(
		(event): event is FcgiEvent & { kind: Kind } => event.kind === kind,
	);
}

/** What a web server sends for the simplest request. */
export const REQUEST = `{FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, FCGI_KEEP_CONN}}
{FCGI_PARAMS, 1, [REQUEST_METHOD="GET"]}
{FCGI_PARAMS, 1, ""}
{FCGI_STDIN, 1, ""}`;

/** What an application answers. */
export const RESPONSE = `{FCGI_STDOUT, 1, "Content-type: text/plain\\r\\n\\r\\nhello"}
{FCGI_END_REQUEST, 1, {0, FCGI_REQUEST_COMPLETE}}`;
