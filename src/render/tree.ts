// Every field of every record: where it stands, its bytes, and how they make the value. Numbers of several bytes are put
// together in the open, as the specification's structs name their bytes (B1, B0).

import { FCGI_HEADER_LEN } from "../fastcgi/constants.js";
import { decodeNameValues } from "../fastcgi/name-values.js";
import type { FcgiEvent, RecordEvent } from "../inspect/event.js";
import type { Finding } from "../inspect/finding.js";
import type { FcgiRequest } from "../inspect/request.js";
import { NOTHING, type Stage } from "../stage.js";
import { placedFindingLines } from "./finding-lines.js";
import type { RenderOptions } from "./options.js";
import { recordHeading } from "./record-heading.js";
import { findingLines, type LineStyle, remarkLine } from "./remark.js";
import { skippedWords } from "./skipped-words.js";
import { bodyFields } from "./tree-body.js";
import { type Field, fieldLines } from "./tree-field.js";
import { headerFields, paddingField } from "./tree-header.js";
import { pairFields } from "./tree-pairs.js";
import { unexpectedWords } from "./unexpected.js";
import { firstCharacters } from "./whole-characters.js";
import { bytes, type Paint, palette, visibleBytes } from "./words.js";

const isDetail = ({ detail }: Finding) => detail;

/** Bytes of a stream's content shown as text: what fits a line; `-x` shows the rest. */
const PREVIEW_BYTES = 64;

/** A heading and a line for each field, for each record. */
export function tree(options: RenderOptions): Stage<FcgiEvent, string> {
	return new Tree(options);
}

class Tree implements Stage<FcgiEvent, string> {
	readonly #options: RenderOptions;
	readonly #style: LineStyle;
	/** For requests whose PARAMS are under way: where in the stream the last whole pair ended. */
	readonly #pairsEnd = new Map<FcgiRequest, number>();
	#first = true;

	constructor(options: RenderOptions) {
		this.#options = options;
		this.#style = { colors: palette(options.color), columns: options.columns };
	}

	push(event: FcgiEvent): readonly string[] {
		switch (event.kind) {
			case "record":
				return [`${this.#gap()}${this.#record(event)}`];
			case "bytesSkipped":
				return [
					`${this.#gap()}${remarkLine(skippedWords(event), "warning", this.#style)}\n${this.#found(event)}`,
				];
			case "requestEnded":
				this.#pairsEnd.delete(event.request);
		}
		const found = this.#found(event);
		return found === "" ? NOTHING : [`${this.#gap()}${found}`];
	}

	end(): readonly string[] {
		return NOTHING;
	}

	/** What was found at something other than a record. */
	#found({ findings }: FcgiEvent): string {
		return placedFindingLines(findings, this.#style)
			.map((line) => `${line}\n`)
			.join("");
	}

	#gap(): string {
		const gap = this.#first ? "" : "\n";
		this.#first = false;
		return gap;
	}

	#record(event: RecordEvent): string {
		const { record } = event;
		const { colors } = this.#style;
		let text = `${colors.heading(recordHeading(event, this.#options.columns))}\n`;
		text += this.#lines(headerFields(record), colors.note);
		text += this.#lines(this.#contentFields(event), colors.strong);
		text += this.#lines(paddingField(record), colors.dim);
		for (const line of this.#remarks(event)) text += `${line}\n`;
		return text;
	}

	#remarks(event: RecordEvent): readonly string[] {
		const { record, unexpected } = event;
		const style = this.#style;
		const remarks: string[] = [];
		if (record.missing > 0) {
			const why = record.truncated ? ", because the input ends here" : "";
			const text = `${bytes(record.missing)} of the record missing${why}`;
			remarks.push(remarkLine(text, "warning", style));
		}
		if (unexpected !== undefined && event.findings.every(isDetail)) {
			const text = `unexpected: ${unexpectedWords(unexpected)}`;
			remarks.push(remarkLine(text, "warning", style));
		}
		for (const finding of event.findings) {
			remarks.push(...findingLines(finding, style));
		}
		return remarks;
	}

	#contentFields(event: RecordEvent): readonly Field[] {
		const { record } = event;
		const offset = record.offset + FCGI_HEADER_LEN;
		switch (record.kind) {
			case "params":
				return this.#paramsFields(event, offset);
			case "getValues":
			case "getValuesResult": {
				const { pairs } = decodeNameValues(record.contentData);
				return pairFields(record.contentData, offset, 0, pairs, 0);
			}
			case "stdin":
			case "data":
			case "stdout":
			case "stderr":
				return [this.#streamField(event, offset)];
			default:
				return bodyFields(record, offset);
		}
	}

	#paramsFields(event: RecordEvent, offset: number): readonly Field[] {
		const { record, request, pairs, streamOffset } = event;
		const whole = this.#streamField(event, offset);
		if (request === undefined || record.contentData.length === 0) {
			return [whole];
		}
		const pairsEnd = this.#pairsEnd.get(request) ?? 0;
		const last = pairs.at(-1);
		if (last !== undefined) {
			const { offset: start, nameLengthBytes, valueLengthBytes } = last;
			this.#pairsEnd.set(
				request,
				start +
					nameLengthBytes +
					valueLengthBytes +
					last.name.length +
					last.value.length,
			);
		}
		const content = record.contentData;
		return [
			whole,
			...pairFields(content, offset, streamOffset, pairs, pairsEnd),
		];
	}

	#streamField(event: RecordEvent, offset: number): Field {
		const { record, streamOffset } = event;
		if (record.contentLength === 0) {
			return {
				offset,
				bytes: record.contentData,
				text: "contentData empty: the stream ends",
			};
		}
		const place = `contentData ${bytes(record.contentLength)}, from byte ${streamOffset} of the stream`;
		const preview =
			this.#options.content && record.kind !== "params"
				? `: "${visibleBytes(firstCharacters(record.contentData, PREVIEW_BYTES))}"`
				: "";
		return { offset, bytes: record.contentData, text: place, value: preview };
	}

	#lines(fields: readonly Field[], paint: Paint): string {
		let text = "";
		for (const field of fields) {
			text += fieldLines(field, this.#options.columns, paint);
		}
		return text;
	}
}
