// Real packets in other envelopes: what is known of the capture they are from is true of them as well, and tshark sees the
// same records.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { recordsOf } from "./support/decoded.js";
import {
	type Datagram,
	datagramsOf,
	ethernet,
	fragmentsOf,
	gre,
	ipv4,
	ipv6,
	mpls,
	pcapOf,
	typeOf,
	udp,
} from "./support/encapsulation.js";
import { disagreements, type TrueFile } from "./support/truth.js";
import { hasTshark, tsharkRecords } from "./support/tshark.js";

const CAPTURES = fileURLToPath(new URL("../../captures/", import.meta.url));
const TRUTH: readonly TrueFile[] = JSON.parse(
	readFileSync(`${CAPTURES}truth.json`, "utf8"),
);
const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-"));
after(() => rmSync(folder, { recursive: true }));

const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex");
const VXLAN = hex("08000000 00002a00");
const BRIDGED = hex("6558");

interface Envelope {
	readonly linkType: number;
	/** The frames that a datagram becomes, in order. */
	readonly wrap: (datagram: Buffer, number: number) => Buffer | Buffer[];
	/** Whether tshark is not asked: why. */
	readonly beyondTshark?: string;
	/** A changed order of frames, or some more of them. */
	readonly order?: (frames: Datagram[]) => Datagram[];
}

const inEthernet = (
	wrap: (datagram: Buffer, number: number) => Buffer,
): Envelope => ({ linkType: 1, wrap: (d, n) => ethernet(wrap(d, n)) });

/** Each frame again, after the pause. */
function repeated(pause: number): (frames: Datagram[]) => Datagram[] {
	return (frames) =>
		[
			...frames,
			...frames.map(({ timestamp, bytes }) => ({
				timestamp: timestamp + pause,
				bytes,
			})),
		].sort((a, b) => a.timestamp - b.timestamp);
}

/** Neighbours that belong to one datagram change places. */
function shuffled(frames: Datagram[]): Datagram[] {
	return frames.toSorted(
		(a, b) => a.timestamp - b.timestamp || b.bytes.compare(a.bytes),
	);
}

