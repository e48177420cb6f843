// Every stream of a capture, followed by tshark, has to decode to the same records as the capture itself. The GUI's forms
// have no command: they are made of tshark's here, by the layout of Wireshark's dialog.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import {
	type Decoded,
	decodedAs,
	formatsOf,
	has,
	printed,
} from "./decoded-text.js";

const CAPTURES = fileURLToPath(
	new URL("../../../../captures/", import.meta.url),
);

/** Small ones of each kind; all of them with FCGI_INSPECT_ALL set. In 7b, 7c and 7d tshark follows other streams than are there. */
const FILES = readdirSync(CAPTURES).filter(
	(file) =>
		file.endsWith(".pcap") &&
		!/^7[bcd]-/.test(file) &&
		(process.env.FCGI_INSPECT_ALL !== undefined ||
			/^(05|14|30|40|42|70|75)-/.test(file)),
);

/** Streams followed at once. */
const MAX_STREAMS = 40;

function followed(file: string, form: string): Buffer {
	const streams = printed("tshark", [
		..."-T fields -e tcp.stream -r".split(" "),
		`${CAPTURES}${file}`,
	]);
	const numbers = new Set(
		streams
			.toString()
			.split("\n")
			.filter((line) => line !== ""),
	);
	const taps = [...numbers]
		.slice(0, MAX_STREAMS)
		.flatMap((number) => ["-z", `follow,tcp,${form},${number}`]);
	return printed("tshark", ["-q", "-r", `${CAPTURES}${file}`, ...taps]);
}

/** What each side of each connection said, without the order of the connections, which tshark has turned round. */
function bySender({ records }: Decoded, withAddresses = true): unknown {
	const senders = new Map<string, string[]>();
	for (const { direction, what } of records) {
		const said = senders.get(direction) ?? [];
		senders.set(direction, said);
		said.push(what);
	}
	const all = [...senders].map(([direction, said]) =>
		withAddresses ? [direction, ...said] : said,
	);
	return all.map((said) => said.join("\n")).sort();
}

const FORMS = [
	["follow-hex", "hex"],
	["follow-raw", "raw"],
	["follow-yaml", "yaml"],
] as const;

for (const [name, form] of FORMS) {
	test(`streams that tshark follows as ${form} decode as the capture does`, {
		skip: has("tshark") ? false : "tshark is not installed",
	}, () => {
		for (const file of FILES) {
			const capture = decodedAs("pcap", readFileSync(`${CAPTURES}${file}`));
			if (capture.records.length === 0) continue;
			const bytes = followed(file, form);
			assert.deepEqual(formatsOf(bytes), [name], file);
			const text = decodedAs(name, bytes);
			assert.deepEqual(bySender(text), bySender(capture), file);
		}
	});
}
