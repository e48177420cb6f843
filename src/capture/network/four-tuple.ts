// Which connection a segment belongs to: two addresses and two ports, as numbers, so that looking up a connection
// builds no strings. Addresses become text only for people (RFC 5952).

import { int32 } from "../packet/byte-order.js";
import type { IpDatagram } from "./ip.js";
import type { TcpSegment } from "./tcp.js";

/** Both ends of a connection, in the direction of one of its segments. IPv4 addresses are in the fourth words. */
export interface FourTuple {
	/** IP version, 4 or 6. */
	version: number;
	source0: number;
	source1: number;
	source2: number;
	source3: number;
	destination0: number;
	destination1: number;
	destination2: number;
	destination3: number;
	sourcePort: number;
	destinationPort: number;
}

/** A tuple to be filled in. */
export function emptyTuple(): FourTuple {
	return {
		version: 0,
		source0: 0,
		source1: 0,
		source2: 0,
		source3: 0,
		destination0: 0,
		destination1: 0,
		destination2: 0,
		destination3: 0,
		sourcePort: 0,
		destinationPort: 0,
	};
}

/** Fills in the tuple of a segment. */
export function readTuple(
	bytes: Buffer,
	datagram: IpDatagram,
	segment: TcpSegment,
	tuple: FourTuple,
): void {
	const source = datagram.sourceAt;
	const destination = datagram.destinationAt;
	tuple.version = datagram.version;
	tuple.sourcePort = segment.sourcePort;
	tuple.destinationPort = segment.destinationPort;
	if (datagram.version === 4) {
		tuple.source0 = tuple.source1 = tuple.source2 = 0;
		tuple.source3 = int32(bytes, source);
		tuple.destination0 = tuple.destination1 = tuple.destination2 = 0;
		tuple.destination3 = int32(bytes, destination);
		return;
	}
	tuple.source0 = int32(bytes, source);
	tuple.source1 = int32(bytes, source + 4);
	tuple.source2 = int32(bytes, source + 8);
	tuple.source3 = int32(bytes, source + 12);
	tuple.destination0 = int32(bytes, destination);
	tuple.destination1 = int32(bytes, destination + 4);
	tuple.destination2 = int32(bytes, destination + 8);
	tuple.destination3 = int32(bytes, destination + 12);
}

/** Whether both are the same direction of the same connection. */
export function sameTuple(a: FourTuple, b: FourTuple): boolean {
	return (
		a.sourcePort === b.sourcePort &&
		a.destinationPort === b.destinationPort &&
		a.source3 === b.source3 &&
		a.destination3 === b.destination3 &&
		a.version === b.version &&
		a.source0 === b.source0 &&
		a.source1 === b.source1 &&
		a.source2 === b.source2 &&
		a.destination0 === b.destination0 &&
		a.destination1 === b.destination1 &&
		a.destination2 === b.destination2
	);
}

/** Whether both are opposite directions of the same connection. */
export function oppositeTuple(a: FourTuple, b: FourTuple): boolean {
	return (
		a.sourcePort === b.destinationPort &&
		a.destinationPort === b.sourcePort &&
		a.source3 === b.destination3 &&
		a.destination3 === b.source3 &&
		a.version === b.version &&
		a.source0 === b.destination0 &&
		a.source1 === b.destination1 &&
		a.source2 === b.destination2 &&
		a.destination0 === b.source0 &&
		a.destination1 === b.source1 &&
		a.destination2 === b.source2
	);
}

/** The same connection in the other direction. */
export function turned(tuple: FourTuple): FourTuple {
	return {
		version: tuple.version,
		source0: tuple.destination0,
		source1: tuple.destination1,
		source2: tuple.destination2,
		source3: tuple.destination3,
		destination0: tuple.source0,
		destination1: tuple.source1,
		destination2: tuple.source2,
		destination3: tuple.source3,
		sourcePort: tuple.destinationPort,
		destinationPort: tuple.sourcePort,
	};
}

/** Drawn anew for each process, so that nobody can make up connections that all have the same hash. */
const SEED = Math.floor(Math.random() * 2 ** 32) | 1;

/** A number that is the same for both directions of a connection, and different for most others. */
export function hashTuple(tuple: FourTuple): number {
	const { version, sourcePort, destinationPort } = tuple;
	let source = mix(mix(SEED, sourcePort), tuple.source3);
	let destination = mix(mix(SEED, destinationPort), tuple.destination3);
	if (version === 6) {
		source = mix(source, tuple.source0);
		source = mix(mix(source, tuple.source1), tuple.source2);
		destination = mix(destination, tuple.destination0);
		destination = mix(mix(destination, tuple.destination1), tuple.destination2);
	}
	return (source + destination) | 0;
}

/** One round of a multiplicative hash (the finalizer of MurmurHash3). */
function mix(hash: number, word: number): number {
	const product = Math.imul(hash ^ word ^ (word >>> 15), 0x85ebca6b);
	return Math.imul(product ^ (product >>> 13), 0xc2b2ae35) ^ SEED;
}

/** One end as people write it: `127.0.0.1:9000`, `[::1]:9000`. */
export function endpointText(
	tuple: FourTuple,
	end: "source" | "destination",
): string {
	const source = end === "source";
	const port = source ? tuple.sourcePort : tuple.destinationPort;
	if (tuple.version === 4) {
		return `${ipv4Text(source ? tuple.source3 : tuple.destination3)}:${port}`;
	}
	const words = source
		? [tuple.source0, tuple.source1, tuple.source2, tuple.source3]
		: [
				tuple.destination0,
				tuple.destination1,
				tuple.destination2,
				tuple.destination3,
			];
	return `[${ipv6Text(words)}]:${port}`;
}

/** An address of four or sixteen bytes as people write it. */
export function ipText(bytes: Buffer): string {
	if (bytes.length === 4) return ipv4Text(int32(bytes, 0));
	return ipv6Text([0, 4, 8, 12].map((at) => int32(bytes, at)));
}

function ipv4Text(word: number): string {
	return `${word >>> 24}.${(word >>> 16) & 0xff}.${(word >>> 8) & 0xff}.${word & 0xff}`;
}

/** RFC 5952: the first of the longest runs of two or more zero groups becomes `::`; mapped IPv4 has dots (section 5). */
function ipv6Text(words: readonly number[]): string {
	if (words[0] === 0 && words[1] === 0 && words[2] === 0xffff) {
		return `::ffff:${ipv4Text(words[3] as number)}`;
	}
	const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
	let longest = 1;
	let from = -1;
	for (let at = 0, zeros = 0; at < groups.length; at++) {
		zeros = groups[at] === 0 ? zeros + 1 : 0;
		if (zeros > longest) {
			longest = zeros;
			from = at + 1 - zeros;
		}
	}
	const text = groups.map((group) => group.toString(16));
	if (from === -1) return text.join(":");
	const front = text.slice(0, from).join(":");
	return `${front}::${text.slice(from + longest).join(":")}`;
}
