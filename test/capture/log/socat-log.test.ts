// Transfers of socat: which connection each belongs to, and what of it is there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SocatLog } from "../../../src/capture/log/socat-log.js";
import { readTransfer } from "../../../src/capture/log/socat-transfer.js";
import type { Flow } from "../../../src/capture/recognition/flow.js";
import { Lines } from "../../../src/capture/text/lines.js";
import { join } from "../../../src/stage.js";
import { emptyReport } from "../network/crafted.js";

const UTC =
	"the text does not name the time zone of its dates: they are taken as UTC";

/** A transfer of text that starts at a place of its stream, as -x prints it. */
function transfer(mark: ">" | "<", from: number, text: string): string {
	const bytes = Buffer.from(text);
	const hex = [...bytes].map(
		(byte) => ` ${byte.toString(16).padStart(2, "0")}`,
	);
	return `${mark} 2026/11/22 01:18:19.000500000  length=${bytes.length} from=${from} to=${from + bytes.length - 1}\n${hex.join("")}\n`;
}

function told(log: string) {
	const report = emptyReport();
	const stage = join(new Lines(), new SocatLog(report));
	const flows: Flow[] = [];
	const lines: string[] = [];
	for (const pieces of [stage.push(Buffer.from(log)), stage.end()]) {
		for (const { flow, side, bytes, missingBefore } of pieces) {
			if (!flows.includes(flow)) flows.push(flow);
			const missing = missingBefore > 0 ? ` missing ${missingBefore}` : "";
			lines.push(`${flows.indexOf(flow)}.${side}${missing} ${bytes}`.trim());
		}
	}
	return { lines, report };
}

test("the line in front of a transfer is read, with microseconds in six digits or nine", () => {
	const line = (fraction: string) =>
		readTransfer(`< 2026/11/22 01:18:19${fraction}  length=5 from=10 to=14`);
	const seconds = Date.UTC(2026, 10, 22, 1, 18, 19) / 1000;
	for (const [fraction, value] of [
		[".500000", 0.5],
		[".000500000", 0.5],
		["", 0],
	] as const) {
		const found = line(fraction);
		assert.equal(found?.time.seconds, seconds + value);
		assert.deepEqual(
			[found?.side, found?.length, found?.from, found?.to],
			[1, 5, 10, 14],
		);
	}
	assert.equal(readTransfer("> length=5 from=10"), undefined);
});

test("transfers go to the connection that has come as far as they begin", () => {
	const { lines, report } = told(
		transfer(">", 0, "first") +
			transfer(">", 0, "2nd") +
			transfer(">", 5, "more of the first") +
			transfer("<", 0, "to the first") +
			transfer(">", 3, "more of the 2nd") +
			transfer("<", 12, "again"),
	);
	assert.deepEqual(lines, [
		"0.0 first",
		"1.0 2nd",
		"0.0 more of the first",
		"0.1 to the first",
		"1.0 more of the 2nd",
		"0.1 again",
	]);
	assert.deepEqual(report.remarks, [
		UTC,
		"1 transfer that could belong to several connections, taken for the last of them",
	]);
});

test("the text of -v beside the hex is no hex", () => {
	const { lines } =
		told(`> 2026/11/22 01:18:17.000411113  length=20 from=0 to=19
 61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70  ab cd ef gh ij kl
 71 72 73 74                                      11 22
--
`);
	assert.deepEqual(lines, ["0.0 abcdefghijklmnopqrst"]);
});

test("a transfer with fewer bytes than announced is told, and the next one goes on", () => {
	const { lines, report } = told(
		transfer(">", 0, "abcdef").replace(" 65 66", "") + transfer(">", 6, "ghi"),
	);
	assert.deepEqual(lines, ["0.0 abcd", "0.0 missing 2", "0.0 ghi"]);
	assert.deepEqual(report.remarks, [
		UTC,
		"1 transfer with fewer bytes than announced, the first before line 3",
	]);
});

test("a log that starts in the middle of connections, and one with prose", () => {
	const { lines, report } = told(
		`$ socat -x ...\n\n${transfer("<", 100, "late")}Then it hung.\n`,
	);
	assert.deepEqual(lines, ["0.1 missing 100 late"]);
	assert.deepEqual(report.remarks, [
		UTC,
		"2 lines outside of transfers skipped, the first is line 1",
	]);
});

test("a log that ends in the middle of a transfer is said to", () => {
	const { lines, report } = told(transfer(">", 0, "abcdef").slice(0, -7));
	assert.deepEqual(lines, ["0.0 abcd"]);
	assert.equal(report.truncated, true);
	assert.deepEqual(report.remarks, [
		"the log ends in the middle of a transfer",
		UTC,
	]);
});
