// Text to a terminal, a pipe or a file, without ever waiting for it: a terminal that was stopped (Ctrl-S), or a pager that
// nobody scrolls, must not stop the traffic. Node itself writes to terminals in one piece with everything else.

import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";

/** How often a reader that is behind is tried again. */
const RETRY_MS = 10;
/** Text that may wait before its source is to wait, too: more than a screen, less than anybody notices. */
const ENOUGH = 256 * 1024;

/** Why an output takes no more: nobody reads it (`EPIPE`), or it cannot be written. */
export type Refusal = NodeJS.ErrnoException;

/** Collects text and writes it as the reader takes it. */
export class LiveOutput {
	readonly #fd: number;
	readonly #reopened: boolean;
	readonly #refused: (error: Refusal) => void;
	#pending = "";
	#bytes: Buffer | undefined;
	#timer: NodeJS.Timeout | undefined;
	#over = false;
	#waiting: (() => void)[] = [];

	/** `refused` is told once that nothing more can be written; what is added then goes nowhere. */
	constructor(fd: number, refused: (error: Refusal) => void) {
		const own = withoutWaiting(fd);
		this.#reopened = own !== undefined;
		this.#fd = own ?? fd;
		this.#refused = refused;
	}

	/** Whether the reader is behind. */
	get full(): boolean {
		return this.#pending.length > ENOUGH;
	}

	/** Whether all that was added is out. */
	get idle(): boolean {
		return this.#bytes === undefined && this.#pending === "";
	}

	/** Adds text; it is written with what else comes in this turn. */
	add(text: string): void {
		if (this.#over || text === "") return;
		this.#pending += text;
		if (this.#timer === undefined && this.#pending.length > 64 * 1024) {
			this.#write();
		}
	}

	/** Writes what the reader takes, and waits where it is behind. */
	async flush(): Promise<void> {
		if (this.#timer === undefined) this.#write();
		if (this.full) await this.#change(() => !this.full);
	}

	/** Waits until all that was added is written. */
	async drained(): Promise<void> {
		if (this.#timer === undefined) this.#write();
		await this.#change(() => this.idle);
	}

	/** Waits until all is written; nothing follows. */
	async end(): Promise<void> {
		await this.drained();
		if (this.#reopened && !this.#over) closeSync(this.#fd);
		this.#over = true;
	}

	async #change(reached: () => boolean): Promise<void> {
		while (!reached() && !this.#over) {
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		}
	}

	#write(): void {
		this.#timer = undefined;
		try {
			while (!this.idle) {
				this.#bytes ??= Buffer.from(this.#take(), "utf8");
				const written = writeSync(this.#fd, this.#bytes);
				const rest = this.#bytes.subarray(written);
				this.#bytes = rest.length === 0 ? undefined : rest;
			}
		} catch (error) {
			if ((error as Refusal).code === "EAGAIN") {
				this.#timer = setTimeout(() => this.#write(), RETRY_MS);
			} else this.#refuse(error as Refusal);
		}
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const resolve of waiting) resolve();
	}

	#take(): string {
		const text = this.#pending;
		this.#pending = "";
		return text;
	}

	#refuse(error: Refusal): void {
		this.#over = true;
		this.#pending = "";
		this.#bytes = undefined;
		this.#refused(error);
	}
}

/**
 * A descriptor of our own for the same terminal or pipe, which never waits. To set that on the one that was given would set
 * it for the shell and all others who have it. Undefined where a file never waits, or there is no way.
 */
function withoutWaiting(fd: number): number | undefined {
	const stat = fstatSync(fd);
	if (!stat.isFIFO() && !stat.isCharacterDevice()) return undefined;
	try {
		return openSync(
			`/proc/self/fd/${fd}`,
			constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY,
		);
	} catch {
		return undefined;
	}
}
