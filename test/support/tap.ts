// Runs `fcgi-inspect tap` as a user would, in front of a real application.

import { type ChildProcess, spawn } from "node:child_process";
import type { TestContext } from "node:test";
import { BIN } from "./cli.js";
import { until } from "./until.js";

/** A tap that runs. */
export interface RunningTap {
	readonly child: ChildProcess;
	/** What it has printed so far. */
	readonly stdout: () => string;
	readonly stderr: () => string;
	/** Ends it by a signal; its exit code, or the signal that ended it. */
	stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
	/** Waits until it ends by itself. */
	readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** How to run it. */
export interface TapRun {
	readonly env?: Readonly<Record<string, string>>;
	/** Whether its stdout is left unread. */
	readonly unread?: boolean;
}

/** Starts a tap, and waits until it has said what it does. */
export async function startTap(
	t: TestContext,
	args: readonly string[],
	{ env = {}, unread = false }: TapRun = {},
): Promise<RunningTap> {
	const child = spawn(process.execPath, [BIN, "tap", ...args], {
		env: { ...process.env, ...env },
		stdio: ["ignore", "pipe", "pipe"],
	});
	const stdout: Buffer[] = [];
	const stderr: Buffer[] = [];
	if (!unread) child.stdout.on("data", (bytes) => stdout.push(bytes));
	child.stderr.on("data", (bytes) => stderr.push(bytes));
	const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
		child.once("exit", (code, signal) => resolve(signal ?? code));
	});
	t.after(async () => {
		child.kill("SIGKILL");
		await ended;
	});
	const text = (pieces: readonly Buffer[]) =>
		Buffer.concat(pieces).toString("utf8");
	await until(
		`tap ${args.join(" ")} says something`,
		() => stderr.length > 0 || child.exitCode !== null,
	);
	return {
		child,
		stdout: () => text(stdout),
		stderr: () => text(stderr),
		ended,
		stop(signal = "SIGINT") {
			child.kill(signal);
			return ended;
		},
	};
}
