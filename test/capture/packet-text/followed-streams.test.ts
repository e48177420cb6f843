// Layouts of followed streams that no command here prints: Wireshark's dialog, older versions, several streams in one text.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodedAs, formatsOf, type ToldRecord } from "./decoded-text.js";
import { sampleBytes } from "./samples.js";

const TRUTH = said(decodedAs("pcap", sampleBytes("conv.pcap")).records);

/** Without addresses. */
function said(records: readonly ToldRecord[]): string[] {
	return records.map(
		({ direction, what }) => `${direction.split(" ")[0]} ${what}`,
	);
}

function text(file: string): string {
	return sampleBytes(file).toString("latin1");
}

function decodes(format: string, changed: string, times = 1): void {
	const bytes = Buffer.from(changed, "latin1");
	assert.deepEqual(formatsOf(bytes), [format]);
	const { records } = decodedAs(format, bytes);
	const expected = Array.from({ length: times }, () => TRUTH).flat();
	assert.deepEqual(said(records), expected);
}

const rows = (changed: string) =>
	changed
		.split("\n")
		.filter((line) => /^\t?[0-9A-Fa-f]{8}/.test(line))
		.join("\n");

test("a hex dump without a heading, the second node four blanks in, as the dialog saves it", () => {
	decodes(
		"follow-hex",
		rows(text("conv.follow-hex.txt")).replaceAll("\t", "    "),
	);
});

test("a hex dump in which the answer comes first", () => {
	const lines = rows(text("conv.follow-hex.txt")).split("\n");
	const answer = lines.filter((line) => line.startsWith("\t"));
	const question = lines.filter((line) => !line.startsWith("\t"));
	const { records } = decodedAs(
		"follow-hex",
		Buffer.from([...answer, ...question].join("\n")),
	);
	assert.deepEqual(said(records).sort(), [...TRUTH].sort());
});

test("two hex dumps without headings are two connections", () => {
	const one = rows(text("conv.follow-hex.txt"));
	decodes("follow-hex", `${one}\n${one}\n`, 2);
});

test("raw digits without a heading", () => {
	const lines = text("conv.follow-raw.txt")
		.split("\n")
		.filter((line) => /^\t?01/.test(line));
	decodes("follow-raw", `${lines.join("\n")}\n`);
});

test("C arrays without packet numbers, twice", () => {
	const one = text("conv.follow-carrays.txt").replace(/ \/\*[^*]*\*\//g, "");
	decodes("follow-c-arrays", `${one}\n${one}`, 2);
});

test("YAML as older versions print it", () => {
	const counts: Record<string, number> = { 0: 0, 1: 0 };
	const old = text("conv.follow-yaml.txt")
		.replace(/^[\s\S]*packets:\n/, "")
		.replace(
			/ {2}- packet: (\d+)\n {4}peer: (\d)\n {4}timestamp: \S+\n {4}data:/g,
			(_, packet, peer) => {
				const index = counts[peer] ?? 0;
				counts[peer] = index + 1;
				return `# Packet ${packet}\npeer${peer}_${index}:`;
			},
		);
	assert.match(old, /^# Packet 4\npeer0_0: !!binary \|\n/);
	decodes("follow-yaml", old);
});

test("two streams as YAML are two connections", () => {
	const one = text("conv.follow-yaml.txt");
	decodes("follow-yaml", one + one, 2);
});

test("the sentence about missing bytes is none of the stream", () => {
	const lines = text("conv.follow-raw.txt").split("\n");
	const at = lines.findIndex((line) => line.startsWith("0101"));
	const whole = lines[at] as string;
	const sentence = Buffer.from("[100 bytes missing in capture file]\0");
	lines.splice(
		at,
		1,
		whole.slice(0, 400),
		sentence.toString("hex"),
		whole.slice(600),
	);
	const { records } = decodedAs("follow-raw", Buffer.from(lines.join("\n")));
	assert.equal(records.length, 8);
	assert.deepEqual(said(records).slice(2), TRUTH.slice(2));
});

test("dumps of packets beside a followed stream are none of it", () => {
	const both = text("conv.tshark-x.txt") + text("conv.follow-hex.txt");
	const bytes = Buffer.from(both, "latin1");
	assert.deepEqual(formatsOf(bytes), ["follow-hex"]);
	assert.deepEqual(said(decodedAs("follow-hex", bytes).records), TRUTH);
});
