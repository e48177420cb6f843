// The bytes of records as offset, hex and ASCII, with header, content and padding told apart by a word at the end of each
// line. The only file that knows hexy; its addresses are not used, because it has no room for offsets over 4 GiB.

import { hexy } from "hexy";
import { FCGI_HEADER_LEN } from "../fastcgi/constants.js";
import type { FcgiHeader } from "../fastcgi/record.js";
import type { FcgiEvent, RecordEvent } from "../inspect/event.js";
import { NOTHING, type Stage } from "../stage.js";
import type { RenderOptions } from "./options.js";
import { recordHeading } from "./record-heading.js";
import { skippedWords } from "./skipped-words.js";
import { clip } from "./width.js";
import { bytes, type Paint, palette } from "./words.js";

/** The dump of each record under a heading, and what no record was made of. */
export function hex(options: RenderOptions): Stage<FcgiEvent, string> {
	const colors = palette(options.color);
	return {
		push(event) {
			switch (event.kind) {
				case "record":
					return [
						`${colors.heading(recordHeading(event, options.columns))}\n${recordDump(event, options, "")}\n`,
					];
				case "bytesSkipped":
					return [
						`${colors.warning(clip(skippedWords(event), options.columns))}\n${dump(event.firstBytes, event.offset, "skip", "", colors.warning)}\n`,
					];
				default:
					return NOTHING;
			}
		},
		end: () => NOTHING,
	};
}

/** How a dump stands among a format's own lines: below a heading, without one, or as a comment. */
export type DumpStyle = "heading" | "bare" | "comment";

/** A text format with the dump of each record behind what the format says of it. */
export function withHex(
	stage: Stage<FcgiEvent, string>,
	options: RenderOptions,
	style: DumpStyle,
): Stage<FcgiEvent, string> {
	const colors = palette(options.color);
	const prefix = style === "comment" ? "# " : "";
	return {
		push(event) {
			const text = stage.push(event);
			if (event.kind !== "record") return text;
			const dump = recordDump(event, options, prefix);
			if (style !== "heading") return [...text, dump];
			const heading = recordHeading(event, options.columns);
			return [...text, `${colors.dim(heading)}\n${dump}`];
		},
		end: () => stage.end(),
	};
}

/** The eight bytes of a header, put together again from its fields. */
export function headerBytes(header: FcgiHeader): Buffer {
	return Buffer.of(
		header.version,
		header.type,
		header.requestId >> 8,
		header.requestId & 0xff,
		header.contentLength >> 8,
		header.contentLength & 0xff,
		header.paddingLength,
		header.reserved,
	);
}

/** An offset in a stream as eight hex digits, more where it needs more. */
export function hexOffset(offset: number): string {
	return offset.toString(16).padStart(8, "0");
}

function recordDump(
	event: RecordEvent,
	options: RenderOptions,
	prefix: string,
): string {
	const { record } = event;
	const colors = palette(options.color);
	const contentAt = record.offset + FCGI_HEADER_LEN;
	const content = options.content
		? dump(record.contentData, contentAt, "data", prefix, colors.strong)
		: record.contentData.length > 0
			? `${prefix}${hexOffset(contentAt)}  (${bytes(record.contentData.length)} of content left out)\n`
			: "";
	return (
		dump(headerBytes(record), record.offset, "head", prefix, colors.note) +
		content +
		dump(
			record.paddingData,
			contentAt + record.contentLength,
			"pad",
			prefix,
			colors.dim,
		)
	);
}

/** Bytes on a line, as in xxd and Wireshark. */
const LINE = 16;
/** Columns of their digits. */
const HEX_COLUMNS = LINE * 3 - 1;
/** Where hexy puts the ASCII; closer to the digits, it leaves room for the word within eighty columns. */
const HEXY_ASCII_AT = 51;

function dump(
	data: Buffer,
	offset: number,
	label: string,
	prefix: string,
	paint: Paint,
): string {
	if (data.length === 0) return "";
	const lines = hexy(data, {
		bytesPerLine: LINE,
		bytesPerGroup: 1,
		showAddress: false,
	})
		// hexy takes DEL for a printable character.
		.replaceAll("\x7f", ".")
		.split("\n");
	let text = "";
	for (let i = 0; i < lines.length - 1; i++) {
		const line = lines[i] as string;
		const digits = line.slice(0, HEX_COLUMNS);
		const ascii = line.slice(HEXY_ASCII_AT).padEnd(LINE);
		const row = `${prefix}${hexOffset(offset + i * LINE)}  ${digits}  ${ascii} ${label}`;
		text += `${paint(row)}\n`;
	}
	return text;
}
