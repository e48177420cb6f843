// The one place that puts names, counts, sizes and times into words, makes the characters of traffic fit to be printed,
// and colours. Everything that came from traffic passes through `visible` before a text format prints it.

import kleur from "kleur";
import { type Peer, recordTypeName } from "../fastcgi/constants.js";
import { decodeText } from "../fastcgi/text.js";
import type { Connection } from "../inspect/chunk.js";
import type { Severity } from "../inspect/finding.js";

/** Colours a text, or leaves it as it is. */
export type Paint = (text: string) => string;

/** What colours are used for. They repeat what the words say. */
export interface Palette {
	readonly heading: Paint;
	readonly toApplication: Paint;
	readonly fromApplication: Paint;
	readonly dim: Paint;
	readonly strong: Paint;
	readonly good: Paint;
	readonly error: Paint;
	readonly warning: Paint;
	readonly note: Paint;
}

const plain: Paint = (text) => text;

const PLAIN: Palette = {
	heading: plain,
	toApplication: plain,
	fromApplication: plain,
	dim: plain,
	strong: plain,
	good: plain,
	error: plain,
	warning: plain,
	note: plain,
};

const COLORS: Palette = {
	heading: (text) => kleur.bold().magenta(text),
	toApplication: (text) => kleur.cyan(text),
	fromApplication: (text) => kleur.green(text),
	dim: (text) => kleur.gray(text),
	strong: (text) => kleur.bold(text),
	good: (text) => kleur.green(text),
	error: (text) => kleur.bold().red(text),
	warning: (text) => kleur.yellow(text),
	note: (text) => kleur.blue(text),
};

/** The palette of `RenderOptions.color`. */
export function palette(color: boolean): Palette {
	if (!color) return PLAIN;
	// kleur has its own idea of when to colour, and looks at stdout and the environment only.
	kleur.enabled = true;
	return COLORS;
}

/** The colour of an HTTP status. */
export function statusPaint(status: number, colors: Palette): Paint {
	if (status >= 500) return colors.error;
	if (status >= 400) return colors.warning;
	return colors.good;
}

/** The characters that move, hide or reorder what is printed: Unicode's controls, formats, separators, lone surrogates. */
const UNFIT = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\u2800]/u;
const UNFIT_ALL = new RegExp(UNFIT, "gu");
const UNFIT_OR_BACKSLASHES = new RegExp(`\\\\+|${UNFIT.source}`, "gu");
/** What, behind a backslash, would be read as one of our escapes. */
const READS_AS_ESCAPE = /^(?:[nrt]|x[0-9a-f]{2}|u\{[0-9a-f]+\})/;

/**
 * A text fit for a terminal: `\n`, `\r`, `\t`, `\x1b` and `\u{202e}` in place of what must not be printed. A backslash
 * stays as it is, except where the result could be mistaken for an escape; there it is doubled.
 */
export function visible(text: string): string {
	if (!UNFIT.test(text) && !text.includes("\\")) return text;
	return text.replace(UNFIT_OR_BACKSLASHES, (found, at: number) => {
		if (!found.startsWith("\\")) return escaped(found);
		const rest = text.slice(at + found.length, at + found.length + 12);
		const single =
			found.length === 1 && !READS_AS_ESCAPE.test(rest) && !startsUnfit(rest);
		return single ? found : found + found;
	});
}

/** A text in which what comes from traffic is quoted already, fit for a terminal: its backslashes are of its own escapes. */
export function visibleEvidence(text: string): string {
	return UNFIT.test(text) ? text.replace(UNFIT_ALL, escaped) : text;
}

/** Bytes as text fit for a terminal: UTF-8, else latin1. */
export function visibleBytes(bytes: Buffer): string {
	return visible(decodeText(bytes).text);
}

function startsUnfit(text: string): boolean {
	const code = text.codePointAt(0);
	return code !== undefined && UNFIT.test(String.fromCodePoint(code));
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
	"\n": "\\n",
	"\r": "\\r",
	"\t": "\\t",
};

