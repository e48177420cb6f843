// The shipped logs against the bytes that a relay recorded beside them, cut at every length, and damaged.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { CaptureFormat } from "../../../src/capture/format.js";
import { Head } from "../../../src/capture/head.js";
import { formatOf, refusedFormatOf } from "../../../src/capture/index.js";
import { socat } from "../../../src/capture/log/socat-format.js";
import { strace } from "../../../src/capture/log/strace-format.js";
import type { FcgiEvent } from "../../../src/inspect/event.js";
import { Inspector } from "../../../src/inspect/inspector.js";
import { assertCutBlind, frozen, seededRandom } from "../../support/any-cut.js";
import { CAPTURES } from "../../support/cli.js";
import { disagreements, type TrueFile } from "../../support/truth.js";
import { emptyReport, ownedChunk } from "../network/crafted.js";

const LOGS: readonly (readonly [string, CaptureFormat])[] = [
	["strace", strace],
	["socat", socat],
];

function events(format: CaptureFormat, bytes: Buffer) {
	const report = emptyReport();
	const stage = format.open({ ports: [], live: false }, report);
	const inspector = new Inspector();
	const seen: FcgiEvent[] = [];
	/** The whole records, told at once: their bytes do not last. */
	const records: string[] = [];
	const take = (event: FcgiEvent) => {
		seen.push(event);
		if (event.kind !== "record" || event.record.missing > 0) return;
		const { offset, type, contentData } = event.record;
		records.push(
			`${event.connection.number} ${event.from} ${offset} ${type} ${contentData.toString("hex")}`,
		);
	};
	for (const chunks of [stage.push(bytes), stage.end()]) {
		for (const chunk of chunks) inspector.push(chunk).forEach(take);
	}
	inspector.end().forEach(take);
	return { seen, records, report };
}

for (const [folder, format] of LOGS) {
	const truth: readonly TrueFile[] = JSON.parse(
		readFileSync(`${CAPTURES}${folder}/truth.json`, "utf8"),
	);
	for (const known of truth) {
		const path = `${CAPTURES}${folder}/${known.file}`;
		const bytes = readFileSync(path);

		test(`${known.file} is told to be a log of ${folder}, and decodes to what is known of it`, async () => {
			assert.equal(formatOf(new Head(bytes, true)), format);
			assert.deepEqual(await disagreements(path, known), []);
		});

		test(`${known.file}: the same chunks however it is cut`, () => {
			assertCutBlind(
				() => format.open({ ports: [], live: false }, emptyReport()),
				bytes.subarray(0, 40_000),
				(chunk) => {
					const { connection, ...rest } = ownedChunk(chunk);
					return frozen({ ...rest, number: connection.number });
				},
			);
		});

		test(`${known.file}: wherever it ends, it gives a beginning of the same records`, () => {
			const records = (end: number) =>
				events(format, bytes.subarray(0, end)).records;
			const whole = new Set(records(bytes.length));
			for (
				let end = 0;
				end < bytes.length;
				end += Math.ceil(bytes.length / 150)
			) {
				for (const record of records(end))
					assert.ok(whole.has(record), `${end}`);
			}
		});

		test(`${known.file}: damage throws nothing, and makes little of it`, () => {
			const random = seededRandom(bytes.length);
			for (let round = 0; round < 40; round++) {
				const damaged = Buffer.from(bytes);
				for (let i = 0; i < 30; i++) {
					const at = Math.floor(random() * damaged.length);
					damaged[at] = Math.floor(random() * 256);
				}
				const { seen, report } = events(format, damaged);
				assert.ok(seen.length < 1000);
				assert.ok(report.remarks.length < 10);
			}
		});
	}
}

test("strings cut by strace are missing bytes, and said", () => {
	const bytes = readFileSync(`${CAPTURES}strace/short.strace`);
	const { seen, report } = events(strace, bytes);
	const ended = seen.flatMap((e) =>
		e.kind === "requestEnded" ? [e.request] : [],
	);
	// The log's lines say how many bytes passed; of each string, 32 are there.
	assert.deepEqual(
		ended.map(({ params, stdin, stdout }) => [
			params.bytes + params.missing,
			stdin.bytes + stdin.missing,
			stdout.bytes + stdout.missing,
		]),
		[
			[452, 0, 404],
			[575, 32, 82],
		],
	);
	assert.deepEqual(report.remarks, [
		"1448 bytes are not in the log, the first of line 5: strace -s 65535 shows strings whole",
	]);
});

test("a log of socat -v has lost bytes, and is refused by name", () => {
	const head = new Head(readFileSync(`${CAPTURES}socat/socat-v.log`), true);
	assert.equal(formatOf(head), undefined);
	assert.equal(refusedFormatOf(head)?.name, "socat -v");
});
