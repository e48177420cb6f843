// A place for bytes that may be more than memory: a file without a name, so that nothing is left of it however the process
// ends, and nobody else can open it. Small ones never reach the disk: they are still in the system's cache.

import {
	closeSync,
	mkdtempSync,
	openSync,
	readSync,
	rmSync,
	writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FcgiInspectError } from "../../errors.js";
import type { ByteStore } from "../../send/index.js";

/** Bytes that are written at once. */
const BLOCK_BYTES = 256 * 1024;

/** Keeps bytes in a file of the folder for temporary ones. */
export class Spool implements ByteStore {
	readonly #folder: string;
	readonly #file: number;
	/** What is not written yet. */
	readonly #block = Buffer.allocUnsafe(BLOCK_BYTES);
	#held = 0;
	#written = 0;

	/** Makes the file. Throws FcgiInspectError where that cannot be done. */
	constructor(folder: string = tmpdir()) {
		this.#folder = folder;
		this.#file = this.#attempt(() => {
			// The folder is ours alone while the file has a name in it.
			const own = mkdtempSync(join(folder, "fcgi-inspect-"));
			try {
				return openSync(join(own, "spool"), "wx+", 0o600);
			} finally {
				rmSync(own, { recursive: true, force: true });
			}
		});
	}

	append(bytes: Buffer): number {
		const place = this.#written + this.#held;
		if (this.#held + bytes.length > BLOCK_BYTES) this.#flush();
		if (bytes.length > BLOCK_BYTES) this.#write(bytes);
		else this.#held += bytes.copy(this.#block, this.#held);
		return place;
	}

	read(place: number, length: number): Buffer {
		if (place >= this.#written) {
			const from = place - this.#written;
			return Buffer.from(this.#block.subarray(from, from + length));
		}
		if (place + length > this.#written) this.#flush();
		const bytes = Buffer.allocUnsafe(length);
		this.#attempt(() => {
			for (let at = 0; at < length; ) {
				const read = readSync(this.#file, bytes, at, length - at, place + at);
				if (read === 0) throw new RangeError(`nothing at ${place + at}`);
				at += read;
			}
		});
		return bytes;
	}

	close(): void {
		closeSync(this.#file);
	}

	#flush(): void {
		const held = this.#block.subarray(0, this.#held);
		this.#held = 0;
		this.#write(held);
	}

	#write(bytes: Buffer): void {
		this.#attempt(() => {
			for (let at = 0; at < bytes.length; ) {
				const written = writeSync(
					this.#file,
					bytes,
					at,
					bytes.length - at,
					this.#written,
				);
				at += written;
				this.#written += written;
			}
		});
	}

	#attempt<T>(work: () => T): T {
		try {
			return work();
		} catch (error) {
			const { code, message } = error as NodeJS.ErrnoException;
			if (code === undefined) throw error;
			throw new FcgiInspectError(
				"unwritable-output",
				`cannot keep the recording in ${this.#folder}: ${message} (TMPDIR names another folder)`,
			);
		}
	}
}
