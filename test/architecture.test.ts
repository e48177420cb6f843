// Keeps the house as src/README.md describes it: which way imports run, one door per package, where node: modules may
// be, and registries that name every file they should.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const SRC = fileURLToPath(new URL("../../src/", import.meta.url));

/** What the rooms beside one another may import: none of the others. */
const SIBLING = ["stage", "errors", "fastcgi", "inspect"];
const ALL = [
	...SIBLING,
	"capture",
	"expert",
	"live",
	"redact",
	"render",
	"send",
	"servers",
];

/** Which rooms each room may import, itself apart. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
	stage: [],
	errors: [],
	fastcgi: ["stage", "errors"],
	inspect: ["stage", "errors", "fastcgi"],
	capture: SIBLING,
	expert: SIBLING,
	live: SIBLING,
	redact: SIBLING,
	render: SIBLING,
	send: SIBLING,
	servers: SIBLING,
	cli: ALL,
	index: ALL,
};

/** The same of the rooms within capture/; files that lie beside them count as rooms. */
const MAY_IMPORT_IN_CAPTURE: Readonly<Record<string, readonly string[]>> = {
	counted: [],
	head: [],
	format: ["head"],
	packet: [],
	recognition: [],
	write: [],
	text: ["head"],
	input: ["head"],
	network: ["counted", "format", "packet", "recognition"],
	dump: ["counted", "format", "head", "text"],
	log: ["counted", "format", "head", "recognition", "text"],
	pcap: ["counted", "format", "head", "network", "packet"],
	"packet-text": [
		...["format", "head", "network", "packet", "recognition", "text"],
	],
	index: ["dump", "format", "head", "log", "packet-text", "pcap"],
	"open-capture": ["format", "head", "index", "input"],
};

/** The one file that imports each package. */
const DOORS: Readonly<Record<string, string>> = {
	"cli-table3": "render/small-table.ts",
	fzstd: "capture/input/zstd.ts",
	hexy: "render/hex.ts",
	kleur: "render/words.ts",
	"pcap-parser": "capture/pcap/pcap-stream.ts",
};

/** Outside cli/ and live/, where a node: module may be imported. */
const MAY_USE_NODE = ["capture/input/input.ts", "capture/input/gzip.ts"];

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
	.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
	.sort();

const imports = files.flatMap((file) => {
	const text = readFileSync(join(SRC, file), "utf8");
	const found = text.matchAll(
		/^(?:import|export)\s[^;]*?from\s+"([^"]+)"|import\(\s*"([^"]+)"\s*\)|^import\s+"([^"]+)"/gm,
	);
	return [...found].map((match) => ({
		file,
		specifier: match[1] ?? match[2] ?? (match[3] as string),
	}));
});

const roomOf = (file: string) => file.split("/")[0]?.replace(/\.ts$/, "") ?? "";

/** The imports from one file below `folder` of another, named from there. */
const within = (folder: string) =>
	imports.flatMap(({ file, specifier }) => {
		if (!specifier.startsWith(".")) return [];
		const target = join(dirname(file), specifier).replace(/\.js$/, ".ts");
		return file.startsWith(folder) && target.startsWith(folder)
			? [
					{
						file: file.slice(folder.length),
						target: target.slice(folder.length),
					},
				]
			: [];
	});

test("there are files and imports to look at", () => {
	assert.ok(files.length > 30, `only ${files.length} files`);
	assert.ok(imports.length > 100, `only ${imports.length} imports`);
});

test("imports run one way through the rooms", () => {
	for (const { file, target } of within("")) {
		const from = roomOf(file);
		const to = roomOf(target);
		if (from === to) continue;
		assert.ok(
			MAY_IMPORT[from]?.includes(to),
			`${file} imports ${target}: ${from} may not import ${to}`,
		);
	}
});

test("imports run one way through the rooms of capture/", () => {
	const used = new Set<string>();
	for (const { file, target } of within("capture/")) {
		const from = roomOf(file);
		const to = roomOf(target);
		if (from === to) continue;
		assert.ok(
			MAY_IMPORT_IN_CAPTURE[from]?.includes(to),
			`capture/${file} imports ${target}: ${from} may not import ${to}`,
		);
		used.add(`${from} > ${to}`);
	}
	for (const [from, rooms] of Object.entries(MAY_IMPORT_IN_CAPTURE)) {
		for (const to of rooms) {
			assert.ok(used.has(`${from} > ${to}`), `${from} never imports ${to}`);
		}
	}
});

test("there are no import cycles", () => {
	const graph = new Map<string, string[]>(files.map((file) => [file, []]));
	for (const { file, target } of within("")) graph.get(file)?.push(target);
	const done = new Set<string>();
	const visit = (file: string, path: readonly string[]) => {
		assert.ok(
			!path.includes(file),
			`import cycle: ${[...path.slice(path.indexOf(file)), file].join(" > ")}`,
		);
		if (done.has(file)) return;
		for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
		done.add(file);
	};
	for (const file of files) visit(file, []);
});

test("each package has one door", () => {
	for (const { file, specifier } of imports) {
		if (specifier.startsWith(".") || specifier.startsWith("node:")) continue;
		if (specifier === "commander") {
			assert.ok(file.startsWith("cli/"), `${file} imports commander`);
			continue;
		}
		assert.equal(file, DOORS[specifier], `${file} imports ${specifier}`);
	}
	for (const door of Object.values(DOORS)) {
		assert.ok(files.includes(door), `${door} is not there`);
	}
});

test("node: modules are imported where files are opened, in live/ and in cli/ only", () => {
	for (const { file, specifier } of imports) {
		if (!specifier.startsWith("node:")) continue;
		assert.ok(
			/^(?:cli|live)\//.test(file) || MAY_USE_NODE.includes(file),
			`${file} imports ${specifier}`,
		);
	}
});

test("there are no default exports, no enums and no any", () => {
	for (const file of files) {
		const text = readFileSync(join(SRC, file), "utf8");
		assert.doesNotMatch(text, /^export default/m, file);
		assert.doesNotMatch(text, /^\s*(?:export )?(?:const )?enum /m, file);
		assert.doesNotMatch(text, /[:<]\s*any\b/, file);
	}
});

test("every file opens with a comment that says what it is", () => {
	for (const file of files) {
		const text = readFileSync(join(SRC, file), "utf8");
		assert.match(text, /^(?:\/\/ |\/\*\*)/, file);
	}
});

test("no folder or file has a name that says nothing", () => {
	for (const file of files) {
		assert.doesNotMatch(
			file,
			/(?:^|[/-])(?:utils?|helpers?|manager|handler|common|misc)(?:[./-]|$)/,
		);
	}
});
