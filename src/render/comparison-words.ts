// What is not the same in two answers, in words: one line each, fit to be printed.

import { protocolStatusName } from "../fastcgi/constants.js";
import { decodeText } from "../fastcgi/text.js";
import type {
	AnswerEnding,
	Comparison,
	Difference,
	Outcome,
	StreamDifference,
} from "../inspect/comparison.js";
import { wholeCharacters } from "./whole-characters.js";
import { bytes, count, shortName, visible } from "./words.js";

/** `same`, `different`... */
export const OUTCOME_NAMES: Readonly<Record<Outcome, string>> = {
	same: "same",
	different: "different",
	unrecorded: "unrecorded",
	failed: "failed",
	leftOut: "left out",
};

/** Why, and what is not the same. */
export function comparisonLines({
	reason,
	differences,
}: Comparison): readonly string[] {
	return [
		...(reason === undefined ? [] : [visible(reason)]),
		...differences.map(differenceText),
	];
}

/** How many came to what: `12 requests replayed: 11 same, 1 different, 2 left out`. */
export function replaySentence(
	counts: Readonly<Record<Outcome, number>>,
	notSent: number,
): string {
	const { same, different, unrecorded, failed, leftOut } = counts;
	const replayed = same + different + unrecorded + failed;
	const others = [
		[unrecorded, "without a recorded answer"],
		[failed, "failed"],
		[leftOut, "left out"],
		[notSent, "not sent"],
	].flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]));
	const parts = [`${same} same`, `${different} different`, ...others];
	return `${count(replayed, "request")} replayed: ${parts.join(", ")}`;
}

function differenceText(difference: Difference): string {
	switch (difference.kind) {
		case "status":
			return `status: ${sides(difference, (status) => `${status}`)}`;
		case "appStatus":
			return `appStatus: ${sides(difference, (status) => `${status}`)}`;
		case "protocolStatus":
			return `protocolStatus: ${sides(difference, (status) => shortName(protocolStatusName(status)))}`;
		case "header": {
			const { name } = difference;
			const what =
				name === ""
					? "header lines that are no fields"
					: `header ${visible(name)}`;
			return `${what}: ${sides(difference, (value) => `"${visible(shortened(value))}"`)}`;
		}
		case "ending":
			return `end: ${ENDINGS[difference.recorded]} in the recording, ${ENDINGS[difference.replayed]} now`;
		case "noRecord":
			return `bytes that are no records came: ${excerpt(difference.replayed)}`;
		default:
			return streamText(difference);
	}
}

/** Characters of a header field's value that are shown. */
const VALUE_CHARACTERS = 120;

function shortened(value: string): string {
	return value.length <= VALUE_CHARACTERS
		? value
		: `${value.slice(0, VALUE_CHARACTERS)}...`;
}

const ENDINGS: Readonly<Record<AnswerEnding, string>> = {
	ended: "END_REQUEST",
	closed: "the application closed the connection",
	unknown: "not known",
};

function sides<T>(
	{
		recorded,
		replayed,
	}: { readonly recorded: T | undefined; readonly replayed: T | undefined },
	text: (value: T) => string,
): string {
	const side = (value: T | undefined) =>
		value === undefined ? "none" : text(value);
	return `${side(recorded)} in the recording, ${side(replayed)} now`;
}

const STREAMS: Readonly<Record<StreamDifference["kind"], string>> = {
	body: "body",
	stdout: "STDOUT",
	stderr: "STDERR",
};

function streamText(difference: StreamDifference): string {
	const { kind, at, recorded, replayed } = difference;
	const { recordedBytes, replayedBytes } = difference;
	const lengths =
		recordedBytes === undefined || recordedBytes === replayedBytes
			? ""
			: ` (${bytes(recordedBytes)}, ${replayedBytes} now)`;
	return `${STREAMS[kind]} from byte ${at} on: ${excerpt(recorded)} in the recording, ${excerpt(replayed)} now${lengths}`;
}

function excerpt(part: Buffer): string {
	if (part.length === 0) return "its end";
	// What is no text ends where it ends.
	const whole = part.subarray(0, wholeCharacters(part) || part.length);
	return `"${visible(decodeText(whole).text)}"`;
}
