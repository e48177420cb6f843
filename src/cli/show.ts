// The way that all commands share: chunks to events to text on stdout, a batch at a time.

import type { Chunk, ChunkSource } from "../inspect/chunk.js";
import type { FcgiEvent } from "../inspect/event.js";
import { Inspector, type InspectorOptions } from "../inspect/inspector.js";
import type { OutputFormat, RenderOptions } from "../render/index.js";
import type { Summary } from "../render/summary.js";
import { join, type Stage } from "../stage.js";
import { untilInterrupted } from "./interrupt.js";
import { Output } from "./output.js";
import { Tally } from "./tally.js";
import { YoungGeneration } from "./young-generation.js";

/** What to show, and how. */
export interface ShowOptions {
	readonly format: OutputFormat;
	readonly render: Omit<RenderOptions, "summary">;
	/** What to look for, and what to mask. */
	readonly inspect: InspectorOptions;
	/** What stands between the inspector and the renderer, such as another server's view. */
	readonly view?: Stage<FcgiEvent, FcgiEvent>;
	/** What is given all chunks as well, with all events that were made of each. */
	readonly sink?: Sink;
}

/** Where chunks go besides the text that is shown. */
interface Sink {
	push(chunk: Chunk, events: readonly FcgiEvent[]): void;
	end(events: readonly FcgiEvent[]): void;
	/** Waits where too much was pushed. */
	flush(): Promise<void>;
	close(): Promise<void>;
}

/** Shows a source to its end and returns what was seen. */
export async function show(
	source: ChunkSource,
	options: ShowOptions,
): Promise<Summary> {
	const tally = new Tally();
	const young = new YoungGeneration();
	const inspector = new Inspector(options.inspect);
	const format = options.format.create({
		...options.render,
		summary: () => tally.summary(source.report),
	});
	const renderer =
		options.view === undefined ? format : join(options.view, format);
	const output = new Output(process.stdout);
	const { sink } = options;
	const showEvents = (events: readonly FcgiEvent[]) => {
		// Iterators would cost as much as what is done with the events.
		for (let i = 0; i < events.length; i++) {
			const event = events[i] as FcgiEvent;
			tally.count(event);
			const texts = renderer.push(event);
			for (let j = 0; j < texts.length; j++) output.add(texts[j] as string);
		}
	};
	try {
		const batches = source.live ? untilInterrupted(source) : source;
		for await (const chunks of batches) {
			for (let i = 0; i < chunks.length; i++) {
				const chunk = chunks[i] as Chunk;
				tally.countChunk(chunk);
				const events = inspector.push(chunk);
				sink?.push(chunk, events);
				showEvents(events);
				if (output.full) await output.flush();
			}
			young.bound();
			await sink?.flush();
			await output.flush();
		}
	} finally {
		// Where reading fails, what came before is shown to its end all the same.
		const events = inspector.end();
		sink?.end(events);
		showEvents(events);
		for (const text of renderer.end()) output.add(text);
		await output.end();
		await sink?.close();
	}
	return tally.summary(source.report);
}
