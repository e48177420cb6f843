// Runs the built command line as a user would.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** The command, for those who run it themselves. */
export const BIN = `${ROOT}bin/fcgi-inspect.js`;

/** The folder of the shipped captures, with a slash behind it. */
export const CAPTURES = `${ROOT}captures/`;

/** What a run left behind. */
export interface Run {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** How to run. */
export interface RunOptions {
	/** What comes in on stdin; nothing by default. */
	readonly stdin?: Buffer;
	/** Set in place of the environment's; undefined removes. */
	readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Longer than any run of a test takes: what has not ended by then hangs. */
const HANGS_AFTER_MS = 30_000;

/** Runs `fcgi-inspect` with arguments. A run that hangs is killed, and has no exit code. */
export function run(
	args: readonly string[],
	options: RunOptions = {},
): Promise<Run> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [BIN, ...args], {
			env: { ...process.env, ...options.env },
			timeout: HANGS_AFTER_MS,
			killSignal: "SIGKILL",
		});
		const stdout: Buffer[] = [];
		const stderr: Buffer[] = [];
		child.stdout.on("data", (data) => stdout.push(data));
		child.stderr.on("data", (data) => stderr.push(data));
		child.stdin.on("error", () => undefined);
		child.stdin.end(options.stdin);
		child.on("error", reject);
		child.on("close", (code) =>
			resolve({
				code,
				stdout: Buffer.concat(stdout).toString("utf8"),
				stderr: Buffer.concat(stderr).toString("utf8"),
			}),
		);
	});
}
