// The way that all commands share: chunks to events to text, a batch at a time.

import type { Chunk, ChunkSource, Connection } from "../inspect/chunk.js";
import type { FcgiEvent } from "../inspect/event.js";
import { Inspector, type InspectorOptions } from "../inspect/inspector.js";
import type { OutputFormat, RenderOptions } from "../render/index.js";
import type { Summary } from "../render/summary.js";
import { join, NOTHING, type Stage } from "../stage.js";
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
	/** Where the text goes; stdout by default. */
	readonly output?: TextOutput;
	/** What is given all chunks as well, with all events that were made of each. */
	readonly sink?: Sink;
	/** What counts; one of its own by default. */
	readonly tally?: Tally;
	/** Whether enough was shown, asked after each event: the rest is left. */
	readonly enough?: () => boolean;
	/** Set where the source is to be read on whatever happens here; otherwise faults are thrown. */
	readonly survive?: Survival;
}

/** Who is told of what was survived. */
interface Survival {
	/** A fault of the program; the connection at which it happened is shown no more. */
	fault(fault: unknown): void;
	/** The sink takes no more. */
	sinkLost(error: unknown): void;
}

/** Where text goes, at the pace of whoever reads it. */
export interface TextOutput {
	/** Whether the reader is behind, so that it is time to wait for `flush`. */
	readonly full: boolean;
	add(text: string): void;
	/** Waits until there is room for more. */
	flush(): Promise<void>;
	/** Waits until all is out of the process. */
	end(): Promise<void>;
}

/** Where chunks go besides the text that is shown. */
export interface Sink {
	push(chunk: Chunk, events: readonly FcgiEvent[]): void;
	end(events: readonly FcgiEvent[]): void;
	/** Waits where too much was pushed. */
	flush(): Promise<void>;
	close(): Promise<void>;
	/** Closes where nothing came to be shown: what was there is left as it was. */
	abandon?(): Promise<void>;
}

/** Shows a source to its end and returns what was seen. */
export async function show(
	source: ChunkSource,
	options: ShowOptions,
): Promise<Summary> {
	const { tally = new Tally(), output = new Output(process.stdout) } = options;
	const enough = options.enough ?? (() => false);
	const young = new YoungGeneration();
	const inspector = new Inspector(options.inspect);
	const format = options.format.create({
		...options.render,
		summary: () => tally.summary(source.report),
	});
	const renderer =
		options.view === undefined ? format : join(options.view, format);
	const sink = sturdySink(options.sink, options.survive);
	const attempt = sturdy(options.survive);
	let over = false;
	const showEvents = (events: readonly FcgiEvent[]) => {
		// Iterators would cost as much as what is done with the events.
		for (let i = 0; i < events.length && !over; i++) {
			const event = events[i] as FcgiEvent;
			tally.count(event);
			const texts = renderer.push(event);
			for (let j = 0; j < texts.length; j++) output.add(texts[j] as string);
			over = enough();
		}
	};
	try {
		for await (const chunks of source) {
			for (let i = 0; i < chunks.length && !over; i++) {
				const chunk = chunks[i] as Chunk;
				tally.countChunk(chunk);
				let events: readonly FcgiEvent[] = NOTHING;
				attempt(() => {
					events = inspector.push(chunk);
				}, chunk.connection);
				sink?.push(chunk, events);
				attempt(() => showEvents(events), chunk.connection);
				if (output.full) await output.flush();
			}
			young.bound();
			await sink?.flush();
			await output.flush();
			if (over) break;
		}
	} finally {
		// Where reading fails, what came before is shown to its end all the same.
		tally.inputEnds();
		let events: readonly FcgiEvent[] = NOTHING;
		attempt(() => {
			events = inspector.end();
		});
		sink?.end(events);
		attempt(() => showEvents(events));
		attempt(() => {
			for (const text of renderer.end()) output.add(text);
		});
		await output.end();
		await sink?.close();
	}
	return tally.summary(source.report);
}

/** Does what it is given; faults are told, where they are to be survived, and end what is done for their connection. */
function sturdy(
	survive: Survival | undefined,
): (work: () => void, connection?: Connection) => void {
	if (survive === undefined) return (work) => work();
	const faulty = new WeakSet<Connection>();
	return (work, connection) => {
		if (connection !== undefined && faulty.has(connection)) return;
		try {
			work();
		} catch (fault) {
			if (connection !== undefined) faulty.add(connection);
			survive.fault(fault);
		}
	};
}

/** A sink that is left alone once it has failed, where that is to be survived. */
function sturdySink(
	sink: Sink | undefined,
	survive: Survival | undefined,
): Sink | undefined {
	if (sink === undefined || survive === undefined) return sink;
	let lost = false;
	const lose = (error: unknown) => {
		lost = true;
		survive.sinkLost(error);
		return sink.close().catch(() => undefined);
	};
	const attempt = (work: () => void) => {
		if (lost) return;
		try {
			work();
		} catch (error) {
			void lose(error);
		}
	};
	const wait = async (work: () => Promise<void>) => {
		if (!lost) await work().catch(lose);
	};
	return {
		push: (chunk, events) => attempt(() => sink.push(chunk, events)),
		end: (events) => attempt(() => sink.end(events)),
		flush: () => wait(() => sink.flush()),
		close: () => wait(() => sink.close()),
	};
}
