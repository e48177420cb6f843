// Which requests of a recording are meant: `2,4-6`, or `7-` for all from there on.

import { FcgiInspectError } from "../../errors.js";
import { quoted } from "../quoted.js";

/** Numbers of requests. */
export interface RequestNumbers {
	has(number: number): boolean;
	/** Throws FcgiInspectError where one is named that a recording of so many requests does not have. */
	refuseBeyond(total: number): void;
}

/** All that there are. */
export const ALL_REQUESTS: RequestNumbers = {
	has: () => true,
	refuseBeyond: () => undefined,
};

/** The numbers that a text names. Throws FcgiInspectError. */
export function requestNumbers(texts: readonly string[]): RequestNumbers {
	const ranges = texts.flatMap((text) => text.split(",")).map(rangeOf);
	return {
		has: (number) =>
			ranges.some(({ from, to }) => number >= from && number <= to),
		refuseBeyond(total) {
			for (const { from, to } of ranges) {
				const beyond = to === Number.POSITIVE_INFINITY ? from : to;
				if (beyond <= total) continue;
				throw new FcgiInspectError(
					"usage",
					`there is no request ${beyond}: the recording has ${total === 1 ? "1 request" : `${total} requests`}`,
				);
			}
		},
	};
}

interface Range {
	readonly from: number;
	readonly to: number;
}

function rangeOf(text: string): Range {
	const [, first, dash, last] =
		/^ *(\d{1,9})(?: *(-) *(\d{1,9})?)? *$/.exec(text) ?? [];
	const from = Number(first ?? 0);
	const to =
		dash === undefined
			? from
			: last === undefined
				? Number.POSITIVE_INFINITY
				: Number(last);
	if (from >= 1 && to >= from) return { from, to };
	throw new FcgiInspectError(
		"usage",
		`${quoted(text)} is no number of a request: 3, 2,4-6, or 7- for all from there on`,
	);
}
