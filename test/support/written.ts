// Runs a file through capture/ and inspect/ into a written capture, as `decode -w` does, without a process of its own.

import { openCapture } from "../../src/capture/open-capture.js";
import {
	createCaptureWriter,
	type LinkName,
} from "../../src/capture/write/capture-writer.js";
import { CHECKS } from "../../src/expert/index.js";
import type { Chunk } from "../../src/inspect/chunk.js";
import type { FcgiEvent } from "../../src/inspect/event.js";
import { Inspector } from "../../src/inspect/inspector.js";
import { createRedactor } from "../../src/redact/index.js";

/** What was written, and what it was made of. */
export interface Written {
	readonly bytes: Buffer;
	/** Type, request id and content length of each record, in order. */
	readonly records: readonly string[];
	/** What was found, details left out. */
	readonly found: readonly string[];
	/** Whether no byte was missing. */
	readonly whole: boolean;
}

/** The chunks of a file as a capture. */
export async function written(
	path: string,
	link: LinkName,
	redacted = false,
): Promise<Written> {
	const source = await openCapture(path);
	const maker = new CaptureMaker(link, redacted);
	for await (const chunks of source) {
		for (const chunk of chunks) maker.push(chunk);
	}
	return maker.end();
}

/** Makes a capture of chunks. */
export class CaptureMaker {
	readonly #inspector: Inspector;
	readonly #writer: ReturnType<typeof createCaptureWriter>;
	readonly #blocks: Buffer[] = [];
	readonly #records: string[] = [];
	readonly #found: string[] = [];
	#whole = true;

	constructor(link: LinkName, redacted = false) {
		this.#inspector = new Inspector({
			checks: CHECKS,
			...(redacted && { createRedactor: () => createRedactor([]) }),
		});
		const application = "test 1.0";
		this.#writer = createCaptureWriter({ link, redacted, application });
		this.#blocks.push(...this.#writer.start());
	}

	/** Returns how many bytes have been handed out. */
	push(chunk: Chunk): number {
		const events = this.#inspector.push(chunk);
		if (chunk.missingBefore > 0) this.#whole = false;
		this.#blocks.push(...this.#writer.push(chunk, events));
		this.#note(events);
		return this.#blocks.reduce((sum, { length }) => sum + length, 0);
	}

	end(): Written {
		const events = this.#inspector.end();
		this.#blocks.push(...this.#writer.end(events));
		this.#note(events);
		return {
			bytes: Buffer.concat(this.#blocks),
			records: this.#records,
			found: this.#found,
			whole: this.#whole,
		};
	}

	#note(events: readonly FcgiEvent[]): void {
		for (const event of events) {
			for (const { code, detail } of event.findings) {
				if (!detail) this.#found.push(code);
			}
			if (event.kind !== "record") continue;
			const { type, requestId, contentLength } = event.record;
			this.#records.push(`${type} ${requestId} ${contentLength}`);
		}
	}
}
