import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { DUMP_FORMATS } from "../../../src/capture/dump/dump-formats.js";
import type { DumpName } from "../../../src/capture/dump/dump-scan.js";
import { seededRandom } from "../../support/any-cut.js";
import { formatsFor, readDump } from "../../support/dumped.js";
import { SLOW_DUMPS } from "../../support/slow-dump.js";

const HEX = fileURLToPath(
	new URL("../../../../captures/hex/", import.meta.url),
);
const REQUEST = readFileSync(`${HEX}request.bin`);
const RESPONSE = readFileSync(`${HEX}response.bin`);
const TRUTH: readonly { direction: string; sha256: string }[] = JSON.parse(
	readFileSync(`${HEX}truth.json`, "utf8"),
);
const SAMPLES = readdirSync(HEX).filter((file) =>
	/^(?:request|response).*\.txt$/.test(file),
);

/** The one form of dump that a text is recognised as. */
function formatOf(text: string | Buffer): DumpName {
	const dumps = new Set(DUMP_FORMATS.map(({ name }) => name));
	const names = formatsFor(text).filter((name) => dumps.has(name));
	assert.equal(names.length, 1, `recognised as ${names.join(" and ")}`);
	return names[0] as DumpName;
}

for (const file of SAMPLES) {
	const text = readFileSync(`${HEX}${file}`);
	test(`${file} holds the bytes of its direction`, () => {
		const truth = TRUTH.find(({ direction }) => file.startsWith(direction));
		const { bytes, begins, missing, report } = readDump(formatOf(text), text);
		const digest = createHash("sha256").update(bytes).digest("hex");
		assert.equal(digest, truth?.sha256);
		assert.deepEqual([begins, missing, report.truncated], [[0], [], false]);
		const said = file.includes("hexdump-words") ? 1 : 0;
		assert.equal(report.remarks.length, said, report.remarks.join());
	});

	test(`${file} gives the same bytes however it is cut, and their beginning wherever it ends`, () => {
		const name = formatOf(text);
		const { bytes } = readDump(name, text);
		for (const step of [1, 7, 64, 1000]) {
			assert.deepEqual(readDump(name, text, step).bytes, bytes, `by ${step}`);
		}
		const random = seededRandom(text.length);
		for (let round = 0; round < 300; round++) {
			const end = Math.floor(random() * text.length);
			const cut = readDump(name, text.subarray(0, end)).bytes;
			assert.deepEqual(cut, bytes.subarray(0, cut.length), `ends at ${end}`);
		}
	});
}

for (const { how, name, write } of SLOW_DUMPS) {
	test(`any bytes behind a header come back from ${how}`, () => {
		fc.assert(
			fc.property(
				fc.uint8Array({ minLength: 1, maxLength: 300 }),
				fc.integer({ min: 0, max: 80 }),
				(bytes, zeros) => {
					const all = Buffer.concat([
						REQUEST.subarray(0, 16),
						bytes,
						Buffer.alloc(zeros),
						bytes,
					]);
					const text = write(all);
					assert.equal(formatOf(text), name);
					assert.deepEqual(readDump(name, text).bytes, all);
				},
			),
			{ numRuns: 60 },
		);
	});

	test(`a request and its answer behind each other come back from ${how}, with prose, quoting and numbers of lines around`, () => {
		const prose = `Hello,\nthis is what I have seen on 2024-01-02:\n\n${write(REQUEST).trimEnd()}\n\nand the answer was\n\n${write(RESPONSE).trimEnd()}\n\nAny idea?\n`;
		const lines = prose.split("\n");
		const ways: Record<string, string> = {
			"as it is": prose,
			"with CRLF": lines.join("\r\n"),
			indented: lines.map((line) => `    ${line}`).join("\n"),
			quoted: lines.map((line) => `> ${line}`).join("\n"),
			"as of grep -n": lines.map((line, i) => `${i + 1}:${line}`).join("\n"),
			"as of cat -n": lines
				.map((line, i) => `${String(i + 1).padStart(6)}\t${line}`)
				.join("\n"),
			coloured: lines
				.map((line) => line.replace(/[0-9a-f]{4}/g, "\x1b[1;32m$&\x1b[0m"))
				.join("\n"),
		};
		for (const [way, text] of Object.entries(ways)) {
			if (way === "coloured" && /escape|string|Python/.test(how)) continue;
			assert.equal(formatOf(text), name, way);
			const { bytes, begins, missing, report } = readDump(name, text);
			assert.deepEqual(bytes, Buffer.concat([REQUEST, RESPONSE]), way);
			assert.deepEqual(begins, [0, REQUEST.length], way);
			assert.deepEqual(missing, [], way);
			const skipped = report.remarks.filter((remark) => /skipped/.test(remark));
			assert.equal(skipped.length, 1, `${way}: ${report.remarks}`);
			assert.match(skipped.join(), /the first is line 1$/);
		}
	});
}

