// What the bytes of an input decode to, told so that two inputs can be compared, and the texts that tshark and tcpdump
// make of captures.

import { spawnSync } from "node:child_process";
import { Head } from "../../../src/capture/head.js";
import { CAPTURE_FORMATS, formatOf } from "../../../src/capture/index.js";
import type { SourceReport } from "../../../src/inspect/chunk.js";
import { Inspector } from "../../../src/inspect/inspector.js";
import { emptyReport } from "../network/crafted.js";

/** A record, as comparisons tell it. */
export interface ToldRecord {
	readonly direction: string;
	readonly what: string;
	readonly frame: number | undefined;
	readonly time: number | undefined;
}

export interface Decoded {
	readonly records: readonly ToldRecord[];
	readonly requests: readonly string[];
	readonly report: SourceReport;
}

/** The name of the format that such an input is read as; looser ones may fit as well. */
export function formatsOf(bytes: Buffer): string[] {
	const format = formatOf(new Head(bytes, true));
	return format === undefined ? [] : [format.name];
}

/** Decodes an input, all of it at once. */
export function decodedAs(name: string, bytes: Buffer): Decoded {
	const report = emptyReport();
	const format = CAPTURE_FORMATS.find((candidate) => candidate.name === name);
	if (format === undefined) throw new Error(`no format ${name}`);
	const stage = format.open({ ports: [], live: false }, report);
	const inspector = new Inspector();
	const records: ToldRecord[] = [];
	const requests: string[] = [];
	const take = (events: ReturnType<Inspector["push"]>) => {
		for (const event of events) {
			if (event.kind === "record") {
				const { type, requestId, contentLength, paddingLength } = event.record;
				const { webServer, application } = event.connection;
				records.push({
					direction: `${event.from} ${webServer} ${application}`,
					what: `${type} ${requestId} ${contentLength} ${paddingLength} ${event.record.contentData.toString("hex")}`,
					frame: event.frame,
					time: event.timestamp,
				});
			} else if (event.kind === "requestEnded") {
				requests.push(`${event.request.requestId} ${event.request.state}`);
			}
		}
	};
	for (const chunks of [stage.push(bytes), stage.end()]) {
		for (const chunk of chunks) take(inspector.push(chunk));
	}
	take(inspector.end());
	return { records, requests, report };
}

/** Whether a program can be run. Throws in CI if it cannot: there its tests may not be skipped. */
export function has(program: string): boolean {
	const found = spawnSync(program, ["--version"]).status === 0;
	if (!found && process.env.CI) throw new Error(`CI has to have ${program}`);
	return found;
}

/** What a program prints, in UTC. */
export function printed(program: string, args: readonly string[]): Buffer {
	// The exit code says no more than that a capture is cut off.
	return spawnSync(program, args, {
		stdio: ["ignore", "pipe", "ignore"],
		maxBuffer: 2 ** 30,
		env: { ...process.env, TZ: "UTC" },
	}).stdout;
}
