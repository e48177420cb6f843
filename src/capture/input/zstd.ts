// zstd (RFC 8878), unpacked a block at a time by the npm package fzstd: its only door, and loaded only for that. What is
// wrong with an archive is a remark, and ends the reading; its checksums are not looked at.

import type { Decompress } from "fzstd";
import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import type { SourceReport } from "../../inspect/chunk.js";
import type { Input } from "./input.js";
import { noteDamage, type Unpacking } from "./unpacking.js";
import { ZstdBlocks } from "./zstd-blocks.js";

/** Parts of a zstd archive after which its blocks have to hold `MIN_BLOCK` bytes on the average: each costs a window. */
const FREE_PARTS = 2048;
const MIN_BLOCK = 256;

/** zstd, unpacked a block at a time. The package is loaded only for that. */
export class ZstdUnpacking implements Unpacking {
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
				noteDamage(
					this.report,
					"the zstd archive is cut off: read up to there",
				);
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
		noteDamage(
			this.report,
			`the zstd archive is damaged near byte ${this.packedBytes} (${reason}): read up to there`,
		);
		this.#ended = true;
		this.#parts = [];
	}
}
