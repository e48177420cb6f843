// An input that is a gzip or zstd archive becomes the input that was packed, unpacked as it is read. A small archive may
// hold very much, so nothing is unpacked before it is asked for, and what no capture would pack like is not read to its
// end. What is wrong with an archive is a remark in the report, and ends the reading.

import { createGunzip } from "node:zlib";
import type { Decompress } from "fzstd";
import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import type { SourceReport } from "../../inspect/chunk.js";
import type { Head } from "../head.js";
import type { Input } from "./input.js";
import { ZstdBlocks } from "./zstd-blocks.js";

/** Unpacked bytes at a time: an error loses at most as many in front of it. */
const CHUNK_LENGTH = 64 * 2 ** 10;
/** Unpacked bytes that may wait to be asked for, so that the other thread has work while this one decodes. */
const MAX_WAITING = 16 * CHUNK_LENGTH;
/**
 * How many times its size an archive may hold, beyond the first gigabyte: captures and logs pack to a fifth or a tenth,
 * to a fiftieth where all responses are alike. Zeros pack to a thousandth with gzip, and to next to nothing with zstd.
 */
const MAX_RATIO = 250;
/** Parts of a zstd archive after which its blocks have to hold `MIN_BLOCK` bytes on the average: each costs a window. */
const FREE_PARTS = 2048;
const MIN_BLOCK = 256;
/** Unpacked bytes that are not held against an archive. */
const UNSUSPICIOUS_LENGTH = 2 ** 30;

/** The name of the packing that starts like this; undefined where it is none. */
export function packingOf(head: Head): "gzip" | "zstd" | undefined {
	if (head.startsWith("1f8b08")) return "gzip";
	if (head.startsWith("28b52ffd")) return "zstd";
	return undefined;
}

/** What `packed` holds; `outer` is the archive that it was in itself. */
export function unpacked(
	packed: Input,
	packing: "gzip" | "zstd",
	report: SourceReport,
	outer?: Archive,
): Archive {
	const unpacking =
		packing === "gzip"
			? new GzipPacking(packed, report)
			: new ZstdPacking(packed, report);
	return new BoundedArchive(unpacking, packed, report, packing, outer);
}

/** What an archive holds. */
export interface Archive extends Input {
	/** Bytes used so far of the outermost archive. */
	readonly packedBytes: number;
}

/** A packing, undone step by step. */
interface Unpacking {
	/** Bytes of the archive used so far. */
	readonly packedBytes: number;
	/** The next bytes; empty at the end. */
	next(): Promise<Buffer>;
	close(): void;
}

/** Bounds what an archive may hold. */
class BoundedArchive implements Archive {
	readonly live: boolean;
	#bytes = 0;
	#stopped = false;

	constructor(
		readonly unpacking: Unpacking,
		readonly packed: Input,
		readonly report: SourceReport,
		readonly name: string,
		readonly outer: Archive | undefined,
	) {
		this.live = packed.live;
	}

	get packedBytes(): number {
		return this.outer?.packedBytes ?? this.unpacking.packedBytes;
	}

	async next(): Promise<Buffer> {
		if (this.#stopped) return NO_BYTES;
		const bytes = await this.unpacking.next();
		this.#bytes += bytes.length;
		const { packedBytes } = this;
		if (
			this.#bytes > UNSUSPICIOUS_LENGTH &&
			this.#bytes > MAX_RATIO * packedBytes
		) {
			this.#stopped = true;
			note(
				this.report,
				`the ${this.name} archive has unpacked to ${this.#bytes} bytes from ${packedBytes}, as no capture does: read up to there`,
			);
			return NO_BYTES;
		}
		return bytes;
	}

	async close(): Promise<void> {
		this.unpacking.close();
		await this.packed.close();
	}
}

/** gzip, unpacked in another thread while what came before is decoded. */
class GzipPacking implements Unpacking {
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
			note(this.report, "the gzip archive is cut off: read up to there");
		} else if (error.message === "incorrect header check") {
			this.report.remarks.push(
				`bytes that are not gzip follow the archive ${near}: left out`,
			);
		} else {
			note(
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

/** zstd, unpacked a block at a time. The package is loaded only for that. */
class ZstdPacking implements Unpacking {
	packedBytes = 0;
	readonly #blocks = new ZstdBlocks();
	#decompress: Decompress | undefined;
	#parts: Uint8Array[] = [];
	#made: Buffer[] = [];
	#partsDone = 0;
	#unpackedBytes = 0;
	#ended = false;

	constructor(
		readonly packed: Input,
		readonly report: SourceReport,
	) {}

	async next(): Promise<Buffer> {
		this.#decompress ??= await this.#load();
		while (this.#made.length === 0) {
			const part = this.#parts.shift();
			if (part !== undefined) {
				this.#unpack(part);
				this.#partsDone++;
				const held = this.#unpackedBytes / this.#partsDone;
				if (this.#partsDone > FREE_PARTS && held < MIN_BLOCK) {
					this.#stop("blocks that hold next to nothing");
				}
			} else if (this.#ended) return NO_BYTES;
			else if (this.#blocks.problem !== undefined) {
				this.#stop(this.#blocks.problem);
			} else await this.#read();
		}
		const bytes =
			this.#made.length === 1
				? (this.#made[0] as Buffer)
				: Buffer.concat(this.#made);
		this.#made = [];
		return bytes;
	}

	close(): void {
		this.#ended = true;
	}

	async #load(): Promise<Decompress> {
		const fzstd = await import("fzstd");
		return new fzstd.Decompress((bytes) => {
			this.#unpackedBytes += bytes.length;
			if (bytes.length > 0) this.#made.push(Buffer.from(bytes));
		});
	}

	async #read(): Promise<void> {
		const bytes = await this.packed.next();
		this.packedBytes += bytes.length;
		if (bytes.length === 0) {
			this.#ended = true;
			if (!this.#blocks.whole) {
				note(this.report, "the zstd archive is cut off: read up to there");
			}
			return;
		}
		this.#parts = [...this.#blocks.push(bytes)];
	}

	#unpack(part: Uint8Array): void {
		try {
			this.#decompress?.push(part);
		} catch (error) {
			this.#stop(error instanceof Error ? error.message : String(error));
		}
	}

	#stop(reason: string): void {
		note(
			this.report,
			`the zstd archive is damaged near byte ${this.packedBytes} (${reason}): read up to there`,
		);
		this.#ended = true;
		this.#parts = [];
	}
}

function note(report: SourceReport, remark: string): void {
	report.truncated = true;
	report.remarks.push(remark);
}