/** The tools themselves; `FILE` stands for the bytes. */
const TOOLS: readonly [DumpName, string][] = [
	["xxd", "xxd FILE"],
	["xxd", "xxd -u -c 24 FILE"],
	["xxd", "xxd -g 1 FILE"],
	["xxd", "xxd -g 8 FILE"],
	["xxd", "xxd -c 7 FILE"],
	["xxd", "xxd -e FILE"],
	["xxd", "xxd -e -g 2 FILE"],
	["xxd", "xxd -b FILE"],
	["xxd", "xxd -a FILE"],
	["xxd", "xxd -o 4096 FILE"],
	["xxd", "xxd -d FILE"],
	["plain-hex", "xxd -p FILE"],
	["plain-hex", "xxd -ps -c 16 FILE"],
	["c-array", "xxd -i FILE"],
	["hexdump-C", "hexdump -C FILE"],
	["hexdump-C", "hexdump -C -L=always FILE"],
	["hexdump", "hexdump FILE"],
	["hexdump", "hexdump -v FILE"],
	["hexdump", "hexdump -x FILE"],
	["od", "hexdump -b FILE"],
	["od", "hexdump -o FILE"],
	["od", "hexdump -d FILE"],
	["od", "od FILE"],
	["od", "od -b FILE"],
	["od", "od -x FILE"],
	["od", "od -d FILE"],
	["od", "od -tx1 FILE"],
	["od", "od -v -tx1 -w8 FILE"],
	["od", "od -Ad -tx1 FILE"],
	["od", "od -Ax -tx1z FILE"],
	["od", "od -tx4 FILE"],
	["od", "od -tx8 FILE"],
	["od", "od -tu1 FILE"],
	["od", "od -c FILE"],
	["od", "hexdump -c FILE"],
	["hex", "od -v -An -tx1 FILE"],
	["hex", "od -v -An -tx1z FILE"],
	["base64", "base64 FILE"],
	["base64", "base64 -w 0 FILE"],
	["base64", "basenc --base64url FILE"],
];

for (const [name, command] of TOOLS) {
	const words = command.split(" ");
	const [tool = "", ...args] = words.map((word) =>
		word === "FILE" ? `${HEX}response.bin` : word,
	);
	const { error, status, stdout } = spawnSync(tool, args, {
		encoding: "latin1",
	});
	const skip =
		error !== undefined || status !== 0 ? `${tool} cannot do this here` : false;
	test(`${command} is read back`, { skip }, () => {
		assert.equal(formatOf(stdout), name);
		const { bytes, missing } = readDump(name, stdout);
		assert.deepEqual(bytes, RESPONSE);
		assert.deepEqual(missing, []);
	});
}

test("damaged dumps are read without a throw, to a bounded number of bytes and of remarks", () => {
	const random = seededRandom(7);
	const pick = (count: number) => Math.floor(random() * count);
	for (const file of SAMPLES) {
		const original = readFileSync(`${HEX}${file}`);
		const name = formatOf(original);
		for (let round = 0; round < 60; round++) {
			let text = Buffer.from(original);
			for (let times = pick(4); times >= 0; times--) {
				const at = pick(text.length);
				const kind = pick(4);
				if (kind === 0) text[at] = pick(256);
				else if (kind === 1) {
					text = Buffer.concat([
						text.subarray(0, at),
						text.subarray(at + pick(40)),
					]);
				} else if (kind === 2) {
					const from = pick(text.length);
					text = Buffer.concat([
						text.subarray(0, at),
						text.subarray(from, from + pick(300)),
						text.subarray(at),
					]);
				} else text.write("0".repeat(pick(20)), at, "latin1");
			}
			const { bytes, report } = readDump(name, text, 1 + pick(500));
			assert.ok(bytes.length < text.length + 200_000, file);
			assert.ok(report.remarks.length < 10, report.remarks.join("\n"));
		}
	}
});
