// Which texts are taken for dumps, and what decoding makes of those that are: the records that are known of the samples.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { DUMP_FORMATS } from "../../../src/capture/dump/dump-formats.js";
import { recordTypeName } from "../../../src/fastcgi/constants.js";
import { assertCutBlind } from "../../support/any-cut.js";
import { eachEvent } from "../../support/decoded.js";
import { formatsFor } from "../../support/dumped.js";
import { toldBy } from "../../support/told-event.js";
import { emptyReport } from "../network/crafted.js";

const CAPTURES = fileURLToPath(
	new URL("../../../../captures/", import.meta.url),
);
const HEX = `${CAPTURES}hex/`;
const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

interface TrueDirection {
	readonly direction: string;
	readonly records: readonly [number, string, number, number, number][];
}
const TRUTH: readonly TrueDirection[] = JSON.parse(
	readFileSync(`${HEX}truth.json`, "utf8"),
);

const OURS = readdirSync(HEX).filter((file) =>
	/^(?:request|response)\./.test(file),
);

test("there are samples of every format", () => {
	const named = new Set(
		OURS.flatMap((file) => formatsFor(readFileSync(HEX + file))),
	);
	for (const { name } of DUMP_FORMATS) assert.ok(named.has(name), name);
});

for (const file of OURS) {
	test(`${file} decodes to the records that are known of it`, async () => {
		const truth = TRUTH.find(({ direction }) => file.startsWith(direction));
		const records: unknown[] = [];
		let senders = "";
		const report = await eachEvent(HEX + file, (event) => {
			if (event.kind !== "record") return;
			const { record } = event;
			senders += event.from === "webServer" ? ">" : "<";
			records.push([
				record.offset,
				recordTypeName(record.type).replace("FCGI_", ""),
				record.requestId,
				record.contentLength,
				record.paddingLength,
			]);
		});
		assert.deepEqual(records, truth?.records);
		assert.match(senders, file.startsWith("request") ? /^>+$/ : /^<+$/);
		assert.equal(report.truncated, false);
	});
}

test("events do not depend on how the text is cut", () => {
	for (const file of OURS) {
		const bytes = readFileSync(HEX + file);
		const format = DUMP_FORMATS.find(
			({ name }) => name === formatsFor(bytes)[0],
		);
		if (format === undefined) continue;
		const options = { ports: [], live: false };
		assertCutBlind(() => toldBy(format.open(options, emptyReport())), bytes);
	}
});

test("a text that is cut off gives the first of its records, and says that it is cut in one", () => {
	const options = { ports: [], live: false };
	for (const format of DUMP_FORMATS) {
		const file = OURS.find(
			(name) =>
				name.startsWith("response") &&
				formatsFor(readFileSync(HEX + name))[0] === format.name,
		);
		const bytes = readFileSync(HEX + String(file));
		const recordsOf = (length: number) => {
			const report = emptyReport();
			const stage = toldBy(format.open(options, report));
			const records = [
				...stage.push(bytes.subarray(0, length)),
				...stage.end(),
			].filter(({ kind }) => kind === "record");
			const whole = records.filter(({ truncated }) => !truncated);
			return { records, told: whole, report };
		};
		const all = recordsOf(bytes.length).told;
		for (let length = 0; length < bytes.length; length += 3) {
			const { records, told, report } = recordsOf(length);
			const where = `${format.name} cut at ${length}`;
			assert.deepEqual(told, all.slice(0, told.length), where);
			if (records.length > told.length) {
				assert.equal(report.truncated, true, where);
			}
		}
	}
});

/** Other captures of this project that are dumps of bytes as well. */
const ALSO_DUMPS = /^hex\/(?:request|response)\.|tshark-payload/;

test("no other capture, no source code and no documentation is taken for a dump", () => {
	const dumps = new Set(DUMP_FORMATS.map(({ name }) => name));
	const folders = { "captures/": ALSO_DUMPS, "src/": undefined, "": undefined };
	for (const [folder, except] of Object.entries(folders)) {
		const entries = readdirSync(ROOT + folder, {
			recursive: folder !== "",
			encoding: "utf8",
		});
		for (const file of entries) {
			const path = ROOT + folder + file;
			// The README shows bytes as a program has them.
			if (!statSync(path).isFile() || file === "README.md") continue;
			if (except?.test(file)) continue;
			const names = formatsFor(readFileSync(path));
			const taken = names.filter((name) => dumps.has(name));
			assert.deepEqual(taken, [], path);
		}
	}
});

const STRANGERS: Readonly<Record<string, string>> = {
	"tcpdump -x":
		"12:00:00.000000 IP 127.0.0.1.4000 > 127.0.0.1.9000: Flags [P.], length 16\n\t0x0000:  4500 0044 0000 4000 4006 0000 7f00 0001\n\t0x0010:  7f00 0001 0fa0 2328 0000 0000 0000 0000\n\t0x0020:  5018 0200 0000 0000 0101 0001 0008 0000\n\t0x0030:  0001 0000 0000 0000\n",
	"tshark -x":
		"0000  01 01 00 01 00 08 00 00 00 01 00 00 00 00 00 00   ................\n0010  01 05 00 01 00 00 00 00                           ........\n",
	"followed as a hex dump":
		"00000000  01 01 00 01 00 08 00 00  00 01 00 00 00 00 00 00  ........ ........\n00000010  01 05 00 01 00 00 00 00                           ........\n",
	"followed as arrays":
		"char peer0_0[] = { /* Packet 4 */\n0x01, 0x05, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00 };\n",
	"followed as YAML":
		"packets:\n  - packet: 4\n    peer: 0\n    data: !!binary |\n      AQEAAQAIAAAAAQAAAAAAAAEEAAEDOQcADAhRVUVSWV9T\n",
	"socat -x":
		"> 2026/11/22 01:18:19.000564977  length=16 from=0 to=15\n 01 01 00 01 00 08 00 00 00 01 00 00 00 00 00 00\n--\n",
	strace:
		'4528  read(4, "\\1\\1\\0\\1\\0\\10\\0\\0", 8) = 8\n4528  read(4, "\\0\\1\\0\\0\\0\\0\\0\\0", 8) = 8\n',
	"JSON of tshark":
		'[\n  {\n    "_index": "packets-2026-11-22",\n "tcp.payload_raw": ["0101000100080000000100000000000001050001", 66]\n',
	"a log":
		"[01-Jan-2026 01:01:00] NOTICE: fpm is running, pid 1\n2026-01-01 01:01:00 0101 0001 worker 1, 1, 0, 1 started\n",
	checksums:
		"d41d8cd98f00b204e9800998ecf8427e  empty\n01010002ff080000000100000000000a  other\n",
	"a list of numbers": "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12\n",
	"an address book": "0000001 first entry\n0000002 second entry\n",
};

for (const [what, text] of Object.entries(STRANGERS)) {
	test(`${what}: no dump`, () => {
		const dumps = DUMP_FORMATS.map(({ name }) => name);
		const names = formatsFor(text).filter((name) => dumps.includes(name));
		assert.deepEqual(names, []);
	});
}
