// Events as a test compares them: what they say, told before the next chunk is looked at, as their bytes do not last.

import type { Chunk } from "../../src/inspect/chunk.js";
import type { FcgiEvent } from "../../src/inspect/event.js";
import { Inspector } from "../../src/inspect/inspector.js";
import type { Stage } from "../../src/stage.js";

/** An event in a few words, with the bytes that it carries. */
interface ToldEvent {
	readonly kind: FcgiEvent["kind"];
	readonly truncated: boolean;
	readonly said: readonly unknown[];
}

/** What the inspector says of the chunks that a stage makes. */
export function toldBy(stage: Stage<Buffer, Chunk>): Stage<Buffer, ToldEvent> {
	const inspector = new Inspector();
	const inspected = (chunks: readonly Chunk[]) =>
		chunks.flatMap((chunk) => inspector.push(chunk).map(toldEvent));
	return {
		push: (bytes) => inspected(stage.push(bytes)),
		end: () => [...inspected(stage.end()), ...inspector.end().map(toldEvent)],
	};
}

function toldEvent(event: FcgiEvent): ToldEvent {
	const { kind } = event;
	switch (kind) {
		case "record": {
			const { record } = event;
			const said = [
				event.connection.number,
				event.from,
				record.offset,
				record.type,
				record.requestId,
				record.contentLength,
				record.paddingLength,
				record.contentData.toString("hex"),
			];
			return { kind, truncated: record.truncated, said };
		}
		case "bytesSkipped": {
			const said = [event.from, event.offset, event.length, event.reason];
			return { kind, truncated: false, said };
		}
		default:
			return { kind, truncated: false, said: [event.connection.number] };
	}
}
