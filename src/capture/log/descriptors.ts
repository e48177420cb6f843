// The open files of traced processes: which number stands for which socket in which process. Threads share them, and a
// new process has copies.

import type { Conversation } from "./conversation.js";

/** Processes whose files are known at a time, and descriptors of each: beyond, those known longest are forgotten. */
const MAX_PROCESSES = 8192;
const MAX_DESCRIPTORS = 16_384;
/** Sockets that a new process has copies of: as many as systems let it have open, unless they are told otherwise. */
const MAX_COPIED = 1024;
/** Copies that all processes have together; beyond, a new one has none. */
const MAX_COPIES = 262_144;

/** Processes among which the one is looked for that a thread belongs to: more than a pool of workers has. */
const MAX_LOOKED_THROUGH = 1024;

/** What a number stands for: a socket, or something that carries no conversation. */
export type File = Conversation | "other";

/** The files of one process, and of all its threads. */
export interface Files {
	readonly open: Map<number, File>;
	/** Numbers that were closed: what they stand for next is new. */
	readonly closed: Set<number>;
	/** The process and its threads. */
	processes: number;
}

/** The tables of all processes. */
export class Descriptors {
	readonly #files = new Map<number, Files>();
	#copies = 0;

	/** The files of a process. */
	of(process: number): Files {
		let files = this.#files.get(process);
		if (files === undefined) {
			files = { open: new Map(), closed: new Set(), processes: 1 };
			this.#files.set(process, files);
			forgetOldest(this.#files, MAX_PROCESSES);
		}
		return files;
	}

	/**
	 * The socket that a number of another process stands for, where just one process was seen to open such a socket and this
	 * one was not seen to open anything: then they are threads, whose beginning the log does not show.
	 */
	ofThread(process: number, number: number): Conversation | undefined {
		const own = this.of(process);
		if (own.open.size > 0 || own.closed.size > 0) return undefined;
		let owner: Files | undefined;
		let looked = 0;
		for (const files of this.#files.values()) {
			if (++looked > MAX_LOOKED_THROUGH) return undefined;
			const file = files.open.get(number);
			if (file === undefined || file === "other" || files === owner) continue;
			if (!file.originKnown) continue;
			if (owner !== undefined) return undefined;
			owner = files;
		}
		if (owner === undefined) return undefined;
		this.#share(process, owner);
		return owner.open.get(number) as Conversation;
	}

	/** Says that a process has made another: a thread shares its files, any other has copies of them. */
	made(parent: number, child: number, shares: boolean): void {
		const files = this.of(parent);
		if (shares) {
			this.#share(child, files);
			return;
		}
		const copy = this.of(child);
		if (copy === files) return;
		let copied = 0;
		for (const [number, file] of files.open) {
			if (file === "other") continue;
			if (++copied > MAX_COPIED || this.#copies >= MAX_COPIES) return;
			this.#copies++;
			// The log may show what the child did before it shows that it was made.
			if (copy.open.has(number) || copy.closed.has(number)) continue;
			copy.open.set(number, file);
			file.descriptors++;
		}
	}

	#share(process: number, files: Files): void {
		if (this.#files.get(process) === files) return;
		files.processes++;
		this.#files.set(process, files);
	}

	/** Makes a number stand for a file; what it stood for before was closed unseen. */
	open(
		process: number,
		number: number,
		file: File,
		time: number | undefined,
	): void {
		this.close(process, number, time);
		const { open, closed } = this.of(process);
		closed.delete(number);
		open.set(number, file);
		forgetOldest(open, MAX_DESCRIPTORS);
	}

	/** Makes a second number stand for the same file. */
	duplicate(
		process: number,
		from: number,
		to: number,
		time: number | undefined,
	): void {
		if (from === to) return;
		const file = this.of(process).open.get(from);
		if (file === undefined) return;
		if (file !== "other") file.descriptors++;
		this.open(process, to, file, time);
	}

	/** Closes a number. */
	close(process: number, number: number, time: number | undefined): void {
		const { open, closed } = this.of(process);
		const file = open.get(number);
		open.delete(number);
		closed.add(number);
		forgetOldest(closed, MAX_DESCRIPTORS);
		if (file === undefined || file === "other") return;
		file.descriptors--;
		if (file.descriptors === 0) file.close(time);
	}

	/** Says that a process has ended, and closed all it had; threads have only ended themselves. */
	ended(process: number, time: number | undefined): void {
		const files = this.#files.get(process);
		this.#files.delete(process);
		if (files === undefined) return;
		files.processes--;
		if (files.processes > 0) return;
		for (const file of files.open.values()) {
			if (file === "other") continue;
			file.descriptors--;
			if (file.descriptors === 0) file.close(time);
		}
	}

	/** All sockets that are still open. */
	*sockets(): Generator<Conversation> {
		const seen = new Set<Conversation>();
		for (const { open } of this.#files.values()) {
			for (const file of open.values()) {
				if (file === "other" || seen.has(file)) continue;
				seen.add(file);
				yield file;
			}
		}
	}
}

function forgetOldest(
	table: Map<number, unknown> | Set<number>,
	limit: number,
): void {
	if (table.size <= limit) return;
	for (const oldest of table.keys()) {
		table.delete(oldest);
		return;
	}
}
