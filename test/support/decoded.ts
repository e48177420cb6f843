// Runs a file through capture/ and inspect/, as the commands do.

import { openCapture } from "../../src/capture/open-capture.js";
import type { SourceReport } from "../../src/inspect/chunk.js";
import type { FcgiEvent } from "../../src/inspect/event.js";
import {
	Inspector,
	type InspectorOptions,
} from "../../src/inspect/inspector.js";
import type { ComparedRecord } from "./tshark.js";

/** Hands every event of a file to `take`, while its bytes are still there; returns what the source says of itself. */
export async function eachEvent(
	path: string,
	take: (event: FcgiEvent) => void,
	ports: readonly number[] = [],
	options: InspectorOptions = {},
): Promise<SourceReport> {
	const source = await openCapture(path, { ports });
	const inspector = new Inspector(options);
	for await (const chunks of source) {
		for (const chunk of chunks) {
			for (const event of inspector.push(chunk)) take(event);
		}
	}
	for (const event of inspector.end()) take(event);
	return source.report;
}

/** The records of a file, told so that they can be held against tshark's. */
export async function recordsOf(path: string): Promise<ComparedRecord[]> {
	const records: ComparedRecord[] = [];
	await eachEvent(path, (event) => {
		if (event.kind !== "record") return;
		const { webServer, application } = event.connection;
		const [source, destination] =
			event.from === "webServer"
				? [webServer, application]
				: [application, webServer];
		const { type, requestId, contentLength, paddingLength } = event.record;
		records.push({
			direction: `${source} > ${destination}`,
			type,
			requestId,
			contentLength,
			paddingLength,
			port: Number(application?.split(":").at(-1)),
		});
	});
	return records;
}
