// The rows of a hex dump become the bytes of a packet. A packet whose next row is missing or damaged is cut there: what
// would follow has no known place.

import { MAX_CAPTURED_LENGTH } from "../packet/packet.js";
import type { DumpDamage } from "./dump-damage.js";
import type { DumpRow } from "./dump-row.js";

/** Puts the rows of one packet at a time together. */
export class PacketRows {
	readonly #damage: DumpDamage;
	#bytes = Buffer.allocUnsafeSlow(4096);
	#length = 0;
	#open = false;
	/** The line from which on the rest of the packet is not taken. */
	#cutAt: number | undefined;
	/** Whether it is known that rows without a packet are none: those of a packet that is not wanted. */
	#skipping = false;

	/** Damage is noted in `damage`. */
	constructor(damage: DumpDamage) {
		this.#damage = damage;
	}

	/** Whether a packet has begun. */
	get open(): boolean {
		return this.#open;
	}

	/** The line at which damage cut the packet, also the one that was finished last. */
	get cutAt(): number | undefined {
		return this.#cutAt;
	}

	/** Takes the row with which a packet starts. */
	start(row: DumpRow, line: number): void {
		this.#open = true;
		this.#cutAt = undefined;
		this.#skipping = false;
		this.#length = 0;
		this.#append(row, line);
	}

	/** Takes the next row of the packet. */
	goOn(row: DumpRow, line: number): void {
		if (this.#cutAt !== undefined || this.#skipping) return;
		if (!this.#open || row.offset !== this.#length) {
			this.#damage.note(line);
			if (this.#open) this.#cutAt = line;
			else this.#skipping = true;
			return;
		}
		this.#append(row, line);
	}

	/** Says that the rows that follow, up to the next start, are of something else. */
	skip(): void {
		this.#skipping = true;
	}

	/** Ends the packet; a copy of its bytes. */
	finish(): Buffer | undefined {
		if (!this.#open) return undefined;
		this.#open = false;
		return Buffer.from(this.#bytes.subarray(0, this.#length));
	}

	#append(row: DumpRow, line: number): void {
		const end = this.#length + row.length;
		if (end > MAX_CAPTURED_LENGTH) {
			this.#damage.note(line);
			this.#cutAt = line;
			return;
		}
		if (end > this.#bytes.length) {
			const larger = Buffer.allocUnsafeSlow(2 * this.#bytes.length);
			this.#bytes.copy(larger, 0, 0, this.#length);
			this.#bytes = larger;
		}
		const { bytes } = row;
		for (let i = 0; i < row.length; i++) {
			this.#bytes[this.#length + i] = bytes[i] as number;
		}
		this.#length = end;
		if (row.damaged) {
			this.#damage.note(line);
			this.#cutAt = line;
		}
	}
}
