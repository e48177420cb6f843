// What is shown of a tap, as the thread sees it that hands traffic on: the work is done in another, which cannot hold the
// traffic up, nor end it where it ends itself.

import { Worker } from "node:worker_threads";
import { FcgiInspectError } from "../../errors.js";
import { programFile } from "../../live/program-file.js";
import { newRingMemory, type RingMemory } from "../../live/ring/ring-memory.js";
import type { RingWriter } from "../../live/ring/ring-writer.js";
import { EXIT_UNWRITABLE } from "../exit-code.js";
import { LiveOutput } from "../live-output.js";
import type { Streams } from "./live-screen.js";
import type {
	FromView,
	ToView,
	ViewData,
	ViewOptions,
} from "./tap-view-messages.js";

/** How often it is looked whether the view stands still, while the traffic waits for it. */
const LOOK_MS = 1000;
/** Looks in vain after which it is given up: web servers lose their patience after some tens of seconds. */
const MAX_LOOKS = 10;
/** How long a thread may take to end: one that is caught in a call of the system does not. */
const STUCK_MS = 500;

/** Who is told what the view has seen. */
export interface ViewListener {
	/** Nobody reads what is shown, or as much has been seen as was wanted. */
	readonly enough: () => void;
}

/** The view of a tap. */
export class TapView {
	readonly memory: RingMemory = newRingMemory();
	readonly #openRequests = new Int32Array(new SharedArrayBuffer(4));
	readonly #listener: ViewListener;
	readonly #worker: Worker;
	readonly #resized = () =>
		this.#tell({ kind: "streams", streams: streamsOf(process) });
	readonly #exited: Promise<void>;
	readonly #looking: NodeJS.Timeout;
	#writer: RingWriter | undefined;
	/** How often it was asked whether it stands still, and has not answered. */
	#unanswered = 0;
	/** Whether it is to end. */
	#ending = false;
	/** Whether it has ended before it was told to. */
	#lost = false;
	#done: (refused?: FcgiInspectError) => void = () => {};

	/** Begins a view. Rejects with a FcgiInspectError for a bad option. */
	static async begin(
		options: ViewOptions,
		listener: ViewListener,
	): Promise<TapView> {
		const view = new TapView(options, listener);
		await view.#answered();
		return view;
	}

	private constructor(options: ViewOptions, listener: ViewListener) {
		this.#listener = listener;
		const workerData: ViewData = {
			options,
			memory: this.memory,
			openRequests: this.#openRequests.buffer,
			streams: streamsOf(process),
		};
		this.#worker = new Worker(programFile("cli/tap/tap-view-thread.js"), {
			workerData,
		});
		this.#worker.on("message", (message: FromView) => this.#hear(message));
		this.#worker.on("error", ({ message }) =>
			this.#lose(`a fault of fcgi-inspect itself: ${message}`),
		);
		this.#exited = new Promise((resolve) => {
			this.#worker.once("exit", () => {
				this.#lose("a fault of fcgi-inspect itself: its view has ended");
				resolve();
			});
		});
		this.#looking = setInterval(() => this.#look(), LOOK_MS).unref();
		process.stdout.on("resize", this.#resized);
	}

	/** Requests that are open, as far as the traffic has been looked at. */
	get openRequests(): number {
		return Atomics.load(this.#openRequests, 0);
	}

	/** Opens what is written besides the text. Rejects with a FcgiInspectError. */
	open(): Promise<void> {
		return this.#order("open");
	}

	/** Shows what is put into its ring, until that ends. */
	show(writer: RingWriter): Promise<void> {
		this.#writer = writer;
		return this.#order("show");
	}

	/** Wakes it: there is something in the ring. */
	wake(): void {
		this.#tell({ kind: "wake" });
	}

	/** Prints a message. */
	say(line: string): void {
		if (this.#lost) sayAtOnce(line);
		else this.#tell({ kind: "say", line });
	}

	/** Prints what was seen so far. */
	sayCounters(): void {
		this.#tell({ kind: "sayCounters" });
	}

	/** Prints what was seen in all. */
	finish(): Promise<void> {
		return this.#order("finish");
	}

	/** Ends it; what it has shown is out of the process then, and what was opened for nothing is as it was. */
	async close(): Promise<void> {
		process.stdout.off("resize", this.#resized);
		this.#ending = true;
		await this.#order("close");
		if (this.#lost) await this.#end();
		await this.#exited;
		clearInterval(this.#looking);
	}

	/** Ends the process at once, whatever the view does. */
	async leave(): Promise<void> {
		this.#ending = true;
		await this.#end();
		process.exit();
	}

	/** The process waits for its threads when it ends, so where this one does not end, the process is killed. */
	async #end(): Promise<void> {
		const stuck = setTimeout(() => {
			// Whoever has something to put back does so now.
			process.emit("exit", EXIT_UNWRITABLE);
			process.kill(process.pid, "SIGKILL");
		}, STUCK_MS);
		await this.#worker.terminate();
		clearTimeout(stuck);
	}

	async #order(kind: "open" | "show" | "finish" | "close"): Promise<void> {
		if (this.#lost) return;
		this.#tell({ kind });
		await this.#answered();
	}

	/** Orders are given one at a time. */
	#answered(): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#done = (refused) => {
				if (refused === undefined) resolve();
				else reject(refused);
			};
		});
	}

	#hear(message: FromView): void {
		switch (message.kind) {
			case "awake":
				this.#unanswered = 0;
				return;
			case "done":
				this.#done();
				return;
			case "refused":
				this.#done(new FcgiInspectError(message.code, message.message));
				return;
			case "room":
				this.#writer?.room();
				return;
			case "exitCode":
				process.exitCode = message.exitCode;
				return;
			default:
				this.#listener.enough();
		}
	}

	/** A reader that is behind is waited for; a thread that does not turn is not. Looks, not seconds: the process may have been stopped. */
	#look(): void {
		if (this.#writer?.full !== true) this.#unanswered = 0;
		else if (this.#unanswered < MAX_LOOKS) {
			if (this.#unanswered++ === 0) this.#tell({ kind: "areYouAwake" });
		} else {
			const seconds = (MAX_LOOKS * LOOK_MS) / 1000;
			this.#lose(`the view stands still since ${seconds} s`);
			void this.#worker.terminate();
		}
	}

	/** The site must not suffer from a fault of ours: what passes is shown no more. */
	#lose(why: string): void {
		if (this.#lost || this.#ending) {
			this.#done();
			return;
		}
		this.#lost = true;
		process.exitCode = EXIT_UNWRITABLE;
		Atomics.store(this.#openRequests, 0, 0);
		sayAtOnce(`${why}; nothing is shown any more, and the traffic goes on`);
		this.#writer?.abandon();
		this.#done();
	}

	#tell(message: ToView): void {
		this.#worker.postMessage(message);
	}
}

function streamsOf({ stdout, stderr }: NodeJS.Process): Streams {
	const { isTTY = false, columns = 0 } = stdout;
	return {
		stdout: { isTTY, columns },
		stderr: { isTTY: stderr.isTTY ?? false, columns: stderr.columns ?? 0 },
	};
}

/** Prints a message without the view; where nobody reads it, nobody waits. */
function sayAtOnce(line: string): void {
	const output = new LiveOutput(2, () => undefined);
	output.add(`fcgi-inspect: ${line}\n`);
	void output.end();
}
