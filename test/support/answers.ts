// What a web server would have said of the requests in some chunks, for the tests of servers/.

import type { Chunk } from "../../src/inspect/chunk.js";
import type { FcgiEvent } from "../../src/inspect/event.js";
import { Inspector } from "../../src/inspect/inspector.js";
import type { ServerAnswer } from "../../src/inspect/request.js";
import type { Stage } from "../../src/stage.js";

/** The answer to each request, in the order in which they ended; undefined where nothing is said. */
export function answersOf(
	stage: Stage<FcgiEvent, FcgiEvent>,
	chunks: readonly Chunk[],
): (ServerAnswer | undefined)[] {
	const inspector = new Inspector();
	const answers: (ServerAnswer | undefined)[] = [];
	const take = (events: readonly FcgiEvent[]) => {
		for (const event of events) {
			if (event.kind === "requestEnded") {
				answers.push(event.request.serverAnswer);
			}
		}
	};
	for (const chunk of chunks) {
		const bytes = Buffer.from(chunk.bytes);
		for (const event of inspector.push({ ...chunk, bytes })) {
			take(stage.push(event));
		}
		bytes.fill(0xee);
	}
	for (const event of inspector.end()) take(stage.push(event));
	take(stage.end());
	return answers;
}

/** An answer as the lines of an `as` fence, which have no spaces at their ends. */
export function describeAnswer(
	{ server, status, remark, log }: ServerAnswer,
	column = server,
): string[] {
	const lines = log.flatMap((line) => line.split("\n"));
	return [
		`${column} ${status}${remark === "" ? "" : ` (${remark})`}`,
		...lines.map((line) => `  ${line}`.trimEnd()),
	];
}

/** The same conversation with FCGI_KEEP_CONN set: the first record of the web server is BEGIN_REQUEST, its flags byte 10. */
export function keepingOpen(chunks: readonly Chunk[]): Chunk[] {
	let first = true;
	return chunks.map((chunk) => {
		if (!first || chunk.from !== "webServer") return chunk;
		first = false;
		const bytes = Buffer.from(chunk.bytes);
		bytes[10] = 1;
		return { ...chunk, bytes };
	});
}
