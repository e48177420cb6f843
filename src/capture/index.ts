// The forms of input, a line each, and how one is chosen for an input.

import { DUMP_FORMATS } from "./dump/dump-formats.js";
import { raw } from "./dump/raw-format.js";
import { REFUSED_DUMPS } from "./dump/refused-dumps.js";
import type { CaptureFormat, RefusedFormat } from "./format.js";
import type { Head } from "./head.js";
import { socat, socatText } from "./log/socat-format.js";
import { strace } from "./log/strace-format.js";
import { followCArrays } from "./packet-text/follow-c-arrays.js";
import { followHex } from "./packet-text/follow-hex.js";
import { followRaw } from "./packet-text/follow-raw.js";
import { followYaml } from "./packet-text/follow-yaml.js";
import { pdml } from "./packet-text/pdml.js";
import { REFUSED_PACKET_TEXTS } from "./packet-text/refused-texts.js";
import { tcpdumpX } from "./packet-text/tcpdump-x.js";
import { tsharkFields } from "./packet-text/tshark-fields.js";
import { tsharkEk, tsharkJson } from "./packet-text/tshark-json.js";
import { tsharkX } from "./packet-text/tshark-x.js";
import { modifiedPcap, pcap } from "./pcap/pcap-format.js";
import { pcapng } from "./pcap/pcapng-format.js";
import { REFUSED_CAPTURES } from "./pcap/refused-captures.js";

/** The formats, the strictest first: where several fit an input, the first is taken. */
export const CAPTURE_FORMATS: readonly CaptureFormat[] = [
	pcapng,
	pcap,
	modifiedPcap,
	tsharkEk,
	tsharkJson,
	pdml,
	socat,
	strace,
	tcpdumpX,
	followCArrays,
	followYaml,
	followHex,
	tsharkX,
	followRaw,
	tsharkFields,
	raw,
	...DUMP_FORMATS,
];

/** Formats that are known and not read, so that a refusal can name them. */
export const REFUSED_FORMATS: readonly RefusedFormat[] = [
	socatText,
	starting("xz", ["fd377a58"], "is not read: xz -dc unpacks it"),
	starting("bzip2", ["425a68"], "is not read: bzip2 -dc unpacks it"),
	starting("zip", ["504b0304"], "is not read: unzip -p unpacks it"),
	...REFUSED_CAPTURES,
	...REFUSED_PACKET_TEXTS,
	...REFUSED_DUMPS,
];

function starting(
	name: string,
	starts: readonly string[],
	advice: string,
): RefusedFormat {
	return {
		name,
		recognises: (head) => starts.some((start) => head.startsWith(start)),
		advice,
	};
}

/** The format of an input that starts like this; undefined where none fits. */
export function formatOf(head: Head): CaptureFormat | undefined {
	return CAPTURE_FORMATS.find(({ recognises }) => recognises(head));
}

/** The known format that such an input has, and that is not read. */
export function refusedFormatOf(head: Head): RefusedFormat | undefined {
	return REFUSED_FORMATS.find(({ recognises }) => recognises(head));
}
