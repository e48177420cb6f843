// The forms of input, a line each, and how one is chosen for an input.

import type { CaptureFormat, RefusedFormat } from "./format.js";
import type { Head } from "./head.js";
import { socat, socatText } from "./log/socat-format.js";
import { strace } from "./log/strace-format.js";
import { modifiedPcap, pcap } from "./packet/pcap-format.js";
import { pcapng } from "./packet/pcapng-format.js";
import { REFUSED_CAPTURES } from "./packet/refused-captures.js";

/** The formats, the strictest first: where several fit an input, the first is taken. */
export const CAPTURE_FORMATS: readonly CaptureFormat[] = [
	pcapng,
	pcap,
	modifiedPcap,
	socat,
	strace,
];

/** Formats that are known and not read, so that a refusal can name them. */
export const REFUSED_FORMATS: readonly RefusedFormat[] = [
	socatText,
	starting("xz", ["fd377a58"], "is not read: xz -dc unpacks it"),
	starting("bzip2", ["425a68"], "is not read: bzip2 -dc unpacks it"),
	starting("zip", ["504b0304"], "is not read: unzip -p unpacks it"),
	...REFUSED_CAPTURES,
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
