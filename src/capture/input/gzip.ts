// gzip (RFC 1952), unpacked in another thread while what came before is decoded. What is wrong with an archive is a remark,
// and ends the reading behind all that could be had.

import { createGunzip } from "node:zlib";
import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import type { SourceReport } from "../../inspect/chunk.js";
import type { Input } from "./input.js";
import { noteDamage, type Unpacking } from "./unpacking.js";

/** Unpacked bytes at a time: an error loses at most as many in front of it. */
const CHUNK_LENGTH = 64 * 2 ** 10;
/** Unpacked bytes that may wait to be asked for, so that the other thread has work while this one decodes. */
const MAX_WAITING = 16 * CHUNK_LENGTH;

/** gzip, unpacked in another thread while what came before is decoded. */
export class GzipUnpacking implements Unpacking {
	packedBytes = 0;
	readonly #gunzip = createGunzip({ chunkSize: CHUNK_LENGTH });
	readonly #waiting: Buffer[] = [];
	#waitingBytes = 0;
	/** Packed bytes that were read and not given to the other thread yet. */
	#held: Buffer = NO_BYTES;
	#feeding = false;
	/** Packed bytes given to the other thread. */
	#fed = 0;
	#ended = false;
	#wake: () => void = () => {};
	/** What went wrong in reading the archive itself, for whoever asks for the next bytes. */
	#unreadable: unknown;

	constructor(
		readonly packed: Input,
		readonly report: SourceReport,
	) {
		this.#gunzip.on("data", (bytes: Buffer) => {
			this.#waiting.push(bytes);
			this.#waitingBytes += bytes.length;
			if (this.#waitingBytes >= MAX_WAITING) this.#gunzip.pause();
			this.#wake();
		});
		this.#gunzip.on("end", () => {
			// A zero byte behind an archive ends it.
			if (this.#fed > this.#gunzip.bytesWritten) {
				report.remarks.push(
					`bytes behind the end of the gzip archive, near byte ${this.#gunzip.bytesWritten}, left out`,
				);
			}
			this.#finish();
		});
		this.#gunzip.on("error", (error: NodeJS.ErrnoException) => {
			this.#remark(error);
			this.#finish();
		});
	}

	async next(): Promise<Buffer> {
		for (;;) {
			const bytes = this.#waiting.shift();
			if (bytes !== undefined) {
				this.#waitingBytes -= bytes.length;
				if (this.#waitingBytes < MAX_WAITING) this.#gunzip.resume();
				return bytes;
			}
			if (this.#unreadable !== undefined) throw this.#unreadable;
			if (this.#ended) return NO_BYTES;
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
				void this.#feed();
			});
		}
	}

	close(): void {
		this.#ended = true;
		this.#gunzip.destroy();
	}

	/**
	 * Gives the next packed bytes to the other thread. An error takes what was unpacked with the bytes that have it, so
	 * the last block, in which archives are cut off or followed by something else, is given in small pieces.
	 */
	async #feed(): Promise<void> {
		if (this.#feeding) return;
		this.#feeding = true;
		try {
			const bytes = Buffer.from(await this.packed.next());
			this.packedBytes += bytes.length;
			const last = bytes.length === 0;
			let left = this.#held;
			while (left.length > 0 && !this.#ended) {
				const length = last ? lastStep(left.length) : left.length;
				this.#fed += length;
				await this.#write(left.subarray(0, length));
				left = left.subarray(length);
			}
			this.#held = bytes;
			if (last) this.#gunzip.end();
			else this.#feeding = false;
		} catch (error) {
			this.#unreadable = error;
		}
		this.#wake();
	}

	#write(bytes: Buffer): Promise<void> {
		return new Promise((resolve) => {
			this.#gunzip.write(bytes, () => resolve());
		});
	}

	#remark(error: NodeJS.ErrnoException): void {
		const near = `near byte ${this.#gunzip.bytesWritten}`;
		if (error.code === "Z_BUF_ERROR") {
			noteDamage(this.report, "the gzip archive is cut off: read up to there");
		} else if (error.message === "incorrect header check") {
			this.report.remarks.push(
				`bytes that are not gzip follow the archive ${near}: left out`,
			);
		} else {
			noteDamage(
				this.report,
				`the gzip archive is damaged ${near} (${error.message}): read up to there`,
			);
		}
	}

	#finish(): void {
		this.#ended = true;
		this.#wake();
	}
}

/** How many packed bytes to give at once when so many are left: an error takes what is unpacked with it. */
function lastStep(left: number): number {
	return left > 8192 ? Math.min(512, left - 8192) : Math.min(16, left);
}
