// `tcpdump -ttt` prints the time since the packet before, `-ttttt` the time since the first, and both look the same. Packets
// are held until their intervals tell: those since the first grow, the others do not.

import { NOTHING, type Stage } from "../../stage.js";
import type { Packet } from "../packet/packet.js";

/** Packets that are held until it is decided: more than it takes, and few enough to hold. */
const MAX_HELD = 64;

/** Takes packets whose timestamps are intervals, and makes them count from the first packet. */
export class IntervalTimes implements Stage<Packet, Packet> {
	#held: Packet[] = [];
	#sinceBefore: boolean | undefined;
	#now = 0;

	push(packet: Packet): readonly Packet[] {
		if (this.#sinceBefore !== undefined) return [this.#dated(packet)];
		this.#held.push(packet);
		return this.#held.length < MAX_HELD ? NOTHING : this.end();
	}

	end(): readonly Packet[] {
		this.#sinceBefore ??= areSinceBefore(this.#held);
		const packets = this.#held.map((packet) => this.#dated(packet));
		this.#held = [];
		return packets;
	}

	#dated(packet: Packet): Packet {
		if (!this.#sinceBefore || packet.timestamp === undefined) return packet;
		this.#now += packet.timestamp;
		return { ...packet, timestamp: this.#now };
	}
}

/** Times since the first packet fall where packets are out of order: seldom, and not to a fraction of what they were. */
function areSinceBefore(packets: readonly Packet[]): boolean {
	let falls = 0;
	let longest = 0;
	let before = 0;
	for (const { timestamp = 0 } of packets) {
		if (timestamp < 0) return true;
		if (timestamp < before) falls++;
		if (timestamp > longest) longest = timestamp;
		before = timestamp;
	}
	return falls > 0 && (4 * falls >= packets.length - 1 || before < longest / 2);
}
