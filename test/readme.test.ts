// Runs every example of the README and compares what it prints with what the README says. A line `...` stands for any
// lines.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const README = readFileSync(`${ROOT}README.md`, "utf8");

/** A folder on the path in which `fcgi-inspect` is what was built. */
const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-readme-"));
symlinkSync(`${ROOT}bin/fcgi-inspect.js`, join(folder, "fcgi-inspect"));
after(() => rmSync(folder, { recursive: true }));

const ENV = {
	...process.env,
	PATH: `${folder}:${process.env.PATH}`,
	TZ: "UTC",
	FORCE_COLOR: "0",
};

/** The commands of the README that CI runs itself, before it gets here. */
const RUN_BY_CI = [
	"npm ci && npm test",
	"npm ci && npm run build && node bin/fcgi-inspect.js decode captures/01-nginx-fpm-basic.pcap",
];

function fences(language: string): string[] {
	const found = README.matchAll(
		new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "gm"),
	);
	return [...found].map((match) => match[1] as string);
}

/** The commands of a console fence, each with what it should print. */
function examples(): { command: string; expected: string[] }[] {
	return fences("console").flatMap((fence) =>
		fence
			.split(/^\$ /m)
			.slice(1)
			.map((text) => {
				const [command, ...expected] = text.trimEnd().split("\n");
				return { command: command as string, expected };
			}),
	);
}

/** Whether a command needs something that is not part of the project, and that not everybody has. */
function lacks(command: string): string | false {
	for (const program of ["jq", "tcpdump", "xxd"]) {
		if (!new RegExp(`(^|\\| )${program}( |$)`).test(command)) continue;
		const found = spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
		if (!found && process.env.CI) throw new Error(`CI has to have ${program}`);
		if (!found) return `${program} is not installed`;
	}
	return false;
}

function matches(
	actual: readonly string[],
	expected: readonly string[],
): boolean {
	const [first, ...rest] = expected;
	if (first === undefined) return actual.length === 0;
	if (first !== "...") {
		return actual[0] === first && matches(actual.slice(1), rest);
	}
	for (let skipped = 0; skipped <= actual.length; skipped++) {
		if (matches(actual.slice(skipped), rest)) return true;
	}
	return false;
}

test("there are examples", () => {
	assert.ok(examples().length >= 8, `only ${examples().length}`);
});

for (const { command, expected } of examples()) {
	test(`$ ${command}`, { skip: lacks(command) }, () => {
		const result = spawnSync("bash", ["-c", command], {
			cwd: ROOT,
			env: ENV,
			encoding: "utf8",
		});
		const actual = `${result.stdout}${result.stderr}`.trimEnd().split("\n");
		if (!matches(actual, expected)) assert.deepEqual(actual, expected);
		assert.equal(result.status, 0);
	});
}

for (const [i, code] of fences("js").entries()) {
	test(`the library's example ${i + 1} prints what it says`, () => {
		const result = spawnSync(
			process.execPath,
			["--input-type=module", "--eval", code],
			{ cwd: ROOT, encoding: "utf8" },
		);
		assert.equal(result.stderr, "");
		const expected = fences("text")[i]?.trimEnd().split("\n") ?? [];
		const actual = result.stdout.trimEnd().split("\n");
		if (!matches(actual, expected)) assert.deepEqual(actual, expected);
	});
}

test("the commands that install are those that CI runs", () => {
	const ci = readFileSync(`${ROOT}.ci/run`, "utf8");
	for (const command of RUN_BY_CI) {
		assert.ok(README.includes(command));
		assert.ok(ci.includes(command), command);
	}
});
