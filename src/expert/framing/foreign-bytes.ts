// Bytes of another protocol where FastCGI was meant: the first of a direction, which begin no record, and no record follows
// them.

import { FCGI_HEADER_LEN, FCGI_VERSION_1 } from "../../fastcgi/constants.js";
import type { BytesSkippedEvent } from "../../inspect/event.js";
import type { ConnectionFacts } from "../../inspect/facts.js";
import { hex } from "../evidence.js";
import { counted, quoted } from "../words.js";
import { protocolOf } from "./protocol.js";

/** Whether these are the first bytes of their direction, whole, and no record came. */
export function isAllThereIs(
	event: BytesSkippedEvent,
	facts: ConnectionFacts,
): boolean {
	return (
		event.reason === "noRecord" &&
		event.offset === 0 &&
		event.until !== "record" &&
		!mayBeCutHeader(event.firstBytes) &&
		facts.connection.startSeen &&
		facts.last(event.from) === undefined
	);
}

/** Whether these may be the start of a record's header that did not get through. */
function mayBeCutHeader(bytes: Buffer): boolean {
	return bytes.length < FCGI_HEADER_LEN && bytes[0] === FCGI_VERSION_1;
}

/** The bytes as text, with dots for what is none. */
function readable(bytes: Buffer): string {
	return bytes.toString("latin1").replace(/[^\t\r\n -~]/g, ".");
}

/** The evidence: which protocol it is, and the bytes as text and in hex. */
export function whatItIs({ firstBytes, length }: BytesSkippedEvent): string {
	const name = protocolOf(firstBytes) ?? "no protocol that is known here";
	const which =
		length > firstBytes.length
			? `the first of ${length} bytes are`
			: `the ${counted(length, "byte")} are`;
	return `${name}: ${which} ${quoted(readable(firstBytes))} (${hex(firstBytes)})`;
}
