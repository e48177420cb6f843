// What the conversation says of single records: management records, the ends of input streams, what has no place, what is
// cut off.

import type { NameValue } from "../fastcgi/name-values.js";
import { decodeText } from "../fastcgi/text.js";
import type { RecordEvent } from "../inspect/event.js";
import { pairsText } from "./pairs-text.js";
import { type LineStyle, remarkLine } from "./remark.js";
import { unexpectedWords } from "./unexpected.js";
import { wholeCharacters } from "./whole-characters.js";
import { cut } from "./width.js";
import { ARROWS, bytes, count, typeName, visible } from "./words.js";

/** A management record and its values (section 4). */
export function managementLine(event: RecordEvent, style: LineStyle): string {
	const { record, from } = event;
	let text = typeName(record.type);
	switch (record.kind) {
		case "getValues":
		case "getValuesResult":
			text += `  ${valuesText(record.body?.pairs)}`;
			break;
		case "unknownType":
			text +=
				record.body === undefined
					? ""
					: `  the application does not know record type ${record.body.type}`;
			break;
		default:
			text += `  id ${record.requestId}, ${bytes(record.contentLength)}`;
	}
	return directed(from, text, style);
}

/** The end of STDIN or DATA: how much it was. */
export function streamEndLine(
	event: RecordEvent,
	records: number,
	start: Buffer,
	style: LineStyle,
): string {
	const size = event.streamOffset;
	const text = streamText(size, records) + startText(start, size);
	return directed(event.from, `${typeName(event.record.type)}  ${text}`, style);
}

/** How a stream of `size` bytes begins, if it is text: `: name=Zo…`. */
export function startText(start: Buffer, size: number): string {
	if (start.length === 0 || start.some(isBinary)) return "";
	const { text, latin1 } = decodeText(
		start.subarray(0, wholeCharacters(start)),
	);
	if (latin1) return "";
	return `: ${visible(text)}${size > start.length ? "…" : ""}`;
}

/** Whether a byte is a control character other than tab, line feed and carriage return. */
function isBinary(byte: number): boolean {
	return byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;
}

/** `5034 bytes in 2 records`, or `empty`. */
export function streamText(contentBytes: number, records: number): string {
	return records === 0
		? "empty"
		: `${bytes(contentBytes)} in ${count(records, "record")}`;
}

/** A record that has no place where it stands, and why. */
export function unexpectedText(event: RecordEvent): string {
	const { record, from } = event;
	const reason =
		event.unexpected === undefined ? "" : unexpectedWords(event.unexpected);
	return `unexpected ${ARROWS[from]} ${typeName(record.type)}, id ${record.requestId}, ${bytes(record.contentLength)}: ${reason}`;
}

/** A record that is not whole. */
export function cutOffLine(event: RecordEvent, style: LineStyle): string {
	const { record, from } = event;
	const what = `${ARROWS[from]} ${typeName(record.type)}, ${bytes(record.contentLength)}`;
	const ofContent = record.contentLength - record.contentData.length;
	const missing =
		ofContent > 0
			? `${bytes(ofContent)} of it missing`
			: `${bytes(record.missing)} of its padding missing`;
	const text = record.truncated
		? `the input ends inside ${what}: ${missing}`
		: `${what}: ${missing}`;
	return remarkLine(text, "warning", style);
}

function directed(
	from: RecordEvent["from"],
	text: string,
	style: LineStyle,
): string {
	const { colors, columns } = style;
	const paint =
		from === "webServer" ? colors.toApplication : colors.fromApplication;
	const room = columns === undefined ? undefined : columns - 2;
	return `${paint(ARROWS[from])} ${cut(text, room)}`;
}

function valuesText(pairs: readonly NameValue[] | undefined): string {
	if (pairs === undefined) return "(its pairs cannot be read)";
	return pairs.length === 0 ? "(no values)" : pairsText(pairs);
}
