// Reads golden cases from Markdown: a heading names the case, a `hex` fence holds the conversation with `>` and `<` for
// the direction, an `events` fence what the inspector should say of it.

import { type Peer, recordTypeName } from "../../src/fastcgi/constants.js";
import type { Chunk, Closing, Connection } from "../../src/inspect/chunk.js";
import type { FcgiEvent } from "../../src/inspect/event.js";

/** One step of a conversation: bytes, bytes that the input does not have, or the end of a direction. */
export interface Step {
	readonly from: Peer;
	readonly bytes: Buffer;
	readonly missingBefore: number;
	readonly closes: Closing | undefined;
}

/** A golden case. */
export interface GoldenCase {
	readonly name: string;
	readonly steps: readonly Step[];
	/** False where the fence says `start not seen`. */
	readonly startSeen: boolean;
	readonly events: readonly string[];
}

/** All cases of a Markdown file. Throws where a fence cannot be read. */
export function readCases(markdown: string): GoldenCase[] {
	const cases: GoldenCase[] = [];
	for (const section of markdown.split(/^## /m).slice(1)) {
		const name = section.slice(0, section.indexOf("\n")).trim();
		const hex = fence(section, "hex");
		const events = fence(section, "events");
		if (hex === undefined || events === undefined) {
			throw new Error(`case "${name}" lacks a hex or an events fence`);
		}
		cases.push({
			name,
			steps: hex
				.filter((line) => line !== "start not seen")
				.map((line) => readStep(name, line)),
			startSeen: !hex.includes("start not seen"),
			events,
		});
	}
	return cases;
}

/** The lines of a fence without comments and empty lines. */
function fence(section: string, language: string): string[] | undefined {
	const found = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, "m").exec(
		section,
	);
	return found?.[1]
		?.split("\n")
		.map((line) => line.replace(/\s*# .*$/, "").trim())
		.filter((line) => line !== "");
}

function readStep(name: string, line: string): Step {
	const [mark, ...words] = line.split(/\s+/);
	if (mark !== ">" && mark !== "<") {
		throw new Error(`case "${name}": a line starts with > or <, not ${line}`);
	}
	const step = {
		from: mark === ">" ? ("webServer" as const) : ("application" as const),
		bytes: Buffer.alloc(0),
		missingBefore: 0,
		closes: undefined,
	};
	const [first, second] = words;
	if (first === "fin" || first === "rst") return { ...step, closes: first };
	if (first === "missing") return { ...step, missingBefore: Number(second) };
	if (!words.every((word) => /^([0-9a-f]{2})+$/.test(word))) {
		throw new Error(`case "${name}": not hex: ${line}`);
	}
	return { ...step, bytes: Buffer.from(words.join(""), "hex") };
}

/** The steps as chunks of one connection, neighbours of one direction joined or left apart. */
export function chunksOf(golden: GoldenCase): Chunk[] {
	const connection: Connection = {
		number: 0,
		webServer: "192.0.2.1:40000",
		application: "192.0.2.2:9000",
		startSeen: golden.startSeen,
	};
	return golden.steps.map((step) => ({
		connection,
		...step,
		timestamp: undefined,
		frame: undefined,
	}));
}

/** A chunk cut at a place: what is missing stays in front, the end behind. */
export function cutChunk(chunk: Chunk, at: number): Chunk[] {
	return [
		{ ...chunk, bytes: chunk.bytes.subarray(0, at), closes: undefined },
		{ ...chunk, bytes: chunk.bytes.subarray(at), missingBefore: 0 },
	];
}

const MARK = { webServer: ">", application: "<" } as const;

/** An event as a line of an `events` fence. */
export function describeEvent(event: FcgiEvent): string {
	switch (event.kind) {
		case "record": {
			const { record } = event;
			const words = [
				MARK[event.from],
				`@${record.offset}`,
				recordTypeName(record.type),
				`id=${record.requestId}`,
				`content=${record.contentLength}`,
				`padding=${record.paddingLength}`,
			];
			if (record.version !== 1) words.push(`version=${record.version}`);
			if (record.reserved !== 0) words.push(`reserved=${record.reserved}`);
			if (record.missing > 0) words.push(`missing=${record.missing}`);
			if (record.truncated) words.push("truncated");
			if (event.request) words.push(`request=${event.request.number}`);
			if (event.unexpected) words.push(`unexpected=${event.unexpected}`);
			return words.join(" ");
		}
		case "bytesSkipped":
			return `${MARK[event.from]} @${event.offset} skipped ${event.length} ${event.reason} ${event.firstBytes.toString("hex")}`.trim();
		case "connectionOpened":
			return "* opened";
		case "connectionClosed":
			return `* closed ${event.closedBy ? `${MARK[event.closedBy]} ${event.closing}` : "by the end of the input"}`;
		case "requestBegan":
			return `* request ${event.request.number} began role=${event.request.role} flags=${event.request.flags}`;
		case "paramsEnded": {
			const { request } = event;
			const pairs = request.parameters.map(
				({ name, value }) => `${name}=${JSON.stringify(value)}`,
			);
			const damaged = request.parametersDamaged;
			return `* request ${request.number} params ${pairs.join(" ")}${damaged ? ` (${damaged})` : ""}`.trim();
		}
		case "responseHead": {
			const { request } = event;
			const { status, headers } = request.response ?? { headers: [] };
			return `* request ${request.number} head status=${status} headers=${headers.length}`;
		}
		case "requestEnded": {
			const { request } = event;
			const streams = (["params", "stdin", "data", "stdout", "stderr"] as const)
				.map(
					(name) =>
						`${name}=${request[name].bytes}${request[name].ended ? "." : ""}`,
				)
				.join(" ");
			return `* request ${request.number} ${request.state} appStatus=${request.appStatus} records=${request.records} ${streams}`;
		}
	}
}
