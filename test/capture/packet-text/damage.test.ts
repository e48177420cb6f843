// A text that lost a line or a digit: the packet is cut there, the stream says what is missing, and a remark names the
// line. A text that ends in the middle of a packet says no more than that.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodedAs, formatsOf } from "./decoded-text.js";
import { sampleBytes } from "./samples.js";

/** The lines of a sample, changed. */
function changed(file: string, change: (lines: string[]) => void): Buffer {
	const lines = sampleBytes(file).toString("latin1").split("\n");
	change(lines);
	return Buffer.from(lines.join("\n"), "latin1");
}

function remarksOf(format: string, bytes: Buffer): string {
	return decodedAs(format, bytes).report.remarks.join("\n");
}

const rowAt = (lines: string[], offset: string, from: number) =>
	lines.findIndex((line, i) => i >= from && line.includes(offset));

const PACKET_TEXTS = [
	["conv.tcpdump-x.txt", "tcpdump-x", "0x0120:"],
	["conv.tcpdump-XX-tttt-v.txt", "tcpdump-x", "0x0120:"],
	["conv.tshark-x.txt", "tshark-x", "0120  "],
] as const;

for (const [file, format, offset] of PACKET_TEXTS) {
	test(`${file} without a line: the packet is cut there, and the line is named`, () => {
		let line = 0;
		const bytes = changed(file, (lines) => {
			line = rowAt(lines, offset, 0);
			lines.splice(line, 1);
		});
		const { records, report } = decodedAs(format, bytes);
		const remarks = report.remarks.join("\n");
		assert.match(remarks, new RegExp(`^line ${line + 1} is damaged`, "m"));
		assert.equal(report.truncated, false);
		// BEGIN_REQUEST is in front of it, and the answer is in another packet.
		assert.equal(records[0]?.what, "1 1 8 0 0001000000000000");
		assert.ok(records.some(({ what }) => what.startsWith("3 1 8 0 ")));
		assert.ok(!records.some(({ what }) => what.startsWith("5 1 17 ")));
	});

	test(`${file} with a digit that is none: the packet is cut there`, () => {
		let line = 0;
		const bytes = changed(file, (lines) => {
			line = rowAt(lines, offset, 0);
			const row = lines[line] as string;
			const at = row.indexOf(offset) + offset.length + 13;
			lines[line] = `${row.slice(0, at)}zz${row.slice(at + 2)}`;
		});
		assert.match(
			remarksOf(format, bytes),
			new RegExp(`^line ${line + 1} is damaged`, "m"),
		);
	});

	test(`${file} that ends in a packet says so, and nothing of damage`, () => {
		const whole = sampleBytes(file);
		const end = whole.indexOf(offset) + 30;
		const { records, report } = decodedAs(format, whole.subarray(0, end));
		assert.equal(report.truncated, true);
		assert.match(
			report.remarks.join("\n"),
			/^the text ends in the middle of packet 4$/m,
		);
		assert.doesNotMatch(report.remarks.join("\n"), /damaged/);
		assert.equal(records[0]?.what, "1 1 8 0 0001000000000000");
	});
}

test("a packet whose first row is missing is left out, and named", () => {
	let line = 0;
	const bytes = changed("conv.tcpdump-x.txt", (lines) => {
		line = rowAt(lines, "0x0000:", 15);
		lines.splice(line, 1);
	});
	assert.match(
		remarksOf("tcpdump-x", bytes),
		new RegExp(`^line ${line + 1} is damaged`, "m"),
	);
});

test("damage in many places is one remark", () => {
	const bytes = changed("conv.tshark-x.txt", (lines) => {
		for (const [i, line] of lines.entries()) {
			if (line.startsWith("0010")) lines[i] = "";
		}
	});
	const { remarks } = decodedAs("tshark-x", bytes).report;
	assert.equal(remarks.filter((remark) => /places are/.test(remark)).length, 1);
	assert.match(
		remarks.join("\n"),
		/^10 places are damaged or lack lines, the first at line 3:/m,
	);
});

test("a followed stream that lacks a row lacks its bytes, and no more", () => {
	let line = 0;
	const bytes = changed("conv.follow-hex.txt", (lines) => {
		line = lines.findIndex((row) => row.startsWith("00000100"));
		lines.splice(line, 1);
	});
	const { records, report } = decodedAs("follow-hex", bytes);
	assert.match(
		report.remarks.join("\n"),
		new RegExp(`^line ${line + 1} `, "m"),
	);
	// The hole is inside PARAMS: the record behind it is found where the header says.
	assert.equal(records.length, 8);
});

