// `findings`: the list of all that can be found, as text for people, JSON for programs, or the page FINDINGS.md.

import { CHECKS } from "../expert/index.js";
import { checkJson, checkList, checksPage } from "../render/check-text.js";
import { stdoutStyle } from "./terminal.js";

/** The options of `findings`. */
export interface FindingsOptions {
	readonly json?: boolean;
	readonly markdown?: boolean;
	readonly color: string;
}

/** Prints the list on stdout. */
export function findings({ json, markdown, color }: FindingsOptions): void {
	const style = stdoutStyle(color);
	const text = json
		? `[${CHECKS.map(checkJson).join(",\n")}]\n`
		: markdown
			? checksPage(CHECKS)
			: checkList(CHECKS, style);
	process.stdout.write(text);
}
