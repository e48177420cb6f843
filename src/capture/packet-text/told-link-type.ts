// Texts print the bytes of packets and not what the first of them are: that is told by content here. An IP header, or the
// Ethertype that announces one, leaves little to chance.

import { uint16 } from "../packet/byte-order.js";

/** LINKTYPE numbers (tcpdump.org) of those that can be told. */
const NULL = 0;
const ETHERNET = 1;
const PPP = 9;
const RAW_IP = 101;
const LINUX_SLL = 113;
const LINUX_SLL2 = 276;

/** VLAN tags looked through: real frames have at most two or three. */
const MAX_VLAN_TAGS = 8;

/** The tests, those first that ask for most. */
const TESTS: readonly (readonly [number, (bytes: Buffer) => boolean])[] = [
	[ETHERNET, isEthernet],
	[LINUX_SLL, isLinuxSll],
	[LINUX_SLL2, isLinuxSll2],
	[PPP, isPpp],
	[NULL, isNull],
	[RAW_IP, (bytes) => isIp(bytes, 0)],
];

/** The link type of a packet that starts like this; undefined where it carries no IP, or too little of it is there. */
export function toldLinkType(bytes: Buffer): number | undefined {
	for (let i = 0; i < TESTS.length; i++) {
		const test = TESTS[i] as (typeof TESTS)[number];
		if (test[1](bytes)) return test[0];
	}
	return undefined;
}

/** Where the IP header of such a packet starts, as far as `toldLinkType` looks; -1 where there is none. */
function ipOffset(bytes: Buffer, linkType: number): number {
	switch (linkType) {
		case RAW_IP:
			return 0;
		case NULL:
		case PPP:
			return 4;
		case LINUX_SLL:
			return 16;
		case LINUX_SLL2:
			return 20;
		default: {
			const at = behindTags(bytes);
			return isIp(bytes, at) ? at : -1;
		}
	}
}

/** Bytes that the packet should have, by its IP header; 0 where that does not say. */
export function announcedLength(bytes: Buffer, linkType: number): number {
	const at = ipOffset(bytes, linkType);
	if (at === -1 || at + 6 > bytes.length) return 0;
	if ((bytes[at] as number) >> 4 === 6) return at + 40 + uint16(bytes, at + 4);
	const total = uint16(bytes, at + 2);
	return total === 0 ? 0 : at + total;
}

function isEthernet(bytes: Buffer): boolean {
	const at = behindTags(bytes);
	return isIp(bytes, at) && isIpType(uint16(bytes, at - 2), bytes, at);
}

/** Behind the addresses, VLAN tags and Ethertype. */
function behindTags(bytes: Buffer): number {
	let at = 14;
	for (let tags = 0; tags < MAX_VLAN_TAGS && at <= bytes.length; tags++) {
		const type = uint16(bytes, at - 2);
		if (type !== 0x8100 && type !== 0x88a8 && type !== 0x9100) break;
		at += 4;
	}
	return at;
}

function isLinuxSll(bytes: Buffer): boolean {
	if (!isIp(bytes, 16) || !isIpType(uint16(bytes, 14), bytes, 16)) return false;
	return uint16(bytes, 0) <= 4 && uint16(bytes, 4) <= 8;
}

function isLinuxSll2(bytes: Buffer): boolean {
	if (!isIp(bytes, 20) || !isIpType(uint16(bytes, 0), bytes, 20)) return false;
	return uint16(bytes, 2) === 0;
}

function isPpp(bytes: Buffer): boolean {
	if (bytes[0] !== 0xff || bytes[1] !== 0x03 || !isIp(bytes, 4)) return false;
	const protocol = uint16(bytes, 2);
	return protocol === 0x0021 || protocol === 0x0057;
}

/** The address family in either byte order: a small number, see `behindAddressFamily`. */
function isNull(bytes: Buffer): boolean {
	if (!isIp(bytes, 4)) return false;
	const inner = bytes[1] === 0 && bytes[2] === 0;
	const family = bytes[0] === 0 ? bytes[3] : bytes[0];
	if (!inner || (bytes[0] !== 0 && bytes[3] !== 0)) return false;
	return family !== undefined && family >= 2 && family <= 30;
}

function isIp(bytes: Buffer, at: number): boolean {
	const first = bytes[at];
	if (first === undefined) return false;
	if (first >> 4 === 6) return at + 40 <= bytes.length;
	if (first < 0x45 || first > 0x4f || at + 20 > bytes.length) return false;
	const total = uint16(bytes, at + 2);
	return total === 0 || total >= 20;
}

function isIpType(type: number, bytes: Buffer, at: number): boolean {
	return type === ((bytes[at] as number) >> 4 === 6 ? 0x86dd : 0x0800);
}
