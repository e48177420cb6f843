// `formats`: what the registries of capture/ and render/ hold, as text for people or JSON for programs.

import { CAPTURE_FORMATS, REFUSED_FORMATS } from "../capture/index.js";
import { OUTPUT_FORMATS } from "../render/index.js";

/** A form as it is listed. */
interface Listed {
	readonly name: string;
	readonly summary: string;
}

/** Prints the lists on stdout. */
export function formats(options: { readonly json?: boolean }): void {
	const input = CAPTURE_FORMATS.map(listed);
	const output = OUTPUT_FORMATS.map(listed);
	const refused = REFUSED_FORMATS.map(({ name, advice }) => ({
		name,
		advice,
	}));
	process.stdout.write(
		options.json
			? `${JSON.stringify({ input, output, refused })}\n`
			: [
					section(
						"Input, told by its content or named by --input-format:",
						input,
					),
					"Any of these may be packed with gzip or zstd.\n",
					section("Output, -T or --format:", output),
					refusals(refused),
				].join("\n"),
	);
}

/** The forms that are not read, those with the same advice together. */
function refusals(
	refused: readonly { readonly name: string; readonly advice: string }[],
): string {
	const names = new Map<string, string[]>();
	for (const { name, advice } of refused) {
		names.set(advice, [...(names.get(advice) ?? []), name]);
	}
	const lines = [...names].map(
		([advice, its]) => `  ${its.join(", ")}\n      ${advice}\n`,
	);
	return `Known, and not read:\n${lines.join("")}`;
}

function listed({ name, summary }: Listed): Listed {
	return { name, summary };
}

function section(title: string, entries: readonly Listed[]): string {
	const width = Math.max(...entries.map(({ name }) => name.length));
	const lines = entries.map(
		({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`,
	);
	return `${title}\n${lines.join("")}`;
}
