// What the streams at hand can show: colour, and how wide.

import { FcgiInspectError } from "../errors.js";
import type { LineStyle } from "../render/remark.js";
import { palette } from "../render/words.js";

/** When to colour, as `--color` takes it. */
export type ColorChoice = "auto" | "always" | "never";

/** What `--color` says. Throws FcgiInspectError where it is none of the three. */
export function colorChoice(text: string): ColorChoice {
	if (text === "auto" || text === "always" || text === "never") return text;
	throw new FcgiInspectError(
		"usage",
		`--color takes auto, always or never, and not '${text}'`,
	);
}

/** What has to be known of a stream that people may look at. */
export interface OutputStream {
	readonly isTTY?: boolean;
	readonly columns?: number;
}

/** How lines are printed on stdout, given `--color`. */
export function stdoutStyle(color: string): LineStyle {
	const { stdout, env } = process;
	return {
		columns: columnsOf(stdout),
		colors: palette(wantsColor(colorChoice(color), stdout, env)),
	};
}

/**
 * Whether a stream gets colour: `--color`, then FORCE_COLOR, then a non-empty NO_COLOR, then TERM=dumb, then whether
 * that stream is a terminal.
 */
export function wantsColor(
	choice: ColorChoice,
	stream: OutputStream,
	env: NodeJS.ProcessEnv,
): boolean {
	if (choice !== "auto") return choice === "always";
	const forced = env.FORCE_COLOR;
	if (forced !== undefined) return forced !== "0" && forced !== "false";
	if (env.NO_COLOR) return false;
	if (env.TERM === "dumb") return false;
	return stream.isTTY === true;
}

/** How many columns a stream shows; undefined where it is no terminal, so that nothing is cut to a width. */
export function columnsOf(stream: OutputStream): number | undefined {
	// A terminal that does not know its size says 0.
	return stream.isTTY ? stream.columns || undefined : undefined;
}
