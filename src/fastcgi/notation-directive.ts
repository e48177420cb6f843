// A directive of the notation: what the one who sends is to do between records.

import { type Peer, RECORD_TYPES } from "./constants.js";
import type { NotationItem } from "./notation-item.js";
import { type NotationScanner, RECORD_TYPE } from "./notation-scanner.js";

/** The longest wait, in milliseconds: timers of JavaScript count in 31 bits, about 24 days. */
const MAX_WAIT_MS = 0x7fffffff;

/** The largest `@split`: pieces as long as the longest record are whole records. */
const MAX_SPLIT = 65_798;

/** A directive from behind its `@`; all of it stands on one line. */
export function parseDirective(
	scanner: NotationScanner,
	line: number,
): NotationItem {
	const start = scanner.at;
	const word = scanner.word();
	scanner.skipBlanks("onThisLine");
	switch (word) {
		case "raw":
			return { kind: "raw", line, bytes: parseHex(scanner) };
		case "wait":
			return { kind: "wait", line, milliseconds: parseDuration(scanner) };
		case "wait-for": {
			failAtLineEnd(scanner, RECORD_TYPE);
			const type = scanner.nameOrNumber(RECORD_TYPE, RECORD_TYPES, 0xff);
			return { kind: "waitFor", line, type };
		}
		case "from": {
			failAtLineEnd(scanner, PEER);
			const from = parsePeer(scanner);
			scanner.skipBlanks("onThisLine");
			const connection = scanner.lineEnded
				? undefined
				: scanner.number(CONNECTION, Number.MAX_SAFE_INTEGER);
			return { kind: "from", line, from, connection };
		}
		case "split": {
			failAtLineEnd(scanner, SPLIT);
			const size = scanner.number(SPLIT, MAX_SPLIT);
			return { kind: "split", line, size };
		}
		case "half-close":
			return { kind: "halfClose", line };
		case "close":
		case "reset":
			return { kind: word, line };
		default:
			return scanner.fail(DIRECTIVES, start);
	}
}

/** What a directive asks for is not to be found on the next line. */
function failAtLineEnd(scanner: NotationScanner, expected: string): void {
	if (scanner.lineEnded) scanner.fail(expected);
}

const DIRECTIVES =
	"raw, wait, wait-for, from, split, half-close, close or reset behind @";
const PEER = "webServer or application";
const CONNECTION = "the number of a connection, or the end of the line";
const SPLIT = `a number of bytes from 1 to ${MAX_SPLIT}, or 0 to write whole records again`;

function parsePeer(scanner: NotationScanner): Peer {
	const start = scanner.at;
	const word = scanner.word();
	return word === "webServer" || word === "application"
		? word
		: scanner.fail(PEER, start);
}

/** Pairs of hexadecimal digits up to the end of the line, with or without blanks between pairs. */
function parseHex(scanner: NotationScanner): Buffer {
	const pieces: Buffer[] = [];
	do {
		const start = scanner.at;
		const digits = scanner.match(HEX);
		if (digits === undefined || digits.length % 2 !== 0) {
			return scanner.fail(HEX_EXPECTED, start);
		}
		pieces.push(Buffer.from(digits, "hex"));
		scanner.skipBlanks("onThisLine");
	} while (!scanner.lineEnded);
	return Buffer.concat(pieces);
}

const HEX = /[0-9A-Fa-f]+(?![0-9A-Za-z])/y;
const HEX_EXPECTED = "bytes as pairs of hexadecimal digits, such as 01 0a ff";

function parseDuration(scanner: NotationScanner): number {
	const start = scanner.at;
	const duration = scanner.match(DURATION);
	if (duration === undefined) return scanner.fail(DURATION_EXPECTED, start);
	const milliseconds = duration.endsWith("ms")
		? Number(duration.slice(0, -2))
		: Number(duration.slice(0, -1)) * 1000;
	return milliseconds <= MAX_WAIT_MS
		? milliseconds
		: scanner.fail(DURATION_EXPECTED, start);
}

const DURATION = /[0-9]+(?:\.[0-9]+)?m?s(?![0-9A-Za-z])/y;
const DURATION_EXPECTED =
	"a time of at most 24 days with its unit, such as 100ms or 1.5s";
