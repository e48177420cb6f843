// What tshark and tcpdump print of a capture has to decode to the same as the capture itself: the same records on the same
// connections, in the same packets, at the same times where the text has them.

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

/** What a text keeps of the times: them, their distances, or nothing. */
type Times = "all" | "distances" | "none";

/** The name of the format, the program, its arguments, and what it keeps. */
type Way = readonly [string, "tcpdump" | "tshark", string, Times];

const WAYS: readonly Way[] = [
	["tcpdump-x", "tcpdump", "-nn -x", "distances"],
	["tcpdump-x", "tcpdump", "-nn -tttt -v -XX", "all"],
	["tcpdump-x", "tcpdump", "-tt -e -xx --number", "all"],
	["tcpdump-x", "tcpdump", "-nn -t -vv -e -S -X", "none"],
	["tcpdump-x", "tcpdump", "-nn -ttt -q -xx -l", "distances"],
	["tcpdump-x", "tcpdump", "-nn -ttttt -v --number -x", "distances"],
	["tshark-x", "tshark", "-x", "none"],
	["tshark-x", "tshark", "-x -P -t ad", "all"],
	["tshark-x", "tshark", "-x -P", "distances"],
	["tshark-x", "tshark", "-x -P -t e -d tcp.port==9000,fcgi", "all"],
	["tshark-x", "tshark", "-x -V -d tcp.port==9000,fcgi", "all"],
	["tshark-json", "tshark", "-T json -x", "all"],
	["tshark-json", "tshark", "-T jsonraw -d tcp.port==9000,fcgi", "none"],
	["tshark-ek", "tshark", "-T ek -x", "all"],
	["pdml", "tshark", "-T pdml", "all"],
	["pdml", "tshark", "-T pdml -d tcp.port==9000,fcgi", "all"],
];

/** Small ones of each kind, fewer for tshark, which takes its time to start; all of them with FCGI_INSPECT_ALL set. */
const FEW = /^(14b|30|40|42|50|75)-/;
const ALL = process.env.FCGI_INSPECT_ALL !== undefined;
const FILES = readdirSync(CAPTURES).filter(
	(file) =>
		file.endsWith(".pcap") &&
		(ALL || /^(05|14b|30|40|41|42|44|47|49e|49g|50|70|75|77)-/.test(file)),
);

function textOf(file: string, [, program, options]: Way): Buffer {
	const args = options.split(" ");
	return printed(program, ["-r", `${CAPTURES}${file}`, ...args]);
}

function sameTimes(text: Decoded, capture: Decoded, times: Times): void {
	const shift =
		times === "all"
			? 0
			: (capture.records[0]?.time ?? 0) - (text.records[0]?.time ?? 0);
	for (const [i, record] of text.records.entries()) {
		if (times === "none") {
			assert.equal(record.time, undefined);
			continue;
		}
		const off = (record.time ?? 0) + shift - (capture.records[i]?.time ?? 0);
		assert.ok(Math.abs(off) < 2e-6, `record ${i} is ${off} s off`);
	}
}

for (const program of ["tcpdump", "tshark"] as const) {
	const skip = has(program) ? false : `${program} is not installed`;
	for (const way of WAYS.filter((candidate) => candidate[1] === program)) {
		test(`what ${program} ${way[2]} prints decodes as the capture does`, {
			skip,
		}, () => {
			let compared = 0;
			for (const file of FILES) {
				if (!ALL && program === "tshark" && !FEW.test(file)) continue;
				const capture = decodedAs("pcap", readFileSync(`${CAPTURES}${file}`));
				if (capture.records.length === 0) continue;
				// Without times of its own, a text has no other order than that of its lines.
				if (way[3] !== "all" && file.startsWith("7c-")) continue;
				const bytes = textOf(file, way);
				assert.equal(formatsOf(bytes)[0], way[0], file);
				const text = decodedAs(way[0], bytes);
				const told = ({ records }: Decoded) =>
					records.map(({ direction, what, frame }) => [direction, what, frame]);
				assert.deepEqual(told(text), told(capture), `${file}: records`);
				assert.deepEqual(text.requests, capture.requests, `${file}: requests`);
				sameTimes(text, capture, way[3]);
				compared++;
			}
			assert.ok(compared >= 6, `only ${compared} captures`);
		});
	}
}
