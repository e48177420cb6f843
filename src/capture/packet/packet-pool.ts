// Packets that serve again: a capture has millions, and nobody looks at those of one block when the next is read. It
// saves a good part of what there is to collect, and of what a collection has to keep.

import type { Packet } from "./packet.js";

/** Makes the packets of a block, and uses them again for the next. */
export class PacketPool {
	readonly #packets: { -readonly [Field in keyof Packet]: Packet[Field] }[] =
		[];
	#used = 0;

	/** Says that the packets made so far are not looked at any more. */
	reuse(): void {
		this.#used = 0;
	}

	/** A packet with these fields. */
	make(
		frame: number,
		timestamp: number | undefined,
		linkType: number,
		bytes: Buffer,
		start: number,
		end: number,
		originalLength: number,
	): Packet {
		const packet = this.#packets[this.#used++];
		if (packet === undefined) {
			const made = {
				frame,
				timestamp,
				linkType,
				bytes,
				start,
				end,
				originalLength,
			};
			this.#packets.push(made);
			return made;
		}
		packet.frame = frame;
		packet.timestamp = timestamp;
		packet.linkType = linkType;
		packet.bytes = bytes;
		packet.start = start;
		packet.end = end;
		packet.originalLength = originalLength;
		return packet;
	}
}
