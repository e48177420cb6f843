// Real FastCGI applications for tests (test/apps/README.md): built when they are first wanted, and run on a socket that
// spawn-fcgi makes, which is no part of this project.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { readFile, rename } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Address, netOptions } from "../../src/live/address.js";
import { until } from "./until.js";

const SOURCES = fileURLToPath(new URL("../../../test/apps/", import.meta.url));

/** Beside the compiled tests, so that all of their processes share what is built. */
const BUILT = fileURLToPath(new URL("../../apps/", import.meta.url));

/** The applications there are. */
export const APPS = ["libfcgi", "go", "php-cgi", "fcgiwrap"] as const;
export type AppName = (typeof APPS)[number];

/** The program and its arguments, to be started with a listening socket as descriptor 0. */
export async function appCommand(name: AppName): Promise<readonly string[]> {
	switch (name) {
		case "libfcgi":
			return [
				await built("libfcgi.c", (source, program) => [
					...["cc", "-O1", "-o", program, source, "-lfcgi"],
				]),
			];
		case "go":
			return [
				await built("go.go", (source, program) => [
					...["go", "build", "-o", program, source],
				]),
			];
		default:
			// In Debian fcgiwrap is in a folder that only root has in its PATH.
			return [name === "fcgiwrap" ? "/usr/sbin/fcgiwrap" : name];
	}
}

/** The parameters of a request that asks an application for something (test/apps/README.md). */
export function appParams(name: AppName, query = ""): Record<string, string> {
	const script = { "php-cgi": "php-cgi.php", fcgiwrap: "fcgiwrap.sh" };
	const file = name in script ? script[name as keyof typeof script] : name;
	return {
		GATEWAY_INTERFACE: "CGI/1.1",
		SERVER_PROTOCOL: "HTTP/1.1",
		REQUEST_METHOD: "GET",
		SCRIPT_FILENAME: SOURCES + file,
		SCRIPT_NAME: `/${file}`,
		REQUEST_URI: `/${file}?${query}`,
		QUERY_STRING: query,
		// php-cgi as Debian builds it wants to know that a web server redirected to it.
		REDIRECT_STATUS: "200",
	};
}

/** What runs. Whatever becomes of a test, nothing of it is left. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
	for (const { pid } of running) if (pid !== undefined) killGroup(pid);
});

/** An application that runs. */
export interface App {
	readonly address: Address;
	/** The process, which leads a group of its own. */
	readonly pid: number;
	/** The parameters of a request to it. */
	params(query?: string): Record<string, string>;
	/** Ends it and what it forked, and removes its socket. */
	stop(): Promise<void>;
}

/** How to run an application. */
export interface AppOptions {
	/** On a TCP port of 127.0.0.1; otherwise on a Unix socket. */
	readonly tcp?: boolean;
	/** Where the Unix socket is to be; otherwise in a folder of its own. */
	readonly path?: string;
	/** Arguments besides those it needs, such as `-c 4` for fcgiwrap. */
	readonly args?: readonly string[];
	/** Added to the environment, such as PHP_FCGI_CHILDREN. */
	readonly env?: Readonly<Record<string, string>>;
}

/** Starts an application, and waits until it listens. */
export async function startApp(
	name: AppName,
	{ tcp = false, path, args = [], env = {} }: AppOptions = {},
): Promise<App> {
	const command = [...(await appCommand(name)), ...args];
	const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-app-"));
	const address: Address = tcp
		? { kind: "tcp", host: "127.0.0.1", port: await freePort() }
		: { kind: "unix", path: path ?? join(folder, "app.sock") };
	const where =
		address.kind === "tcp"
			? ["-a", address.host, "-p", `${address.port}`]
			: ["-s", path ?? join(folder, "app.sock")];
	// spawn-fcgi does not look through PATH, and env does.
	const started = ["-n", ...where, "--", "/usr/bin/env", ...command];
	const child = spawn("spawn-fcgi", started, {
		detached: true,
		stdio: ["ignore", "ignore", "inherit"],
		env: { ...process.env, ...env },
	});
	running.add(child);
	const ended = new Promise<void>((resolve) => {
		child.once("error", () => resolve());
		child.once("exit", () => resolve());
	});
	const stop = async () => {
		if (child.pid !== undefined) killGroup(child.pid);
		await ended;
		running.delete(child);
		if (address.kind === "unix") rmSync(address.path, { force: true });
		rmSync(folder, { recursive: true, force: true });
	};
	try {
		await until(`${name} listens`, () => {
			if (child.exitCode !== null) throw new Error(`${name} has ended`);
			return listens(address);
		});
	} catch (error) {
		await stop();
		throw error;
	}
	return {
		address,
		pid: child.pid as number,
		params: (query) => appParams(name, query),
		stop,
	};
}

/** A port of 127.0.0.1 that nobody listened on just now. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (address === null || typeof address === "string") throw new Error();
	return address.port;
}

/** Whether somebody accepts, or will. */
export function listens(address: Address): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(netOptions(address));
		socket.once("connect", () => resolve(true));
		socket.once("error", () => resolve(false));
		socket.once("connect", () => socket.destroy());
	});
}

/** The program made of a source; made anew where the source is another. */
async function built(
	source: string,
	compiler: (source: string, program: string) => readonly string[],
): Promise<string> {
	const path = SOURCES + source;
	const digest = createHash("sha256").update(await readFile(path));
	const program = `${BUILT}${source}-${digest.digest("hex").slice(0, 12)}`;
	if (existsSync(program)) return program;
	mkdirSync(BUILT, { recursive: true });
	// Other test processes may be at it: whoever is last puts the same in place.
	const unfinished = `${program}.${process.pid}`;
	const [command = "", ...args] = compiler(path, unfinished);
	await promisify(execFile)(command, args, {
		env: { ...process.env, GO111MODULE: "off" },
	});
	await rename(unfinished, program);
	return program;
}

function killGroup(pid: number): void {
	try {
		process.kill(-pid, "SIGKILL");
	} catch {
		// It has ended.
	}
}
