// Packs the package, installs it as a user would, and runs what was installed: the command, and the typed library.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CAPTURE = `${ROOT}captures/01-nginx-fpm-basic.pcap`;
const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-package-"));
after(() => rmSync(folder, { recursive: true }));

let packed: { filename: string; files: { path: string }[] };

before(() => {
	const output = execFileSync(
		"npm",
		["pack", "--json", "--ignore-scripts", "--pack-destination", folder],
		{ cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
	);
	const result = JSON.parse(output) as
		| (typeof packed)[]
		| Record<string, typeof packed>;
	packed = Object.values(result)[0] as typeof packed;
	execFileSync(
		"npm",
		[
			...["install", "--prefix", folder, "--global", "--prefer-offline"],
			join(folder, packed.filename),
		],
		{ stdio: "ignore" },
	);
});

test("the package holds what it needs and nothing else", () => {
	const folders = new Set(packed.files.map(({ path }) => path.split("/")[0]));
	assert.deepEqual([...folders].sort(), [
		"CHANGELOG.md",
		"LICENSE",
		"README.md",
		"bin",
		"dist",
		"package.json",
	]);
	const files = packed.files.map(({ path }) => path);
	assert.ok(files.includes("dist/live/spawn/keeper.js"));
});

test("the installed command decodes a capture", () => {
	const result = spawnSync(
		join(folder, "bin/fcgi-inspect"),
		["decode", "-T", "requests", CAPTURE],
		{ encoding: "utf8" },
	);
	assert.equal(result.stderr, "");
	assert.equal(result.stdout.trimEnd().split("\n").length, 14);
});

test("the installed library is typed", () => {
	const project = join(folder, "lib");
	writeFileSync(
		join(folder, "lib/use.mts"),
		`import { type FcgiRecord, Inspector, openCapture, RecordDecoder } from "fcgi-inspect";
const records: readonly FcgiRecord[] = new RecordDecoder().push(Buffer.alloc(0));
for (const record of records) {
	if (record.kind === "endRequest") console.log(record.body?.appStatus.toFixed());
	// @ts-expect-error: a body is there for its own kind only
	if (record.kind === "stdin") console.log(record.body.appStatus);
}
const source = await openCapture(process.argv[2] as string, { ports: [] });
const inspector = new Inspector();
let requests = 0;
for await (const chunks of source) {
	for (const chunk of chunks) {
		for (const event of inspector.push(chunk)) {
			if (event.kind === "requestEnded") requests++;
		}
	}
}
console.log(requests);
`,
	);
	const compiled = spawnSync(
		process.execPath,
		[
			join(ROOT, "node_modules/typescript/bin/tsc"),
			...["--strict", "--module", "nodenext", "--target", "es2022"],
			...["--types", "node", "--typeRoots", join(ROOT, "node_modules/@types")],
			"use.mts",
		],
		{ cwd: project, encoding: "utf8" },
	);
	assert.equal(compiled.stdout, "");
	const result = spawnSync(process.execPath, ["use.mjs", CAPTURE], {
		cwd: project,
		encoding: "utf8",
	});
	assert.equal(result.stderr, "");
	assert.equal(result.stdout, "13\n");
});
