// `decode`: a file or stdin, to chunks, to events, to text on stdout.

import { openCapture } from "../capture/open-capture.js";
import { FcgiInspectError } from "../errors.js";
import type { Summary } from "../render/summary.js";
import { count, visible } from "../render/words.js";
import { finish } from "./finish.js";
import { interruptible } from "./interrupt.js";
import type { OutputOptions } from "./output-options.js";
import { show } from "./show.js";
import { showOptions, sinkOf } from "./show-options.js";

/** The options of `decode`, as commander hands them over. */
export interface DecodeOptions extends OutputOptions {
	readonly port?: readonly number[];
	readonly inputFormat?: string;
	readonly skip?: number;
}

/** Decodes a file, or stdin for `-`. Throws FcgiInspectError for a bad option, a bad file, or no FastCGI in it. */
export async function decode(
	file: string,
	options: DecodeOptions,
): Promise<void> {
	const shown = await showOptions(options);
	const source = await openCapture(file, {
		ports: options.port ?? [],
		...(options.inputFormat === undefined
			? {}
			: { format: options.inputFormat }),
		...(options.skip === undefined ? {} : { skip: options.skip }),
	});
	const sink = await sinkOf(options, file);
	const summary = await show(interruptible(source), { ...shown, ...sink });
	const name = visible(file === "-" ? "stdin" : file);
	if (summary.connections === 0) {
		const remarks = (summary.remarks ?? []).map(visible);
		const reason = [...remarks, ...whatWasLookedAt(summary)].join("; ");
		throw new FcgiInspectError(
			"no-fastcgi",
			`${name}: no FastCGI in it (${reason})`,
		);
	}
	finish(summary, name, options);
}

function whatWasLookedAt({ otherConnections, remarks }: Summary): string[] {
	if (otherConnections > 0) {
		const connections = count(otherConnections, "other TCP connection");
		return [`${connections} looked at; --port N takes a port as FastCGI`];
	}
	// A remark says it better, where there is one.
	return remarks?.length ? [] : ["no conversation in it that carries bytes"];
}
