// The way that all commands share: chunks to events to text on stdout, a batch at a time.

import type { ChunkSource } from "../inspect/chunk.js";
import type { FcgiEvent } from "../inspect/event.js";
import { Inspector } from "../inspect/inspector.js";
import type { OutputFormat, RenderOptions } from "../render/index.js";
import type { Summary } from "../render/summary.js";
import { Output } from "./output.js";
import { Tally } from "./tally.js";

/** What to show, and how. */
export interface ShowOptions {
	readonly format: OutputFormat;
	readonly render: Omit<RenderOptions, "summary">;
}

/** Shows a source to its end and returns what was seen. */
export async function show(
	source: ChunkSource,
	options: ShowOptions,
): Promise<Summary> {
	const tally = new Tally();
	const inspector = new Inspector();
	const renderer = options.format.create({
		...options.render,
		summary: () => tally.summary(source.report),
	});
	const output = new Output(process.stdout);
	const showEvents = (events: readonly FcgiEvent[]): boolean => {
		let full = false;
		for (const event of events) {
			tally.count(event);
			for (const text of renderer.push(event)) full = output.add(text);
		}
		return full;
	};
	for await (const chunks of source) {
		for (const chunk of chunks) {
			tally.countChunk(chunk);
			if (showEvents(inspector.push(chunk))) await output.flush();
		}
		await output.flush();
	}
	showEvents(inspector.end());
	for (const text of renderer.end()) output.add(text);
	await output.flush();
	return tally.summary(source.report);
}
