// A tap between two ends that cost next to nothing (test/apps/load.c), beside socat and beside nothing at all.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { until } from "./until.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const CLI = here("../../../bin/fcgi-inspect.js");
const execute = promisify(execFile);

/** What a client has measured. */
export interface Load {
	readonly megabytesPerSecond: number;
	readonly requestsPerSecond: number;
	/** Microseconds. */
	readonly p50: number;
	readonly p99: number;
	readonly longest: number;
	readonly failed: number;
}

/** How a client asks. */
export interface Asking {
	readonly requests: number;
	readonly connections: number;
	/** On kept connections; otherwise on a new one for each request. */
	readonly keep: boolean;
	/** Requests a second, all connections together; as many as go by default. */
	readonly rate?: number;
}

/** Builds the program that plays both ends, into a folder. */
export async function buildLoad(folder: string): Promise<LoadProgram> {
	const program = join(folder, "load");
	const source = here("../../../test/apps/load.c");
	await execute("cc", ["-O2", "-pthread", "-o", program, source]);
	return new LoadProgram(program, folder);
}

/** Both ends, and what can stand between them. */
export class LoadProgram {
	readonly #program: string;
	readonly #folder: string;
	readonly #running: ChildProcess[] = [];

	constructor(program: string, folder: string) {
		this.#program = program;
		this.#folder = folder;
	}

	/** Starts an application that answers with so many bytes; returns its socket. */
	app(name: string, bytes: number): Promise<string> {
		const path = this.#path(name);
		return this.#start(path, this.#program, ["app", path, String(bytes)]);
	}

	/** Starts a tap in front of a socket; returns where it listens. */
	async tap(
		name: string,
		behind: string,
		args: readonly string[],
	): Promise<{ path: string; child: ChildProcess }> {
		const path = this.#path(name);
		await this.#start(path, process.execPath, [
			...[CLI, "tap", behind, "--listen", path],
			...args,
		]);
		return { path, child: this.#running.at(-1) as ChildProcess };
	}

	/** Starts a socat in front of a socket, with options such as `-x -v`. */
	socat(name: string, behind: string, ...options: string[]): Promise<string> {
		const path = this.#path(name);
		return this.#start(path, "socat", [
			...options,
			`UNIX-LISTEN:${path},fork,backlog=1024`,
			`UNIX-CONNECT:${behind}`,
		]);
	}

	/** Asks at a socket. */
	async ask(path: string, asking: Asking): Promise<Load> {
		const { requests, connections, keep, rate = 0 } = asking;
		const numbers = [requests, connections].map(String);
		const { stdout } = await execute(this.#program, [
			...["client", path, ...numbers, keep ? "keep" : "new", String(rate)],
		]).catch((error: { stdout: string }) => error);
		const [mbs = 0, rps = 0, p50 = 0, p99 = 0, longest = 0, failed = -1] =
			stdout.trim().split(" ").map(Number);
		return {
			megabytesPerSecond: mbs,
			requestsPerSecond: rps,
			p50,
			p99,
			longest,
			failed,
		};
	}

	/** Ends all that was started. */
	async stop(): Promise<void> {
		await Promise.all(this.#running.map(stopped));
	}

	#path(name: string): string {
		return join(this.#folder, `${name}.sock`);
	}

	async #start(
		path: string,
		program: string,
		args: readonly string[],
	): Promise<string> {
		rmSync(path, { force: true });
		const child = spawn(program, args, { stdio: "ignore" });
		this.#running.push(child);
		await until(`${path} is there`, () => existsSync(path));
		return path;
	}
}

/** Ends a process in order; socat's children with it. */
export async function stopped(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const gone = new Promise((resolve) => child.once("exit", resolve));
	child.kill("SIGINT");
	const timer = setTimeout(() => child.kill("SIGKILL"), 8000);
	await gone;
	clearTimeout(timer);
}

/** Memory that a process has now, in megabytes. */
export function residentMegabytes(pid: number | undefined): number {
	const status = readFileSync(`/proc/${pid}/status`, "utf8");
	return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1000;
}

/** Files, sockets among them, that a process has open now. */
export function openDescriptors(pid: number | undefined): number {
	return readdirSync(`/proc/${pid}/fd`).length;
}
