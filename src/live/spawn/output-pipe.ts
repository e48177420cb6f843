// A pipe for what applications write. Those that node:child_process makes are sockets, and programs that open /dev/stderr
// or /proc/self/fd/2, as log settings in containers do, cannot open a socket. So it is made as a file with a name, which
// is taken away again as soon as both ends are open.

import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** A pipe with both ends open. */
export interface OutputPipe {
	/** What comes out. */
	readonly reader: Readable;
	/** The descriptor to write to, which children inherit. */
	readonly descriptor: number;
	/** Closes the descriptor of this process: the pipe ends when no child has it any more. */
	letGo(): void;
}

/** A new pipe, made in a folder; undefined where the system has no mkfifo. */
export function outputPipe(folder: string): OutputPipe | undefined {
	const path = join(folder, "output");
	try {
		execFileSync("mkfifo", ["-m", "600", path], { stdio: "ignore" });
	} catch {
		return undefined;
	}
	// Without waiting for the other end; then the other end need not wait either.
	const { O_RDONLY, O_NONBLOCK } = constants;
	const reading = openSync(path, O_RDONLY | O_NONBLOCK);
	const descriptor = openSync(path, "w");
	rmSync(path);
	return {
		reader: new Socket({ fd: reading, readable: true, writable: false }),
		descriptor,
		letGo: () => closeSync(descriptor),
	};
}
