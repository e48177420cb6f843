// Which addresses are of the public internet (the IANA registries of special-purpose addresses).

/** Whether an IPv4 or IPv6 address can be reached over the internet; false for other text. */
export function isGlobal(address: string): boolean {
	if (COMMON.test(address)) return false;
	const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
	const ipv4 = mapped ?? address;
	if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(ipv4)) return isGlobalIpv4(ipv4);
	const [, first = "", second = ""] =
		/^([0-9a-f]{1,4}):([0-9a-f]{0,4}):?[0-9a-f:.]*$/i.exec(address) ?? [];
	const head = Number.parseInt(first, 16);
	// All that is assigned is in 2000::/3, but for 2001:db8::/32 and 3fff::/20, which are for documents.
	if (!(head >= 0x2000 && head <= 0x3fff)) return false;
	const next = Number.parseInt(second === "" ? "0" : second, 16);
	if (head === 0x2001 && next === 0xdb8) return false;
	return !(head === 0x3fff && next < 0x1000);
}

/** How the addresses start that are seen most, so that no more is asked of them. */
const COMMON = /^(?:127\.|10\.|192\.168\.)/;

function isGlobalIpv4(text: string): boolean {
	const [a = 0, b = 0, c = 0, d = 0] = text.split(".").map(Number);
	const address = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
	return SPECIAL.every(
		([network, bits]) => address >>> (32 - bits) !== network >>> (32 - bits),
	);
}

/** Networks that are private, local, or for documents, by their first address and the bits of their prefix. */
const SPECIAL: readonly (readonly [network: number, bits: number])[] = [
	[0x00000000, 8], // this network
	[0x0a000000, 8], // private
	[0x64400000, 10], // shared, carrier-grade NAT
	[0x7f000000, 8], // loopback
	[0xa9fe0000, 16], // link-local
	[0xac100000, 12], // private
	[0xc0000000, 24], // protocol assignments
	[0xc0000200, 24], // for documents
	[0xc0a80000, 16], // private
	[0xc6120000, 15], // for measurements
	[0xc6336400, 24], // for documents
	[0xcb007100, 24], // for documents
	[0xe0000000, 4], // multicast
	[0xf0000000, 4], // reserved
];
