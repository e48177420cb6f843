// Packets of one block of a file, put in the order of their times where they are not: merged files and captures of
// several queues have them a little out of order. For files only, as a pipe would have to wait.

import type { Packet } from "./packet.js";

/** The packets in time order: the same list where they already are or some have no time, equal times as in the file. */
export function inTimeOrder(packets: readonly Packet[]): readonly Packet[] {
	for (let i = 1; i < packets.length; i++) {
		if (timeOf(packets[i] as Packet) < timeOf(packets[i - 1] as Packet)) {
			return sorted(packets);
		}
	}
	return packets;
}

function sorted(packets: readonly Packet[]): readonly Packet[] {
	if (packets.some(({ timestamp }) => timestamp === undefined)) return packets;
	return packets.toSorted((a, b) => timeOf(a) - timeOf(b));
}

function timeOf({ timestamp }: Packet): number {
	return timestamp ?? 0;
}
