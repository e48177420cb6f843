// What decode prints, send sends back byte for byte: over all shipped captures, and conversations of any kind. What was said
// is taken from the chunks, in front of everything that takes records apart.

import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { openCapture } from "../../src/capture/open-capture.js";
import { FcgiInspectError } from "../../src/errors.js";
import { CHECKS } from "../../src/expert/index.js";
import type { Peer } from "../../src/fastcgi/constants.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import type { Connection } from "../../src/inspect/chunk.js";
import { createRedactor } from "../../src/redact/index.js";
import { bytesUpTo, truthfulDraft } from "../support/arbitraries.js";
import { Printer, SENDABLE, sentOf } from "../support/sent-back.js";

const CAPTURES = fileURLToPath(new URL("../../../captures/", import.meta.url));
const NOT_TRAFFIC = /(?:README\.md|truth\.json)$/;
/** Texts without their bytes, which decode refuses. */
const LOSSY = /(?:follow-ascii\.txt|tcpdump-A\.txt|socat-v\.log)$/;

const FILES = readdirSync(CAPTURES, { recursive: true, encoding: "utf8" })
	.filter((file) => !NOT_TRAFFIC.test(file) && !LOSSY.test(file))
	.filter((file) => statSync(`${CAPTURES}${file}`).isFile())
	.sort();

/** What was said in all files. */
let bytesSaid = 0;
let connections = 0;
let missing = 0;

for (const file of FILES) {
	test(`${file}: what the web server said is sent back`, async () => {
		const printer = new Printer({ checks: CHECKS });
		for await (const chunks of await openCapture(`${CAPTURES}${file}`)) {
			for (const chunk of chunks) {
				if (chunk.from === "webServer") missing += chunk.missingBefore;
				printer.push(chunk);
			}
		}
		const { texts, said } = printer.end();
		for (const format of SENDABLE) {
			const text = texts.get(format) ?? "";
			if (said.size === 0) {
				await assert.rejects(sentOf(text), /nothing to send/, format);
			} else assert.deepEqual(await sentOf(text), said, format);
		}
		for (const hex of said.values()) bytesSaid += hex.length / 2;
		connections += said.size;
	});
}

test("there was enough to be sent, and something missing", () => {
	assert.ok(bytesSaid > 900_000, `${bytesSaid} bytes`);
	assert.ok(connections > 500, `${connections} connections`);
	assert.ok(missing > 1000, `${missing} bytes`);
});

test("what is printed of a capture with --redact is sent as it stands", async () => {
	const redactor = () => createRedactor([]);
	const printer = new Printer({ createRedactor: redactor });
	const path = `${CAPTURES}01-nginx-fpm-basic.pcap`;
	for await (const chunks of await openCapture(path)) {
		for (const chunk of chunks) printer.push(chunk);
	}
	const { texts, said } = printer.end();
	const lengths = (sent: ReadonlyMap<number, string>) =>
		[...sent.values()].map(({ length }) => length);
	for (const format of SENDABLE) {
		const sent = await sentOf(texts.get(format) ?? "");
		assert.deepEqual(lengths(sent), lengths(said));
		assert.notDeepEqual(sent, said);
		assert.ok([...sent.values()].some((hex) => hex.includes("2a2a2a2a")));
	}
});

/** Bytes of one direction: records, and what is none. */
const bytes = fc
	.array(
		fc.oneof(
			{ weight: 5, arbitrary: truthfulDraft.map(encodeRecord) },
			{ weight: 1, arbitrary: bytesUpTo(40) },
			{
				weight: 1,
				arbitrary: fc
					.tuple(fc.nat(255), fc.constantFrom(4000, 4096, 4097, 9000, 70_000))
					.map(([byte, length]) => Buffer.alloc(length, byte)),
			},
		),
		{ maxLength: 8 },
	)
	.map((pieces) => Buffer.concat(pieces));

const conversation = fc.array(
	fc.record({
		connection: fc.nat(3),
		from: fc.constantFrom<Peer>("webServer", "application"),
		bytes,
		cuts: fc.array(fc.nat(1000), { maxLength: 4 }),
		missing: fc.oneof(
			{ weight: 6, arbitrary: fc.constant(0) },
			{ weight: 1, arbitrary: fc.nat(200) },
		),
		closes: fc.oneof(
			{ weight: 8, arbitrary: fc.constant(undefined) },
			{ weight: 1, arbitrary: fc.constantFrom("fin" as const, "rst" as const) },
		),
	}),
	{ maxLength: 10 },
);

test("any conversations, however cut and with bytes missing, are sent back", async () => {
	await fc.assert(
		fc.asyncProperty(conversation, fc.boolean(), async (steps, startSeen) => {
			const printer = new Printer({ checks: CHECKS });
			const all: Connection[] = Array.from({ length: 4 }, (_, number) => ({
				number,
				startSeen,
			}));
			for (const step of steps) {
				const connection = all[step.connection] as Connection;
				const pieces = cut(step.bytes, step.cuts);
				pieces.forEach((piece, i) => {
					const last = i === pieces.length - 1;
					const own = Buffer.from(piece);
					printer.push({
						connection,
						from: step.from,
						timestamp: undefined,
						bytes: own,
						frame: undefined,
						missingBefore: i === 0 ? step.missing : 0,
						closes: last ? step.closes : undefined,
					});
					own.fill(0xee);
				});
			}
			const { texts, said } = printer.end();
			for (const format of SENDABLE) {
				const text = texts.get(format) ?? "";
				const sent = said.size === 0 ? refused(text) : sentOf(text);
				assert.deepEqual(await sent, said, format);
			}
		}),
		{ numRuns: 100 },
	);
});

async function refused(text: string): Promise<Map<number, string>> {
	await assert.rejects(sentOf(text), FcgiInspectError);
	return new Map();
}

function cut(whole: Buffer, places: readonly number[]): Buffer[] {
	const sorted = places.filter((at) => at < whole.length).sort((a, b) => a - b);
	return [0, ...sorted].map((from, i) => whole.subarray(from, sorted[i]));
}
