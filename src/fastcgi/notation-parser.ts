// A text in the notation into record drafts and directives: the notation of the specification's appendix B, with names
// or numbers, lists of name-value pairs, overrides of header fields, comments, and directives for the one who sends.

import {
	FCGI_MAX_LENGTH,
	FCGI_NULL_REQUEST_ID,
	RECORD_TYPES,
} from "./constants.js";
import { CONTENT, parseContent } from "./notation-content.js";
import { parseDirective } from "./notation-directive.js";
import type { NotationItem } from "./notation-item.js";
import { NotationScanner, RECORD_TYPE } from "./notation-scanner.js";
import type { RecordDraft } from "./record.js";

/**
 * The items of a text, in order. A mistake in it is a FcgiInspectError with the code `notation`: its message names line
 * and column and what was expected, and shows the line with a caret under the place.
 */
export function parseNotation(text: string): readonly NotationItem[] {
	const reader = new NotationReader(text);
	const items: NotationItem[] = [];
	for (let item = reader.next(); item !== undefined; item = reader.next()) {
		items.push(item);
	}
	return items;
}

/** Reads the items of a text one by one, from any of them on; mistakes are those of {@link parseNotation}. */
export class NotationReader {
	readonly #scanner: NotationScanner;

	/** Lines are counted from `at` on, a place that a reader has stood at. */
	constructor(text: string, at = 0) {
		this.#scanner = new NotationScanner(text, at);
	}

	/** The place of the next item, or of blanks in front of it. */
	get at(): number {
		return this.#scanner.at;
	}

	/** The next item; undefined where there is none. */
	next(): NotationItem | undefined {
		const scanner = this.#scanner;
		scanner.skipBlanks();
		if (scanner.ended) return undefined;
		const item = parseItem(scanner);
		scanner.skipBlanks("onThisLine");
		if (!scanner.lineEnded) scanner.fail("the end of the line");
		return item;
	}
}

function parseItem(scanner: NotationScanner): NotationItem {
	const line = scanner.line;
	if (scanner.accept("{")) {
		return { kind: "record", line, draft: parseRecord(scanner) };
	}
	if (scanner.accept("@")) return parseDirective(scanner, line);
	return scanner.fail("a record in braces, or a directive with @");
}

type Draft = { -readonly [Field in keyof RecordDraft]: RecordDraft[Field] };

/** A record from behind its opening brace to its closing one. */
function parseRecord(scanner: NotationScanner): RecordDraft {
	const type = scanner.nameOrNumber(RECORD_TYPE, RECORD_TYPES, 0xff);
	scanner.expect(",", "a comma and the request id");
	const requestId = scanner.nameOrNumber(REQUEST_ID, NULL_ID, 0xffff);
	const draft: Draft = { type, requestId };
	if (scanner.accept(",")) {
		scanner.skipBlanks();
		if (!parseOverride(scanner, draft, CONTENT)) {
			draft.contentData = parseContent(scanner, type);
		}
	}
	while (scanner.accept(",")) {
		if (!parseOverride(scanner, draft, OVERRIDE)) scanner.fail(OVERRIDE);
	}
	scanner.expect("}", "a comma or the closing brace");
	return draft;
}

const REQUEST_ID = "a request id from 0 to 65535";
const NULL_ID = [
	{ name: "FCGI_NULL_REQUEST_ID", number: FCGI_NULL_REQUEST_ID },
] as const;

/** A header field that says what it is told: `padding=5`. False, with nothing passed, where no word starts. */
function parseOverride(
	scanner: NotationScanner,
	draft: Draft,
	expected: string,
): boolean {
	scanner.skipBlanks();
	const start = scanner.at;
	const word = scanner.word();
	if (word === undefined) return false;
	const field = OVERRIDES.find(({ name }) => name === word);
	if (field === undefined) return scanner.fail(expected, start);
	if (draft[field.sets] !== undefined) {
		scanner.refuse(`${word}= is given twice`, start);
	}
	scanner.expect("=", `= behind ${word}`);
	scanner.skipBlanks();
	if (field.sets === "paddingData") {
		draft.paddingData = parsePadding(scanner);
	} else {
		const number = `a number from 0 to ${field.most}`;
		draft[field.sets] = scanner.number(number, field.most);
	}
	return true;
}

/** Padding bytes: so many zeros, or those of a string. */
function parsePadding(scanner: NotationScanner): Buffer {
	const start = scanner.at;
	if (scanner.next !== '"') {
		return Buffer.alloc(scanner.number(PADDING, MAX_PADDING));
	}
	const padding = scanner.string();
	if (padding.length <= MAX_PADDING) return padding;
	return scanner.refuse(
		`${padding.length} bytes of padding, a record has room for ${MAX_PADDING}`,
		start,
	);
}

/** What the header's one byte can say. */
const MAX_PADDING = 0xff;
const PADDING = "a number from 0 to 255 (of zero bytes) or a string";
const OVERRIDES = [
	{ name: "version", sets: "version", most: 0xff },
	{ name: "contentLength", sets: "contentLength", most: FCGI_MAX_LENGTH },
	{ name: "padding", sets: "paddingData", most: MAX_PADDING },
	{ name: "paddingLength", sets: "paddingLength", most: MAX_PADDING },
	{ name: "reserved", sets: "reserved", most: 0xff },
] as const;
const OVERRIDE =
	"version=, contentLength=, padding=, paddingLength= or reserved=";
