// The layouts that JSON takes on its way: what jq makes of it, keys in any order, colours, prose, one packet or none.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodedAs, formatsOf } from "./decoded-text.js";
import { sampleBytes } from "./samples.js";

type Packets = { _source: { layers: Record<string, unknown> } }[];

const PACKETS: Packets = JSON.parse(
	sampleBytes("conv.tshark-json-x.json").toString(),
);
const TRUTH = decodedAs("pcap", sampleBytes("conv.pcap")).records;

const sorted = (value: unknown): unknown => {
	if (Array.isArray(value)) return value.map(sorted);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, field]) => [key, sorted(field)]),
	);
};
const frameOnly = ({ frame_raw, frame }: Record<string, unknown>) => ({
	frame_raw,
	frame,
});

const LAYOUTS: readonly (readonly [string, string])[] = [
	["on one line", JSON.stringify(PACKETS)],
	["with tabs", JSON.stringify(PACKETS, undefined, "\t")],
	["one packet a line", PACKETS.map((p) => JSON.stringify(p)).join("\n")],
	[
		"one packet behind the other",
		PACKETS.map((p) => JSON.stringify(p, undefined, 2)).join("\n"),
	],
	["with sorted keys", JSON.stringify(sorted(PACKETS), undefined, 2)],
	["the layers alone", JSON.stringify(PACKETS.map((p) => p._source.layers))],
	[
		"the frames alone",
		JSON.stringify(
			PACKETS.map((p) => frameOnly(p._source.layers)),
			undefined,
			4,
		),
	],
	[
		"behind prose",
		`$ tshark -T json -x -r "my file.pcap" # it's odd: {see [below\n${JSON.stringify(PACKETS, undefined, 2)}`,
	],
];

for (const [how, text] of LAYOUTS) {
	test(`JSON ${how} decodes to the conversation`, () => {
		const bytes = Buffer.from(text);
		assert.deepEqual(formatsOf(bytes), ["tshark-json"]);
		const { records, report } = decodedAs("tshark-json", bytes);
		assert.deepEqual(records, TRUTH);
		assert.equal(report.truncated, false);
	});
}

test("a packet with digits that are none is cut there, and the line is named", () => {
	const text = JSON.stringify(PACKETS, undefined, 2).split("\n");
	const line = text.findIndex((row) => /"[0-9a-f]{600}/.test(row));
	text[line] = (text[line] as string).replace(/("[0-9a-f]{500})../, "$1xx");
	const { records, report } = decodedAs(
		"tshark-json",
		Buffer.from(text.join("\n")),
	);
	assert.match(
		report.remarks.join("\n"),
		new RegExp(`^line ${line + 1} is damaged`, "m"),
	);
	assert.equal(records[0]?.what, "1 1 8 0 0001000000000000");
	assert.ok(records.some(({ what }) => what.startsWith("3 1 8 0 ")));
});

test("a string whose quote is missing costs its packet, and none behind it", () => {
	const text = JSON.stringify(PACKETS, undefined, 2).replace(
		/("[0-9a-f]{600,})"/,
		"$1",
	);
	const { records } = decodedAs("tshark-json", Buffer.from(text));
	assert.deepEqual(records, TRUTH);
});

test("a string of any length is not held", () => {
	const long = "61".repeat(2_000_000);
	const text = `[{"frame_raw":["${long}",0],"frame":{"frame.number":"7"}}]`;
	const { report } = decodedAs("tshark-json", Buffer.from(text));
	assert.match(report.remarks.join("\n"), /^line 1 is damaged/m);
});
