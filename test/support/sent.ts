// Scripts carried out to the end, at once and to nobody: what would have been written, and the records in it.

import { decodeNameValues } from "../../src/fastcgi/name-values.js";
import type { FcgiRecord } from "../../src/fastcgi/record.js";
import { RecordDecoder } from "../../src/fastcgi/record-decoder.js";
import type { Script, Step } from "../../src/fastcgi/step.js";
import type { Seen } from "./recorder.js";

/** All steps of a script. */
export async function stepsOf(script: Script): Promise<Step[]> {
	const steps: Step[] = [];
	for await (const step of script) steps.push(step);
	return steps;
}

/** What steps write, in their writes. */
export function writesIn(steps: readonly Step[]): Buffer[] {
	return steps.flatMap((step) => (step.kind === "write" ? [step.bytes] : []));
}

/** The records in what a script writes; all of it has to be records. */
export async function recordsIn(script: Script): Promise<FcgiRecord[]> {
	const decoder = new RecordDecoder();
	const bytes = Buffer.concat(writesIn(await stepsOf(script)));
	const records = [...decoder.push(bytes)];
	if (decoder.heldBytes > 0) throw new Error("the last record is cut off");
	return records;
}

/** The content of all records of a kind, of one request or of all. */
export function contentOf(
	records: readonly FcgiRecord[],
	kind: FcgiRecord["kind"],
	id?: number,
): Buffer {
	const own = records.filter(
		(one) => one.kind === kind && (id === undefined || one.requestId === id),
	);
	return Buffer.concat(own.map((one) => one.contentData));
}

/** Parameters as latin1 text. */
export function pairsOf(content: Buffer): [name: string, value: string][] {
	const { pairs, leftover } = decodeNameValues(content);
	if (leftover.length > 0) throw new Error("the last pair is cut off");
	return pairs.map(({ name, value }) => [
		name.toString("latin1"),
		value.toString("latin1"),
	]);
}

/** The one request of a script, as an application keeps it that was sent it. */
export async function recordsSent(script: Script): Promise<Seen> {
	const records = await recordsIn(script);
	const [begin] = records;
	return {
		records: records.map(
			({ kind, requestId, contentLength, paddingLength }) => ({
				kind,
				requestId,
				contentLength,
				paddingLength,
			}),
		),
		flags: begin?.kind === "beginRequest" ? (begin.body?.flags ?? 0) : 0,
		params: pairsOf(contentOf(records, "params")),
		body: contentOf(records, "stdin"),
	};
}
