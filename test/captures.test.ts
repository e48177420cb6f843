// Every shipped capture, decoded, against the truth that was computed of it by other means, and record for record against
// tshark's own dissector.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { recordsOf } from "./support/decoded.js";
import { disagreements, type TrueFile } from "./support/truth.js";
import { hasTshark, tsharkRecords } from "./support/tshark.js";

const CAPTURES = fileURLToPath(new URL("../../captures/", import.meta.url));
const TRUTH: readonly TrueFile[] = JSON.parse(
	readFileSync(`${CAPTURES}truth.json`, "utf8"),
);

for (const known of TRUTH) {
	test(`${known.file} decodes to what is known of it`, async () => {
		const path = `${CAPTURES}${known.file}`;
		assert.deepEqual(await disagreements(path, known), []);
	});
}

// tshark takes the first packet of a file for the first in time, and is not asked about bytes that are not there.
const UNDAMAGED = TRUTH.filter(
	({ file, damaged, truth }) =>
		!damaged && truth.records > 0 && !file.startsWith("7c"),
);

test("there are captures enough to hold against tshark", () => {
	assert.ok(UNDAMAGED.length > 30, `only ${UNDAMAGED.length}`);
});

for (const known of UNDAMAGED) {
	test(`${known.file}: the records are tshark's, one by one`, {
		skip: hasTshark() ? false : "tshark is not installed",
	}, async () => {
		const path = `${CAPTURES}${known.file}`;
		const ours = await recordsOf(path);
		const ports = [...new Set(ours.map(({ port }) => port))];
		const theirs = tsharkRecords(path, ports);
		for (const direction of new Set(ours.map((record) => record.direction))) {
			const of = (records: readonly { direction: string }[]) =>
				records.filter((record) => record.direction === direction);
			assert.deepEqual(
				of(ours).map((record) => ({ ...record, port: undefined })),
				of(theirs).map((record) => ({ ...record, port: undefined })),
			);
		}
		assert.equal(ours.length, theirs.length);
	});
}

test("every shipped file has its line in captures/README.md, and all fit in 4 MB", () => {
	const readme = readFileSync(`${CAPTURES}README.md`, "utf8");
	let bytes = 0;
	const entries = readdirSync(CAPTURES, { recursive: true, encoding: "utf8" });
	for (const file of entries) {
		const stats = statSync(`${CAPTURES}${file}`);
		if (!stats.isFile()) continue;
		bytes += stats.size;
		if (file !== "README.md") {
			assert.ok(readme.includes(`\`${file}\``), `${file} is not described`);
		}
	}
	assert.ok(bytes <= 4_000_000, `${bytes} bytes`);
});
