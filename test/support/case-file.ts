// Reads golden cases from Markdown: a heading names the case, a fence holds the conversation, others what should be said of
// it. A `hex` fence has bytes, a `conversation` fence the specification's notation, both with `>` and `<` for the
// direction; `events` has what the inspector says, `findings` what the checks find, `as` what four web servers would say.

import type { Peer } from "../../src/fastcgi/constants.js";
import { parseNotation } from "../../src/fastcgi/notation-parser.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import type { Chunk, Closing, Connection } from "../../src/inspect/chunk.js";

/** One step of a conversation: bytes, bytes that the input does not have, or the end of a direction. */
export interface Step {
	readonly from: Peer;
	readonly bytes: Buffer;
	readonly missingBefore: number;
	readonly closes: Closing | undefined;
	/** Unix seconds; undefined where the conversation has no waits. */
	readonly timestamp: number | undefined;
	/** Number of the connection: 0, or what stands behind `on`. */
	readonly connection: number;
}

/** A golden case. */
export interface GoldenCase {
	readonly name: string;
	readonly steps: readonly Step[];
	/** False where the fence says `start not seen`. */
	readonly startSeen: boolean;
	/** True where the fence says `refused`: the application's end did not open the connection. */
	readonly refused: boolean;
	/** Address of the web server's end, where a line `web server ADDRESS` gives it. */
	readonly webServer: string;
	/** Undefined where there is no such fence. */
	readonly events: readonly string[] | undefined;
	readonly findings: readonly string[] | undefined;
	readonly as: readonly string[] | undefined;
}

/** All cases of a Markdown file. Throws where a fence cannot be read. */
export function readCases(markdown: string): GoldenCase[] {
	const cases: GoldenCase[] = [];
	for (const section of markdown.split(/^## /m).slice(1)) {
		const name = section.slice(0, section.indexOf("\n")).trim();
		const said = {
			events: fence(section, "events"),
			findings: fence(section, "findings"),
			as: fence(section, "as"),
		};
		const lines = fence(section, "hex") ?? fence(section, "conversation");
		if (lines === undefined || Object.values(said).every((one) => !one)) {
			throw new Error(
				`case "${name}" lacks a conversation, or what is said of it`,
			);
		}
		cases.push({ name, ...said, ...readConversation(name, lines) });
	}
	return cases;
}

/** The lines of a fence without comments and empty lines. */
function fence(section: string, language: string): string[] | undefined {
	const found = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, "m").exec(
		section,
	);
	const quotes = language === "findings" || language === "as";
	return found?.[1]
		?.split("\n")
		.map((line) =>
			quotes ? line.trimEnd() : line.replace(/\s*# .*$/, "").trim(),
		)
		.filter((line) => line !== "");
}

/** When a conversation with waits begins: 2023-11-14, 22:13:20 UTC. */
const START = 1_700_000_000;

function readConversation(
	name: string,
	lines: readonly string[],
): Pick<GoldenCase, "steps" | "startSeen" | "refused" | "webServer"> {
	const timed = lines.some((line) => line.startsWith("@wait"));
	const steps: Step[] = [];
	let startSeen = true;
	let refused = false;
	let webServer = "192.0.2.1:40000";
	let timestamp = START;
	let connection = 0;
	for (const line of lines) {
		const on = /^on (\d+)$/.exec(line)?.[1];
		if (line === "start not seen") startSeen = false;
		else if (line === "refused") refused = true;
		else if (line.startsWith("web server ")) webServer = line.slice(11);
		else if (on !== undefined) connection = Number(on);
		else if (line.startsWith("@wait")) {
			const [item] = parseNotation(line);
			if (item?.kind !== "wait") throw new Error(`case "${name}": ${line}`);
			timestamp += item.milliseconds / 1000;
		} else {
			const step = readStep(name, line);
			steps.push({
				...step,
				connection,
				timestamp: timed ? timestamp : undefined,
			});
		}
	}
	return { steps, startSeen, refused, webServer };
}

function readStep(
	name: string,
	line: string,
): Omit<Step, "timestamp" | "connection"> {
	const mark = line[0];
	const rest = line.slice(1).trim();
	if (mark !== ">" && mark !== "<") {
		throw new Error(`case "${name}": a line starts with > or <, not ${line}`);
	}
	const step = {
		from: mark === ">" ? ("webServer" as const) : ("application" as const),
		bytes: Buffer.alloc(0),
		missingBefore: 0,
		closes: undefined,
	};
	if (rest === "fin" || rest === "rst") return { ...step, closes: rest };
	const missing = /^missing (\d+)$/.exec(rest)?.[1];
	if (missing !== undefined) return { ...step, missingBefore: Number(missing) };
	if (/^[{@]/.test(rest)) return { ...step, bytes: bytesOf(rest) };
	if (!/^[0-9a-f ]+$/.test(rest)) {
		throw new Error(`case "${name}": not hex: ${line}`);
	}
	return { ...step, bytes: Buffer.from(rest.replaceAll(" ", ""), "hex") };
}

/**
 * A record, or bytes behind `@raw`, in the notation; `@text` for bytes as text; ` *N` behind either repeats it, and `${x*N}`
 * stands for N times x.
 */
function bytesOf(text: string): Buffer {
	const [, short = text, times = "1"] = /^(.*\S) \*(\d+)$/.exec(text) ?? [];
	const plain = short.replace(/\$\{(.+?)\*(\d+)\}/g, (_, part, count) =>
		String(part).repeat(Number(count)),
	);
	const quoted = /^@text (".*")$/.exec(plain)?.[1];
	const one =
		quoted === undefined
			? Buffer.concat(
					parseNotation(plain).map((item) => {
						if (item.kind === "record") return encodeRecord(item.draft);
						if (item.kind === "raw") return item.bytes;
						throw new Error(`neither record nor bytes: ${plain}`);
					}),
				)
			: Buffer.from(JSON.parse(quoted), "latin1");
	return Buffer.concat(Array.from({ length: Number(times) }, () => one));
}

/** The steps as chunks, neighbours of one direction joined or left apart. */
export function chunksOf({
	steps,
	startSeen,
	refused,
	webServer,
}: GoldenCase): Chunk[] {
	const connections = new Map<number, Connection>();
	return steps.map(({ connection: number, ...step }) => {
		const connection: Connection = connections.get(number) ?? {
			number,
			webServer: number === 0 ? webServer : `192.0.2.1:${40_000 + number}`,
			application: "192.0.2.2:9000",
			startSeen,
			...(refused ? { refused } : {}),
			...(step.timestamp === undefined ? {} : { openedAt: step.timestamp }),
		};
		connections.set(number, connection);
		return { ...step, connection, frame: undefined };
	});
}

/** A chunk cut at a place: what is missing stays in front, the end behind. */
export function cutChunk(chunk: Chunk, at: number): Chunk[] {
	return [
		{ ...chunk, bytes: chunk.bytes.subarray(0, at), closes: undefined },
		{ ...chunk, bytes: chunk.bytes.subarray(at), missingBefore: 0 },
	];
}