function escaped(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	const hex = code.toString(16);
	return (
		SHORT_ESCAPES[character] ??
		(code < 0x100 ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`)
	);
}

/** A count with its noun: `1 record`, `2 records`. */
export function count(
	number: number,
	noun: string,
	plural = `${noun}s`,
): string {
	return `${number} ${number === 1 ? noun : plural}`;
}

/** `1 byte`, `612 bytes`. */
export function bytes(number: number): string {
	return count(number, "byte");
}

/** A size in at most five characters: `612`, `12.5k`, `300k`, `2.0M`; k, M and G are powers of 1,000. */
export function shortSize(number: number): string {
	if (number < 10_000) return String(number);
	let size = number;
	for (const unit of ["k", "M", "G"]) {
		size /= 1000;
		if (size < 99.95) return `${size.toFixed(1)}${unit}`;
		if (size < 9999.5) return `${size.toFixed(0)}${unit}`;
	}
	return `${(size / 1000).toFixed(0)}T`;
}

/** A length of time: `0.123 ms`, `12.3 ms`, `1.234 s`, `2 min 5 s`. */
export function duration(seconds: number): string {
	const ms = seconds * 1000;
	if (Math.abs(ms) < 0.9995) return `${ms.toFixed(3)} ms`;
	if (Math.abs(ms) < 99.95) return `${ms.toFixed(1)} ms`;
	if (Math.abs(ms) < 999.5) return `${ms.toFixed(0)} ms`;
	if (Math.abs(seconds) < 59.9995) return `${seconds.toFixed(3)} s`;
	const whole = Math.round(seconds);
	const minutes = Math.trunc(whole / 60);
	return `${minutes} min ${Math.abs(whole % 60)} s`;
}

/** Milliseconds either side of 1970 that a `Date` can hold. */
const MAX_DATE_MS = 8.64e15;

/** The time of day, in the time zone of the process: `12:40:19.545`. */
export function timeOfDay(unixSeconds: number): string {
	const date = dateOf(unixSeconds);
	if (date === undefined) return "??:??:??";
	return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** The day and the offset of its zone: `2024-01-09, UTC+01:00`. */
export function day(unixSeconds: number): string {
	const date = dateOf(unixSeconds);
	if (date === undefined) return "no date";
	const offset = -date.getTimezoneOffset();
	const minutes = Math.abs(offset);
	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}, UTC${offset < 0 ? "-" : "+"}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
}

function dateOf(unixSeconds: number): Date | undefined {
	const ms = Math.floor(unixSeconds * 1000 + 1e-3);
	return Math.abs(ms) <= MAX_DATE_MS ? new Date(ms) : undefined;
}

function two(number: number): string {
	return number < 10 ? `0${number}` : String(number);
}

const SHORT_TYPE_NAMES: readonly string[] = Array.from(
	{ length: 256 },
	(_, type) => shortName(recordTypeName(type)),
);

/** A record type without its prefix: `BEGIN_REQUEST`, `TYPE_77`. */
export function typeName(type: number): string {
	return SHORT_TYPE_NAMES[type] ?? `TYPE_${type}`;
}

/** One of the specification's names without `FCGI_`. */
export function shortName(name: string): string {
	return name.startsWith("FCGI_") ? name.slice(5) : name;
}

/** The two ends: `127.0.0.1:40000 > 127.0.0.1:9000`, or `connection 3` where the input has no addresses. */
export function ends(connection: Connection): string {
	return hasAddress(connection)
		? endsWith(connection, ">")
		: `connection ${connection.number}`;
}

/** Who speaks: as `ends`, with `<` in the middle where it is the application; `connection 3 <` without addresses. */
export function way(connection: Connection, from: Peer): string {
	return hasAddress(connection)
		? endsWith(connection, ARROWS[from])
		: `connection ${connection.number} ${ARROWS[from]}`;
}

/** The mark of a direction: to the application, or from it. */
export const ARROWS: Readonly<Record<Peer, string>> = {
	webServer: ">",
	application: "<",
};

/** An end of a connection, in a sentence. */
export const PEER_NAMES: Readonly<Record<Peer, string>> = {
	webServer: "the web server",
	application: "the application",
};

function hasAddress(connection: Connection): boolean {
	return (
		connection.webServer !== undefined || connection.application !== undefined
	);
}

function endsWith(connection: Connection, arrow: string): string {
	return `${visible(connection.webServer ?? "web server")} ${arrow} ${visible(connection.application ?? "application")}`;
}

/** The letter that goes with a severity's colour. */
export const SEVERITY_LETTERS: Readonly<Record<Severity, string>> = {
	error: "E",
	warning: "W",
	note: "N",
};
