// Findings as comments on packets: one line each, in which nothing is left that a terminal would obey.

import type { Finding } from "../../inspect/finding.js";
import { NOTHING } from "../../stage.js";
import { MAX_OPTION_LENGTH } from "./pcapng-blocks.js";

/** Comments on one packet: more than a person reads, and together less than a block may be long. */
const MAX_COMMENTS = 100;

/** The comments that say some findings; details, which only a view of all fields shows, are left out. */
export function findingComments(
	findings: readonly Finding[],
): readonly Buffer[] {
	if (findings.length === 0) return NOTHING;
	const told = findings.filter(({ detail }) => !detail);
	const texts = told.slice(0, MAX_COMMENTS).map(textOf);
	const more = told.length - texts.length;
	if (more > 0) texts.push(`${more} more findings at this packet`);
	return texts.map(commentOf);
}

/** A text as a comment: whole characters, as many as fit. */
export function commentOf(text: string): Buffer {
	const bytes = Buffer.from(printable(text));
	if (bytes.length <= MAX_OPTION_LENGTH) return bytes;
	let end = MAX_OPTION_LENGTH;
	// The bytes within a character start with the bits 10.
	while (((bytes[end] as number) & 0xc0) === 0x80) end--;
	return bytes.subarray(0, end);
}

/** A text without anything that a terminal would obey. */
export function printable(text: string): string {
	return text.replace(
		/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
		(character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
	);
}

function textOf(finding: Finding): string {
	const { severity, code, request, connection, message, section } = finding;
	const where =
		request === undefined ? `connection ${connection}` : `request ${request}`;
	const judgedBy = section === undefined ? "" : ` [section ${section}]`;
	return `${severity} ${code}, ${where}: ${message}${judgedBy}`;
}
