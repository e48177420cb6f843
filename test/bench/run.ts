// `npm run bench [megabytes | tap | send]`: decoding beside tshark, a bare read loop and pcap-parser, and the cost of starting. It
// prints ratios, measured in one run; absolute times say more about the machine.

import {
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { hasTshark } from "../support/tshark.js";
import { repeatSample, SAMPLES } from "./forms.js";
import { type Mix, makeCapture, SITE, SMALL } from "./make-capture.js";
import { type Cost, compare } from "./measure.js";
import { writePcapngOf } from "./pcapng-of.js";
import { benchSend } from "./send.js";
import { benchTap } from "./tap.js";

const RUNS = 5;
const WITHOUT = "decode -T ndjson --no-findings";
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const CLI = here("../../../bin/fcgi-inspect.js");
const decode = (format: string, file: string) => [
	process.execPath,
	CLI,
	"decode",
	"-T",
	format,
	file,
];

const [size = "1000"] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-bench-"));
try {
	if (size !== "send") await benchTap(folder);
	if (size !== "tap") await benchSend(folder);
	if (size !== "tap" && size !== "send") await benchOthers(Number(size));
} finally {
	rmSync(folder, { recursive: true });
}

async function benchOthers(megabytes: number): Promise<void> {
	await benchStart();
	await benchDecode(SITE, megabytes);
	await benchDecode(SMALL, megabytes / 10);
	await benchArchives(megabytes / 5);
	await benchForms(megabytes / 20);
	await benchMemory();
}

async function benchStart(): Promise<void> {
	const costs = await compare(
		{
			"node -e 0": [process.execPath, "-e", "0"],
			"fcgi-inspect --version": [process.execPath, CLI, "--version"],
			"fcgi-inspect decode --help": [process.execPath, CLI, "decode", "--help"],
		},
		20,
	);
	console.log("\nstarting (the goal: --version within 1.6 times of node -e 0)");
	const base = costs.get("node -e 0") as Cost;
	for (const [name, cost] of costs) {
		row(name, cost, `${ratio(cost, base)} times node -e 0`);
	}
}

async function benchDecode(mix: Mix, size: number): Promise<void> {
	const file = join(folder, `${mix.name}.pcap`);
	const requests = makeCapture(file, size * 1e6, mix);
	const pcapng = join(folder, `${mix.name}.pcapng`);
	writePcapngOf(file, pcapng);
	const bytes = statSync(file).size;
	const commands: Record<string, readonly string[]> = {
		"bare read loop": [process.execPath, here("read-loop.js"), file],
		"pcap-parser alone": [process.execPath, here("pcap-parser-loop.js"), file],
		"decode -T ndjson": decode("ndjson", file),
		"decode -T ndjson, as pcapng": decode("ndjson", pcapng),
		[WITHOUT]: [...decode("ndjson", file), "--no-findings"],
		"decode -T requests": decode("requests", file),
		"decode -T table": decode("table", file),
		"decode (flow)": decode("flow", file),
	};
	const tshark = "tshark -T fields -e fcgi.type";
	if (hasTshark()) {
		commands[tshark] = [
			"tshark",
			...["-r", file, "-d", "tcp.port==9000,fcgi"],
			...["-T", "fields", "-e", "fcgi.type"],
		];
	}
	const costs = await compare(commands, RUNS);
	console.log(
		`\n${mix.name}: ${Math.round(bytes / 1e6)} MB, ${requests} requests (the goal: ndjson at 20 times tshark's speed or better, on the site's mix; pcapng at 0.9 of pcap's)`,
	);
	const yardstick = costs.get(tshark);
	for (const [name, cost] of costs) {
		const rate = `${Math.round(bytes / 1e6 / cost.seconds)} MB/s`;
		const times = yardstick ? `${ratio(yardstick, cost)} times tshark` : "";
		row(name, cost, rate, times);
	}
	const looking = costs.get("decode -T ndjson") as Cost;
	const without = costs.get(WITHOUT) as Cost;
	console.log(
		`findings cost ${ratio(looking, without)} times a decode without them (the goal: at most 1.25)`,
	);
	rmSync(pcapng);
	rmSync(file);
}

async function benchArchives(size: number): Promise<void> {
	const file = join(folder, "packed.pcap");
	makeCapture(file, size * 1e6, SITE);
	const bytes = statSync(file).size;
	const gzip = `${file}.gz`;
	writeFileSync(gzip, gzipSync(readFileSync(file)));
	const costs = await compare(
		{
			"decode, not packed": decode("ndjson", file),
			"decode, gzip": decode("ndjson", gzip),
			"gzip -dc | decode -": [
				"sh",
				"-c",
				`gzip -dc ${gzip} | ${decode("ndjson", "-").join(" ")}`,
			],
		},
		RUNS,
	);
	console.log(
		"\narchives (the goal: gzip within 1.3 times of gzip -dc | decode -)",
	);
	const base = costs.get("gzip -dc | decode -") as Cost;
	for (const [name, cost] of costs) {
		const rate = `${Math.round(bytes / 1e6 / cost.seconds)} MB/s unpacked`;
		row(name, cost, rate, `${ratio(cost, base)} times the pipe's time`);
	}
	rmSync(gzip);
	rmSync(file);
}

async function benchForms(size: number): Promise<void> {
	console.log("\ntexts and logs (the goal: 20 MB/s or better)");
	for (const [name, sample] of Object.entries(SAMPLES)) {
		const file = join(folder, "form");
		repeatSample(sample, file, size * 1e6);
		const bytes = statSync(file).size;
		const costs = await compare({ [name]: decode("ndjson", file) }, 1);
		for (const cost of costs.values()) {
			row(name, cost, `${Math.round(bytes / 1e6 / cost.seconds)} MB/s`);
		}
		rmSync(file);
	}
}

async function benchMemory(): Promise<void> {
	console.log(
		"\npeak memory (the goal: 1 GB within 30 MB of 100 MB, under 200 MB)",
	);
	const inputs: Record<string, (file: string, bytes: number) => void> = {
		pcap: (file, bytes) => makeCapture(file, bytes, SITE),
		"strace log": (file, bytes) =>
			repeatSample("strace/yy.strace", file, bytes),
	};
	for (const [name, make] of Object.entries(inputs)) {
		const peaks: number[] = [];
		for (const size of [100, 1000]) {
			const file = join(folder, "memory");
			make(file, size * 1e6);
			const title = `${name}, ${size} MB`;
			const costs = await compare({ [title]: decode("ndjson", file) }, 1);
			for (const cost of costs.values()) {
				row(title, cost);
				peaks.push(cost.peakMegabytes ?? 0);
			}
			rmSync(file);
		}
		const [small = 0, large = 0] = peaks;
		console.log(`  difference ${Math.round(large - small)} MB`);
	}
}

function row(name: string, cost: Cost, ...more: readonly string[]): void {
	const peak =
		cost.peakMegabytes === undefined
			? ""
			: `peak ${Math.round(cost.peakMegabytes)} MB`;
	console.log(
		`  ${name.padEnd(32)}${`${cost.seconds.toFixed(3)} s`.padStart(10)}  ${[...more, peak].filter(Boolean).join(", ")}`,
	);
}

function ratio(a: Cost, b: Cost): string {
	return (a.seconds / b.seconds).toFixed(2);
}
