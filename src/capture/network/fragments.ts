// Fragments of IP datagrams are put together (RFC 791, section 3.2; RFC 8200, section 4.5). Where they overlap, the bytes
// that were captured first count. What is held is bounded in number, in bytes and in time.

import type { Packet } from "../packet/packet.js";
import { type Fragment, readFragment } from "./fragment.js";
import { FragmentedDatagram } from "./fragmented-datagram.js";
import type { IpDatagram } from "./ip.js";

/** Datagrams under way, or put together of late: more than a link has at a time that fragments anything on purpose. */
export const MAX_DATAGRAMS = 1024;
/** Bytes of fragments held, with what holding them costs: room for some hundred of the largest datagrams. */
export const MAX_FRAGMENT_BYTES = 16 * 2 ** 20;
/** Seconds after which no fragment comes that belongs to those before: receivers wait as long (RFC 8200, section 4.5). */
export const MAX_AGE = 60;
/** The same in packets, for captures without times. */
const MAX_AGE_IN_PACKETS = 100_000;
/**
 * Seconds in which a fragment of a datagram that was put together is a late copy; later, its number is used again, of
 * which there are 65,536.
 */
const COPIES_UNTIL = 1;
const COPIES_UNTIL_PACKETS = 1000;

const RAW_IP = 101;

/** Puts fragments together. */
export class Fragments {
	/** Fragments of datagrams that were given up. */
	leftOut = 0;
	/** Fragments that have other bytes than those before where both overlap. */
	contradicting = 0;
	/** The oldest first. */
	readonly #datagrams = new Map<string, FragmentedDatagram>();
	#held = 0;

	/** Takes the fragment that was read into `datagram`; returns the datagram, as a packet of raw IP, that it completes. */
	take(packet: Packet, datagram: IpDatagram): Packet | undefined {
		const fragment = readFragment(packet, datagram);
		if (fragment === undefined) {
			this.leftOut++;
			return undefined;
		}
		const key = keyOf(packet, datagram, fragment);
		const known = this.#knownAs(key, packet);
		if (known?.done) return undefined;
		const under = known ?? new FragmentedDatagram(packet);
		if (known === undefined) this.#datagrams.set(key, under);
		const before = under.cost;
		if (under.add(fragment)) this.contradicting++;
		this.#held += under.cost - before;
		if (under.complete) return this.#finish(under, packet);
		this.#bound();
		return undefined;
	}

	/** Counts what nothing more will come of. */
	end(): void {
		for (const datagram of this.#datagrams.values()) this.#giveUp(datagram);
		this.#datagrams.clear();
	}

	/** The datagram of this key, unless it is too old to be of the same. */
	#knownAs(key: string, packet: Packet): FragmentedDatagram | undefined {
		const known = this.#datagrams.get(key);
		if (known === undefined) return undefined;
		const [seconds, packets] = known.done
			? [COPIES_UNTIL, COPIES_UNTIL_PACKETS]
			: [MAX_AGE, MAX_AGE_IN_PACKETS];
		if (!known.isOlder(packet, seconds, packets)) return known;
		this.#datagrams.delete(key);
		this.#giveUp(known);
		return undefined;
	}

	#finish(datagram: FragmentedDatagram, packet: Packet): Packet {
		const { bytes, originalLength } = datagram.assembled();
		this.#held -= datagram.cost;
		datagram.finish(packet);
		return {
			frame: packet.frame,
			timestamp: packet.timestamp,
			linkType: RAW_IP,
			bytes,
			start: 0,
			end: bytes.length,
			originalLength,
		};
	}

	#bound(): void {
		for (const [key, oldest] of this.#datagrams) {
			const few = this.#datagrams.size <= MAX_DATAGRAMS;
			if (few && this.#held <= MAX_FRAGMENT_BYTES) return;
			this.#datagrams.delete(key);
			this.#giveUp(oldest);
		}
	}

	#giveUp(datagram: FragmentedDatagram): void {
		if (datagram.done) return;
		this.leftOut += datagram.fragments;
		this.#held -= datagram.cost;
	}
}

/** What all fragments of a datagram have in common: addresses, protocol, number. */
function keyOf(
	{ bytes }: Packet,
	{ version, sourceAt }: IpDatagram,
	{ protocol, identification }: Fragment,
): string {
	const length = version === 4 ? 8 : 32;
	const addresses = bytes.toString("latin1", sourceAt, sourceAt + length);
	// In IPv6 the number alone tells; each fragment has its own idea of what follows (RFC 8200, section 4.5).
	return version === 4
		? `${addresses}${protocol} ${identification}`
		: `${addresses}${identification}`;
}
