// An input that is a gzip or zstd archive becomes the input that was packed, unpacked as it is read. A small archive may
// hold very much, so nothing is unpacked before it is asked for, and what no capture would pack like is not read to its
// end. What is wrong with an archive is a remark in the report, and ends the reading.

import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import type { SourceReport } from "../../inspect/chunk.js";
import type { Head } from "../head.js";
import { GzipUnpacking } from "./gzip.js";
import type { Input } from "./input.js";
import { noteDamage, type Unpacking } from "./unpacking.js";
import { ZstdUnpacking } from "./zstd.js";

/**
 * How many times its size an archive may hold, beyond the first gigabyte: captures and logs pack to a fifth or a tenth,
 * to a fiftieth where all responses are alike. Zeros pack to a thousandth with gzip, and to next to nothing with zstd.
 */
const MAX_RATIO = 250;
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
			? new GzipUnpacking(packed, report)
			: new ZstdUnpacking(packed, report);
	return new BoundedArchive(unpacking, packed, report, packing, outer);
}

/** What an archive holds. */
export interface Archive extends Input {
	/** Bytes used so far of the outermost archive. */
	readonly packedBytes: number;
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
			noteDamage(
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
