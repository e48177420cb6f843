// What a command shows while it runs on: text on stdout, messages and a line of counters on stderr. Where both are one
// terminal, the counters stand below the text, and give way to it.

import { fstatSync } from "node:fs";
import { count } from "../../render/words.js";
import { LiveOutput } from "../live-output.js";
import type { TextOutput } from "../show.js";
import { columnsOf, type OutputStream } from "../terminal.js";

/** How often the counters are shown anew. */
const COUNTERS_MS = 250;
const ERASE_LINE = "\r\u001b[K";

/** The streams of a process, as far as a screen has to know them. */
export interface Streams {
	readonly stdout: OutputStream;
	readonly stderr: OutputStream;
}

/** What a screen is given. */
export interface LiveScreenOptions {
	/** Is asked anew for each line of counters: terminals change their width. */
	readonly streams: () => Streams;
	/** Counters for the moment, without colours. */
	readonly counters: () => string;
	/** Is told that stdout takes no more. */
	readonly refused: (error: NodeJS.ErrnoException) => void;
}

/** Stdout and stderr of a command that runs on. */
export class LiveScreen implements TextOutput {
	readonly #text: LiveOutput;
	readonly #messages: LiveOutput;
	readonly #counters: () => string;
	readonly #streams: () => Streams;
	readonly #timer: NodeJS.Timeout | undefined;
	/** The counters that stand on the screen; empty where none do. */
	#shown = "";
	/** Messages that were left out because nobody reads them. */
	#unsaid = 0;

	constructor({ counters, streams, refused }: LiveScreenOptions) {
		this.#counters = counters;
		this.#streams = streams;
		this.#text = new LiveOutput(1, refused);
		// What is added to one terminal in turn has to be written in turn.
		const { stdout, stderr } = streams();
		const isOne = stdout.isTTY && stderr.isTTY;
		this.#messages = isOne ? this.#text : new LiveOutput(2, () => undefined);
		if (!stderr.isTTY || process.env.TERM === "dumb") return;
		// Whoever reads the pipe is likely to print on the same terminal.
		if (fstatSync(1).isFIFO()) return;
		this.#timer = setInterval(() => this.#showCounters(), COUNTERS_MS);
		this.#timer.unref();
	}

	get full(): boolean {
		return this.#text.full;
	}

	add(text: string): void {
		if (this.#messages === this.#text) this.#erase();
		this.#text.add(text);
	}

	flush(): Promise<void> {
		return this.#text.flush();
	}

	/** Waits until all text is out; messages may follow. */
	async end(): Promise<void> {
		await this.#text.drained();
	}

	/** Prints a message; where nobody reads them, they are counted. */
	say(line: string): void {
		if (this.#messages.full) {
			this.#unsaid++;
			return;
		}
		this.#erase();
		if (this.#unsaid > 0) {
			const left = `${count(this.#unsaid, "message")} left out\n`;
			this.#messages.add(`fcgi-inspect: ${left}`);
			this.#unsaid = 0;
		}
		this.#messages.add(`fcgi-inspect: ${line}\n`);
		void this.#messages.flush();
	}

	/** Waits until all is out: nothing follows. */
	async close(): Promise<void> {
		clearInterval(this.#timer);
		this.#erase();
		await this.#messages.end();
		await this.#text.end();
	}

	#showCounters(): void {
		// Counters that wait for a reader would be old when they are read.
		if (!this.#messages.idle) return;
		const columns = columnsOf(this.#streams().stderr) ?? 80;
		const counters = this.#counters().slice(0, columns - 1);
		if (counters === this.#shown) return;
		this.#erase();
		this.#shown = counters;
		this.#messages.add(counters);
		void this.#messages.flush();
	}

	#erase(): void {
		if (this.#shown === "") return;
		this.#shown = "";
		this.#messages.add(ERASE_LINE);
		if (this.#messages !== this.#text) void this.#messages.flush();
	}
}