test("a followed stream of raw digits with one that is none lacks the rest of the line", () => {
	const bytes = changed("conv.follow-raw.txt", (lines) => {
		const at = lines.findIndex((line) => line.startsWith("0101"));
		const row = lines[at] as string;
		lines[at] = `${row.slice(0, 200)}?${row.slice(201)}`;
	});
	const { records, report } = decodedAs("follow-raw", bytes);
	assert.match(report.remarks.join("\n"), /^line 7 is damaged/m);
	assert.ok(records.some(({ what }) => what.startsWith("3 1 8 0 ")));
});

test("a followed stream that ends in a row is cut off", () => {
	const whole = sampleBytes("conv.follow-hex.txt");
	const end = whole.lastIndexOf("00000210") + 40;
	assert.equal(
		decodedAs("follow-hex", whole.subarray(0, end)).report.truncated,
		true,
	);
	assert.equal(decodedAs("follow-hex", whole).report.truncated, false);
});

test("text at the end of a row cannot pass for bytes", () => {
	const row = (bytes: string, text: string) =>
		`0000  ${bytes.padEnd(47)}   ${text}\n`;
	const first = "45 00 00 2b 00 00 40 00 40 06 00 00 7f 00 00 01";
	const dump =
		row(first, "E..+..@.@.......") +
		row("7f 00 00 01", "31 32 33 34").replace("0000", "0010");
	const packets = decodedAs("tshark-x", Buffer.from(dump));
	assert.match(
		packets.report.remarks.join("\n"),
		/^the text ends in the middle of packet 1$/m,
	);
});

test("the bytes of FastCGI alone, copied as hex dumps, are told apart by their records", () => {
	const dump = (hex: string) =>
		`${(hex.match(/.{1,32}/g) ?? [])
			.map((row, i) => {
				const offset = (16 * i).toString(16).padStart(4, "0");
				return `${offset}   ${row.match(/../g)?.join(" ")}`;
			})
			.join("\n")}\n\n`;
	const payloads = sampleBytes("conv.tshark-payload.txt").toString().trim();
	const bytes = Buffer.from(
		`Copied:\n\n${payloads.split("\n").map(dump).join("and the answer\n")}`,
	);
	assert.deepEqual(formatsOf(bytes), ["tshark-x"]);
	const { records } = decodedAs("tshark-x", bytes);
	assert.deepEqual(
		records.map(({ direction, what }) => [direction.split(" ")[0], what]),
		decodedAs("pcap", sampleBytes("conv.pcap")).records.map(
			({ direction, what }) => [direction.split(" ")[0], what],
		),
	);
});

test("what looks like a dump in the details of a packet is none of it", () => {
	const dump = sampleBytes("conv.tshark-x-fcgi.txt").toString("latin1");
	const frame =
		"Frame 4: 970 bytes on wire (7760 bits), 970 bytes captured (7760 bits)\n";
	const details = "    Data: see below\n    0000  01 02 03 04   ....\n\n";
	const bytes = Buffer.from(frame + details + dump, "latin1");
	const { records, report } = decodedAs("tshark-x", bytes);
	assert.equal(records.length, 8);
	assert.equal(records[0]?.frame, 4);
	assert.deepEqual(report.remarks, []);
});

test("dumps that are indented in different ways are all read", () => {
	const [first, second] = sampleBytes("conv.tshark-x-fcgi.txt")
		.toString("latin1")
		.split("\n\n") as [string, string];
	const indented = second.replace(/^/gm, "        ");
	const bytes = Buffer.from(`${first}\n\n- and:\n\n${indented}\n`, "latin1");
	assert.equal(decodedAs("tshark-x", bytes).records.length, 8);
});

test("a packet list as Wireshark exports it gives numbers and times", () => {
	const [first, second] = sampleBytes("conv.tshark-x-fcgi.txt")
		.toString("latin1")
		.split("\n\n") as [string, string];
	const heading =
		"No.     Time           Source                Destination           Protocol Length Info\n";
	const line = (number: number, time: string) =>
		`${heading}${String(number).padStart(7)} ${time.padEnd(14)} 127.0.0.1             127.0.0.1             FCGI     970    42516 > 9000\n\n`;
	const text = `${line(4, "0.000196")}${first}\n\n${line(6, "0.001306")}${second}\n`;
	const { records, report } = decodedAs(
		"tshark-x",
		Buffer.from(text, "latin1"),
	);
	assert.deepEqual(
		records.map(({ frame, time }) => [frame, time]),
		[4, 4, 4, 4, 4, 6, 6, 6].map((frame) => [
			frame,
			frame === 4 ? 0.000196 : 0.001306,
		]),
	);
	assert.match(report.remarks.join("\n"), /times since its start only/);
});
