// A real php-fpm with a pool that answers pings, and who pings it as a web server would.

import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { encodeNameValue } from "../../src/fastcgi/name-values.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import { until } from "./until.js";

const PHP_FPM = join(
	"/usr/sbin",
	readdirSync("/usr/sbin").find((name) => /^php-fpm\d/.test(name)) ?? "php-fpm",
);

/** How a pool is set up. */
export interface Pool {
	readonly folder: string;
	readonly user: "www-data" | "root";
	/** More lines of the pool's configuration. */
	readonly lines?: readonly string[];
}

/** A running php-fpm. */
export interface PhpFpm {
	readonly child: ChildProcess;
	/** What it has logged so far. */
	log(): string;
	/** Sends a signal to the master. */
	signal(signal: NodeJS.Signals): void;
	/** Sends a signal to all its processes, and waits until they are gone. */
	end(signal: NodeJS.Signals): Promise<void>;
}

/** The path of a pool's socket. */
export function socketOf({ folder }: Pool): string {
	return join(folder, "php.sock");
}

/** Starts php-fpm and waits until it is ready, or has ended. */
export async function startPhpFpm(t: TestContext, pool: Pool): Promise<PhpFpm> {
	const { folder, user, lines = [] } = pool;
	const logFile = join(folder, "log");
	const configuration = join(folder, "php-fpm.conf");
	writeFileSync(
		configuration,
		[
			"[global]",
			`error_log = ${logFile}`,
			"daemonize = no",
			"[www]",
			`user = ${user}`,
			`listen = ${socketOf(pool)}`,
			`listen.owner = ${user}`,
			`listen.group = ${user}`,
			"listen.mode = 0660",
			"pm = static",
			"pm.max_children = 2",
			"ping.path = /ping",
			...lines,
			"",
		].join("\n"),
	);
	writeFileSync(logFile, "");
	// A process group of its own, so that it can be killed with all its children.
	const child = spawn(PHP_FPM, ["-F", "-R", "-y", configuration], {
		detached: true,
		stdio: "ignore",
	});
	const group = -(child.pid ?? 0);
	const ended = () => child.exitCode !== null || child.signalCode !== null;
	t.after(() => {
		try {
			process.kill(group, "SIGKILL");
		} catch {
			// It is gone.
		}
	});
	const log = () => readFileSync(logFile, "utf8");
	await until(
		"php-fpm is ready",
		() => ended() || log().includes("ready to handle connections"),
	);
	return {
		child,
		log,
		signal: (signal) => child.kill(signal),
		end: async (signal) => {
			process.kill(signal === "SIGKILL" ? group : -group, signal);
			await until("php-fpm has ended", ended);
		},
	};
}

/** A request for the ping page, as a web server would send it. */
export const PING = Buffer.concat([
	encodeRecord({
		type: 1,
		requestId: 1,
		contentData: Buffer.from([0, 1, 0, 0, 0, 0, 0, 0]),
	}),
	encodeRecord({
		type: 4,
		requestId: 1,
		contentData: Buffer.concat(
			[
				["REQUEST_METHOD", "GET"],
				["SCRIPT_NAME", "/ping"],
				["SCRIPT_FILENAME", "/ping"],
				["QUERY_STRING", ""],
			].map(([name = "", value = ""]) =>
				encodeNameValue(Buffer.from(name), Buffer.from(value)),
			),
		),
	}),
	encodeRecord({ type: 4, requestId: 1 }),
	encodeRecord({ type: 5, requestId: 1 }),
]);

/** Pings php-fpm: `pong`, an error's code, or what came instead. */
export function ping(path: string): Promise<string> {
	return new Promise((resolve) => {
		const socket = connect({ path });
		let answer = "";
		socket.setEncoding("latin1");
		socket.on("data", (data: string) => {
			answer += data;
		});
		socket.on("error", (error: NodeJS.ErrnoException) =>
			resolve(error.code ?? error.message),
		);
		socket.on("close", () =>
			resolve(answer.includes("\r\npong") ? "pong" : answer),
		);
		socket.end(PING);
	});
}
