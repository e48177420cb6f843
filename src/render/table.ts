// The packet list: a line for each record, in columns of fixed width, written as the records come.

import { FCGI_NULL_REQUEST_ID } from "../fastcgi/constants.js";
import type { FcgiEvent, RecordEvent } from "../inspect/event.js";
import { NOTHING, type Stage } from "../stage.js";
import { placedFindingLines } from "./finding-lines.js";
import type { RenderOptions } from "./options.js";
import { recordInfo } from "./record-info.js";
import type { LineStyle } from "./remark.js";
import { skippedWords } from "./skipped-words.js";
import { clip } from "./width.js";
import { ARROWS, type Palette, palette, typeName } from "./words.js";

/** Number, seconds since the first record, direction, connection and request, type, length and padding, what it says. */
export function table(options: RenderOptions): Stage<FcgiEvent, string> {
	return new Table(options);
}

const HEAD = row("No.", "Time", " ", "Conn/Req", "Type", "Length", "Info");
/** Columns in front of the last one. */
const BEFORE_INFO = HEAD.length - "Info".length;

class Table implements Stage<FcgiEvent, string> {
	readonly #options: RenderOptions;
	readonly #colors: Palette;
	readonly #style: LineStyle;
	readonly #infoColumns: number | undefined;
	#startedAt: number | undefined;
	#headDone = false;

	constructor(options: RenderOptions) {
		this.#options = options;
		this.#colors = palette(options.color);
		this.#style = { colors: this.#colors, columns: options.columns };
		this.#infoColumns =
			options.columns === undefined
				? undefined
				: Math.max(options.columns - BEFORE_INFO, 8);
	}

	push(event: FcgiEvent): readonly string[] {
		const text = this.#line(event);
		// What was found at a record stands in its line.
		const findings = event.kind === "record" ? NOTHING : event.findings;
		const lines = placedFindingLines(findings, this.#style);
		if (text === "" && lines.length === 0) return NOTHING;
		return [
			`${this.#head()}${text}${lines.map((line) => `${line}\n`).join("")}`,
		];
	}

	#line(event: FcgiEvent): string {
		if (event.kind === "record") return this.#record(event);
		if (event.kind !== "bytesSkipped") return "";
		const line = row(
			"-",
			this.#time(event.timestamp),
			ARROWS[event.from],
			String(event.connection.number),
			event.reason === "missing" ? "(missing)" : "(skipped)",
			String(event.length),
			clip(skippedWords(event), this.#infoColumns),
		);
		return `${this.#colors.warning(line)}\n`;
	}

	end(): readonly string[] {
		return NOTHING;
	}

	#head(): string {
		if (this.#headDone) return "";
		this.#headDone = true;
		return `${this.#colors.strong(HEAD)}\n`;
	}

	#record(event: RecordEvent): string {
		const { record, connection, request } = event;
		const line = row(
			String(event.number),
			this.#time(event.timestamp),
			ARROWS[event.from],
			request !== undefined
				? `${connection.number}/#${request.number}`
				: record.requestId === FCGI_NULL_REQUEST_ID
					? String(connection.number)
					: `${connection.number}/id ${record.requestId}`,
			typeName(record.type),
			record.paddingLength === 0
				? String(record.contentLength)
				: `${record.contentLength}+${record.paddingLength}`,
			clip(recordInfo(event, this.#options.content), this.#infoColumns),
		).trimEnd();
		return `${this.#paint(event)(line)}\n`;
	}

	#paint(event: RecordEvent): (text: string) => string {
		const colors = this.#colors;
		if (event.findings.some((finding) => finding.severity === "error")) {
			return colors.error;
		}
		if (event.unexpected !== undefined || event.record.missing > 0) {
			return colors.warning;
		}
		return event.from === "webServer"
			? colors.toApplication
			: colors.fromApplication;
	}

	#time(timestamp: number | undefined): string {
		if (timestamp === undefined) return "-";
		this.#startedAt ??= timestamp;
		return (timestamp - this.#startedAt).toFixed(6);
	}
}

function row(
	number: string,
	time: string,
	arrow: string,
	request: string,
	type: string,
	length: string,
	info: string,
): string {
	return `${number.padStart(5)} ${time.padStart(10)} ${arrow} ${request.padEnd(8)} ${`${type.padEnd(13)} ${length}`.padEnd(23)} ${info}`;
}