const ENVELOPES: Readonly<Record<string, Envelope>> = {
	"MPLS, one label": {
		linkType: 1,
		wrap: (d) => ethernet(mpls(1, d), hex("8847")),
	},
	"MPLS, four labels behind a VLAN tag": {
		linkType: 1,
		wrap: (d) =>
			ethernet(Buffer.concat([hex("00648847"), mpls(4, d)]), hex("8100")),
	},
	"MPLS with Ethernet behind a control word": {
		linkType: 1,
		wrap: (d) =>
			ethernet(
				mpls(2, Buffer.concat([hex("00000000"), ethernet(d)])),
				hex("8847"),
			),
		beyondTshark: "has to be told by label what is in there",
	},
	"MPLS in PPP": {
		linkType: 9,
		wrap: (d) => Buffer.concat([hex("ff030281"), mpls(1, d)]),
	},
	"MPLS as a link type": {
		linkType: 219,
		wrap: (d) => mpls(2, d),
		beyondTshark: "does not know the link type",
	},
	"LLC with SNAP": {
		linkType: 1,
		wrap: (d) =>
			ethernet(
				Buffer.concat([hex("aaaa03000000"), typeOf(d), d]),
				lengthOf(8 + d.length),
			),
	},
	PPPoE: {
		linkType: 1,
		wrap: (d) => {
			const protocol = typeOf(d)[0] === 0x86 ? "0057" : "0021";
			const length = lengthOf(2 + d.length);
			const header = Buffer.concat([hex("11000001"), length, hex(protocol)]);
			return ethernet(Buffer.concat([header, d]), hex("8864"));
		},
	},
	"IP in IPv4": inEthernet((d) => ipv4(typeOf(d)[0] === 0x86 ? 41 : 4, d)),
	"IP in IPv6": inEthernet((d) => ipv6(typeOf(d)[0] === 0x86 ? 41 : 4, d)),
	"GRE, plain": inEthernet((d) => ipv4(47, gre(0, typeOf(d), d))),
	"GRE with checksum, key and sequence number": inEthernet((d, n) =>
		ipv4(
			47,
			gre(
				0xb000,
				typeOf(d),
				d,
				`00000000 0000002a ${lengthOf(n).toString("hex")}0000`,
			),
		),
	),
	"GRE with a key, in IPv6": inEthernet((d) =>
		ipv6(47, gre(0x2000, typeOf(d), d, "0000002a")),
	),
	"GRE bridging Ethernet": inEthernet((d) =>
		ipv4(47, gre(0, BRIDGED, ethernet(d))),
	),
	"GRE with MPLS": inEthernet((d) => ipv4(47, gre(0, hex("8847"), mpls(1, d)))),
	"ERSPAN, first form": inEthernet((d) =>
		ipv4(47, gre(0, hex("88be"), ethernet(d))),
	),
	"ERSPAN, second form": inEthernet((d, n) =>
		ipv4(
			47,
			gre(
				0x1000,
				hex("88be"),
				Buffer.concat([hex("1064000100000000"), ethernet(d)]),
				`0000${lengthOf(n).toString("hex")}`,
			),
		),
	),
	"ERSPAN, third form": inEthernet((d, n) =>
		ipv4(
			47,
			gre(
				0x1000,
				hex("22eb"),
				Buffer.concat([hex("206400010000000000000000"), ethernet(d)]),
				`0000${lengthOf(n).toString("hex")}`,
			),
		),
	),
	VXLAN: inEthernet((d) =>
		ipv4(17, udp(4789, Buffer.concat([VXLAN, ethernet(d)]))),
	),
	"VXLAN on Linux's port": {
		...inEthernet((d) =>
			ipv4(17, udp(8472, Buffer.concat([VXLAN, ethernet(d)]))),
		),
		beyondTshark: "takes the port for another protocol",
	},
	"Geneve with options": inEthernet((d) =>
		ipv6(
			17,
			udp(
				6081,
				Buffer.concat([
					hex("0200 6558 00002a00 0102800100000000"),
					ethernet(d),
				]),
			),
		),
	),
	"a tunnel in a tunnel in a tunnel": inEthernet((d) =>
		ipv4(
			17,
			udp(
				4789,
				Buffer.concat([
					VXLAN,
					ethernet(
						ipv6(
							47,
							gre(0, hex("0800"), ipv4(typeOf(d)[0] === 0x86 ? 41 : 4, d)),
						),
					),
				]),
			),
		),
	),
	"each packet twice, in a tunnel and as it is": {
		linkType: 1,
		wrap: (d) => [
			ethernet(ipv4(17, udp(4789, Buffer.concat([VXLAN, ethernet(d)])))),
			ethernet(d),
		],
		beyondTshark: "counts records of both",
	},
	"each packet again, a millisecond later": {
		linkType: 1,
		wrap: (d) => ethernet(d),
		order: repeated(0.001),
	},
	"each packet again, a minute later": {
		linkType: 1,
		wrap: (d) => ethernet(d),
		order: repeated(60),
		beyondTshark: "takes them for connections of their own",
	},
	fragments: {
		linkType: 1,
		wrap: (d, n) => fragmentsOf(d, 64, n).map((f) => ethernet(f)),
	},
	"fragments, the last first": {
		linkType: 1,
		wrap: (d, n) =>
			fragmentsOf(d, 64, n)
				.map((f) => ethernet(f))
				.reverse(),
	},
	"fragments, each twice": {
		linkType: 1,
		wrap: (d, n) =>
			fragmentsOf(d, 200, n).flatMap((f) => [ethernet(f), ethernet(f)]),
	},
	"fragments, all of them again": {
		linkType: 1,
		wrap: (d, n) => {
			const fragments = fragmentsOf(d, 200, n).map((f) => ethernet(f));
			return [...fragments, ...fragments];
		},
	},
	"fragments in any order": {
		linkType: 1,
		wrap: (d, n) => fragmentsOf(d, 64, n).map((f) => ethernet(f)),
		order: shuffled,
	},
	"fragments of a tunnel": {
		linkType: 1,
		wrap: (d, n) =>
			fragmentsOf(
				ipv4(17, udp(4789, Buffer.concat([VXLAN, ethernet(d)]))),
				104,
				n,
			).map((f) => ethernet(f)),
	},
};

function lengthOf(value: number): Buffer {
	const bytes = Buffer.alloc(2);
	bytes.writeUInt16BE(value);
	return bytes;
}

for (const base of ["24-lighttpd-authorizer.pcap", "40-ipv6-loopback.pcap"]) {
	const known = TRUTH.find(({ file }) => file === base) as TrueFile;
	const datagrams = datagramsOf(`${CAPTURES}${base}`);
	for (const [name, { linkType, wrap, order, beyondTshark }] of Object.entries(
		ENVELOPES,
	)) {
		const frames = datagrams.flatMap(({ timestamp, bytes }, number) =>
			[wrap(bytes, number)]
				.flat()
				.map((frame) => ({ timestamp, bytes: frame })),
		);
		const path = join(folder, `${name} ${base}`);
		const write = () =>
			writeFileSync(path, pcapOf(linkType, order ? order(frames) : frames));

		test(`${base} as ${name} decodes to what is known of it`, async () => {
			write();
			assert.deepEqual(await disagreements(path, known), []);
		});

		test(`${base} as ${name}: the records are tshark's, one by one`, {
			skip: beyondTshark ?? (hasTshark() ? false : "tshark is not installed"),
		}, async () => {
			write();
			const ours = await recordsOf(path);
			const ports = [...new Set(ours.map(({ port }) => port))];
			const theirs = tsharkRecords(path, ports);
			assert.equal(ours.length, known.truth.records);
			const told = (records: typeof ours) =>
				records.map(({ type, requestId, contentLength, paddingLength }) =>
					[type, requestId, contentLength, paddingLength].join(" "),
				);
			assert.deepEqual(told(ours).sort(), told(theirs).sort());
		});
	}
}
