// The keeper as the tap sees it: a child that is handed the listening socket, takes orders and reports, and through
// which everything comes that applications write.

import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { programFile } from "../program-file.js";
import { ApplicationOutput } from "./application-output.js";
import type { Order, Report } from "./keeper-messages.js";
import { outputPipe } from "./output-pipe.js";
import type { PrivateSocket } from "./private-socket.js";

/** Who is told what the keeper does. */
export interface KeeperListener {
	readonly heard: (report: Report) => void;
	/** It ended, or could not be started; how is for people. */
	readonly ended: (how: string) => void;
	/** A line that an application wrote, as it is. */
	readonly output: (from: "stdout" | "stderr", line: string) => void;
}

const KEEPER = programFile("live/spawn/keeper.js");

/** What was written is there when the keeper ends; after this, only a process that got away holds the streams open. */
const LAST_OUTPUT_MS = 200;

/** A keeper that runs. */
export class KeeperProcess {
	readonly #child: ChildProcess;
	/** Kept when it has ended and its output is all there. */
	readonly ended: Promise<void>;

	/** Hands the socket on and lets it go; has to be called in the turn of the event loop that made the socket. */
	constructor(socket: PrivateSocket, listener: KeeperListener) {
		const { folder, descriptor } = socket;
		const out = outputPipe(folder);
		const err = outputPipe(folder);
		try {
			this.#child = spawn(process.execPath, [KEEPER, folder], {
				stdio: [
					descriptor,
					out?.descriptor ?? "pipe",
					err?.descriptor ?? "pipe",
					"ipc",
				],
				// Out of the reach of Ctrl-C: the tap ends applications when all is passed on.
				detached: true,
				env: { ...process.env, NODE_OPTIONS: undefined },
			});
		} finally {
			for (const one of [socket, out, err]) one?.letGo();
		}
		const stdout = out?.reader ?? this.#child.stdout;
		const stderr = err?.reader ?? this.#child.stderr;
		this.#child.on("message", listener.heard);
		// The child's own "close" does not come where it was disconnected.
		this.ended = Promise.all([
			follow(stdout, (line) => listener.output("stdout", line)),
			follow(stderr, (line) => listener.output("stderr", line)),
			new Promise<void>((resolve) => {
				const ended = (how: string) => {
					resolve();
					setTimeout(() => {
						stdout?.destroy();
						stderr?.destroy();
					}, LAST_OUTPUT_MS).unref();
					listener.ended(how);
				};
				this.#child.once("error", (error) => ended(error.message));
				this.#child.once("exit", (status, signal) =>
					ended(signal ?? `status ${status}`),
				);
			}),
		]).then(() => undefined);
	}

	/** Sends an order; to a keeper that has ended, nothing. */
	order(order: Order): void {
		if (this.#child.connected) this.#child.send(order, () => undefined);
	}

	/** Ends the channel: the keeper ends what runs, and then itself. */
	disconnect(): void {
		if (this.#child.connected) this.#child.disconnect();
	}
}

/** Tells the lines of a stream; the promise is kept when it has ended. */
function follow(
	stream: Readable | null,
	tell: (line: string) => void,
): Promise<void> {
	const output = new ApplicationOutput(tell);
	return new Promise((resolve) => {
		if (stream === null) {
			resolve();
			return;
		}
		stream.on("data", (bytes: Buffer) => output.push(bytes));
		// What was read before is told all the same.
		stream.on("error", () => stream.destroy());
		stream.once("close", () => {
			output.end();
			resolve();
		});
	});
}
