// One case: a shipped file, damaged, read in the form that it had or in another, cut anywhere, down to the last line that
// would be printed. What must hold: nothing throws, nothing is made out of nothing, and it ends.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { Head } from "../../src/capture/head.js";
import { CAPTURE_FORMATS, formatOf } from "../../src/capture/index.js";
import { Tally } from "../../src/cli/tally.js";
import { CHECKS } from "../../src/expert/index.js";
import type { Chunk, SourceReport } from "../../src/inspect/chunk.js";
import { Inspector } from "../../src/inspect/inspector.js";
import { createRedactor } from "../../src/redact/index.js";
import { OUTPUT_FORMATS } from "../../src/render/index.js";
import { asServer, WEB_SERVERS } from "../../src/servers/index.js";
import { join, type Stage } from "../../src/stage.js";
import { seededRandom } from "../support/any-cut.js";
import { CAPTURES } from "../support/cli.js";
import { below, mutated, type Random } from "./mutations.js";

/** Files larger than this are fuzzed by their beginning only: more would make cases few, and no different. */
const MAX_LENGTH = 100_000;
/** What a byte of input may make of events: the smallest thing that is told apart has one. */
const EVENTS_PER_BYTE = 3;
/** Remarks are for people. */
const MAX_REMARKS = 40;

/** A file to damage. */
interface Sample {
	readonly name: string;
	readonly bytes: Buffer;
}

/** What a case came to. */
export interface Outcome {
	readonly name: string;
	readonly format: string;
	readonly how: string;
	readonly bytes: number;
	readonly events: number;
	readonly milliseconds: number;
}

/** The files that are shipped, and that are no archives. */
export function samples(): readonly Sample[] {
	return readdirSync(CAPTURES, { recursive: true, encoding: "utf8" })
		.filter((name) => !/\.(?:gz|zst|md)$|truth/.test(name))
		.filter((name) => statSync(`${CAPTURES}${name}`).isFile())
		.sort()
		.map((name) => ({
			name,
			bytes: readFileSync(`${CAPTURES}${name}`).subarray(0, MAX_LENGTH),
		}));
}

/** Runs the case of a seed. Throws where something does not hold. */
export function runCase(seed: number, files: readonly Sample[]): Outcome {
	const random = seededRandom(seed);
	const file = files[below(random, files.length)] as Sample;
	const other = files[below(random, files.length)] as Sample;
	const { bytes, how } = mutated(file.bytes, other.bytes, random);
	const told = formatOf(new Head(bytes, true));
	const format =
		told !== undefined && random() < 0.8
			? told
			: (CAPTURE_FORMATS[below(random, CAPTURE_FORMATS.length)] ?? told);
	if (format === undefined) throw new Error("there are no formats");
	const report: SourceReport = {
		format: format.name,
		truncated: false,
		remarks: [],
		otherConnections: 0,
	};
	const began = performance.now();
	const stage = format.open({ ports: [], live: random() < 0.3 }, report);
	const events = decoded(stage, bytes, random, report);
	if (events > EVENTS_PER_BYTE * bytes.length + 100) {
		throw new Error(`${events} events from ${bytes.length} bytes`);
	}
	if (report.remarks.length > MAX_REMARKS) {
		throw new Error(`${report.remarks.length} remarks`);
	}
	return {
		name: file.name,
		format: format.name,
		how,
		bytes: bytes.length,
		events,
		milliseconds: performance.now() - began,
	};
}

/** Decodes and prints, and returns how many events there were. */
function decoded(
	stage: Stage<Buffer, Chunk>,
	bytes: Buffer,
	random: Random,
	report: SourceReport,
): number {
	const tally = new Tally();
	const secrets = ["SCRIPT_NAME"];
	const inspector = new Inspector({
		checks: random() < 0.8 ? CHECKS : [],
		...(random() < 0.3
			? { createRedactor: () => createRedactor(secrets) }
			: {}),
	});
	const output = OUTPUT_FORMATS[below(random, OUTPUT_FORMATS.length)];
	const format = output?.create({
		columns: random() < 0.5 ? 80 : undefined,
		summary: () => tally.summary(report),
	});
	const server = WEB_SERVERS[below(random, 2 * WEB_SERVERS.length)];
	const renderer =
		server === undefined || format === undefined
			? format
			: join(asServer(server.name), format);
	let events = 0;
	const take = (chunks: readonly Chunk[]) => {
		for (const chunk of chunks) {
			for (const event of inspector.push(chunk)) {
				events++;
				tally.count(event);
				for (const text of renderer?.push(event) ?? []) refuseSlips(text);
			}
		}
	};
	for (let at = 0; at < bytes.length; ) {
		const length = 1 + below(random, 50_000);
		take(stage.push(Buffer.from(bytes.subarray(at, at + length))));
		at += length;
	}
	take(stage.end());
	for (const event of inspector.end()) {
		events++;
		renderer?.push(event);
	}
	renderer?.end();
	return events;
}

/** What a program prints that has not looked whether it knows. */
function refuseSlips(text: string): void {
	const slip = /\bNaN\b|\[object |\bundefined (?:bytes|ms|s)\b/.exec(text);
	if (slip === null) return;
	const at = Math.max(slip.index - 80, 0);
	throw new Error(`slip: ${JSON.stringify(text.slice(at, at + 200))}`);
}
