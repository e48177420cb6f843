// Applications that a tap starts itself, as the process manager of the specification does (sections 2.2 and 7). All of its
// processes accept on one listening socket, which is their descriptor 0. The socket is made here and held by a keeper, a
// process between the tap and the applications.

import { rmSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { FcgiInspectError } from "../../errors.js";
import type { Address } from "../address.js";
import type { Say } from "../entrance.js";
import { type EnvironmentOptions, environmentOf } from "./environment.js";
import { exitWords, failureWords, killedWords } from "./exit-words.js";
import type { Report } from "./keeper-messages.js";
import { KeeperProcess } from "./keeper-process.js";
import { listenPrivately } from "./private-socket.js";
import { ProcessGroup } from "./process-group.js";

/** What to start, and how. */
export interface SpawnOptions extends EnvironmentOptions {
	/** The program and its arguments. */
	readonly command: readonly string[];
	/** Processes that accept on the one socket, from 1 to `MAX_WORKERS`. */
	readonly workers: number;
	/** Milliseconds that applications have to end after SIGTERM, before SIGKILL. */
	readonly graceMs: number;
}

/** Who is told what, a line at a time. Both lines may hold what an application or a person made up: no terminal's text. */
export interface SpawnListener {
	/** What became of an application. */
	readonly say: Say;
	/** A line that an application wrote. */
	readonly output: (from: "stdout" | "stderr", line: string) => void;
}

/** Processes on one socket: each costs a process of the system, and more than these serve no machine better. */
const MAX_WORKERS = 256;

/** The system starts a process in some hundredths of a second; longer than this, it hangs. */
const START_MS = 15_000;

/** What the keeper may take beyond the grace, to see that all are gone and to end. */
const END_MS = 3000;

/** The applications of one tap. They are started once, and stopped once. */
export class Spawned {
	readonly #options: SpawnOptions;
	readonly #listener: SpawnListener;
	/** The processes that run now. */
	readonly #running = new Set<number>();
	#folder: string | undefined;
	#keeper: KeeperProcess | undefined;
	#starts = 0;
	/** What `start` waits for: all run, or one cannot. */
	#allRun: () => void = () => undefined;
	#cannot: (reason: string) => void = () => undefined;
	#stopping = false;

	constructor(options: SpawnOptions, listener: SpawnListener) {
		this.#options = options;
		this.#listener = listener;
	}

	/** The processes that run now, without what they forked. */
	get pids(): readonly number[] {
		return [...this.#running];
	}

	/**
	 * Starts the applications; returns where they listen. Throws FcgiInspectError where the program cannot be started; then
	 * nothing is left.
	 */
	async start(): Promise<Address> {
		const { command, workers, graceMs } = this.#options;
		if (!command[0]) throw usage("no program to start");
		if (!(workers >= 1 && workers <= MAX_WORKERS)) {
			throw usage(`applications are 1 to ${MAX_WORKERS}, and not ${workers}`);
		}
		const env = environmentOf(this.#options, process.env);
		const socket = listenPrivately();
		this.#folder = socket.folder;
		try {
			const keeper = new KeeperProcess(socket, {
				heard: (report) => this.#heard(report),
				ended: (how) => this.#keeperEnded(how),
				output: this.#listener.output,
			});
			this.#keeper = keeper;
			keeper.order({ kind: "run", command, workers, env, graceMs });
			await this.#started();
		} catch (error) {
			await this.stop();
			throw error;
		}
		return { kind: "unix", path: socket.path };
	}

	/** Ends the applications, by SIGTERM and by SIGKILL after the grace; the socket and its folder are removed. */
	async stop(): Promise<void> {
		this.#stopping = true;
		const keeper = this.#keeper;
		if (keeper !== undefined) {
			keeper.order({ kind: "end" });
			const enough = new AbortController();
			const limit = this.#options.graceMs + END_MS;
			await Promise.race([
				keeper.ended,
				wait(limit, undefined, enough).catch(() => undefined),
			]);
			enough.abort();
		}
		this.stopNow();
	}

	/** Ends the applications at once, by SIGKILL, as this process is about to exit; the socket and its folder are removed. */
	stopNow(): void {
		this.#stopping = true;
		this.#kill();
		// What has only just started is ended by the keeper.
		this.#keeper?.disconnect();
		if (this.#folder === undefined) return;
		rmSync(this.#folder, { recursive: true, force: true });
	}

	/** Kept when all run; rejected where one cannot be started. */
	#started(): Promise<void> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(
				() => this.#cannot(`nothing was started within ${START_MS / 1000} s`),
				START_MS,
			);
			this.#allRun = () => {
				clearTimeout(timer);
				resolve();
			};
			this.#cannot = (reason) => {
				clearTimeout(timer);
				reject(usage(reason));
			};
		});
	}

	#heard(report: Report): void {
		const { say } = this.#listener;
		switch (report.kind) {
			case "started":
				this.#running.add(report.pid);
				if (++this.#starts >= this.#options.workers) this.#allRun();
				break;
			case "failed": {
				const words = failureWords(this.#options.command[0] ?? "", report);
				if (report.againMs === undefined) this.#cannot(words);
				else say(words);
				break;
			}
			case "exited":
				this.#running.delete(report.pid);
				say(exitWords(report));
				break;
			case "killed":
				say(killedWords(report.pid, this.#options.graceMs));
				break;
		}
	}

	#keeperEnded(how: string): void {
		this.#cannot(`the keeper of the applications ended by ${how}`);
		if (this.#stopping) {
			// It saw to it that all are gone.
			this.#running.clear();
			return;
		}
		const lost = this.#running.size;
		this.#kill();
		this.#listener.say(
			`the keeper of the applications' socket was ended (${how}), and so were they (${lost}): no request is answered any more`,
		);
	}

	#kill(): void {
		for (const pid of this.#running) new ProcessGroup(pid).signal("SIGKILL");
		this.#running.clear();
	}
}

function usage(message: string): FcgiInspectError {
	return new FcgiInspectError("usage", message);
}
