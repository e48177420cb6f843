// The shipped texts of packets and streams: all of one conversation, which `hex/conv.pcap` holds.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(
	new URL("../../../../captures/hex/", import.meta.url),
);

/** A text, and the form that it has. */
export interface Sample {
	readonly file: string;
	readonly format: string;
	/** Whether it says who sent what. */
	readonly addressed: boolean;
}

export const SAMPLES: readonly Sample[] = [
	["tcpdump-x.txt", "tcpdump-x"],
	["tcpdump-xx.txt", "tcpdump-x"],
	["tcpdump-X.txt", "tcpdump-x"],
	["tcpdump-XX-tttt-v.txt", "tcpdump-x"],
	["tshark-x.txt", "tshark-x"],
	["tshark-x-fcgi.txt", "tshark-x"],
	["tshark-json-x.json", "tshark-json"],
	["tshark-json-compact.json", "tshark-json"],
	["tshark-ek.json", "tshark-ek"],
	["tshark.pdml", "pdml"],
	["tshark-payload.txt", "tshark-fields"],
	["follow-hex.txt", "follow-hex"],
	["follow-raw.txt", "follow-raw"],
	["follow-yaml.txt", "follow-yaml"],
	["follow-carrays.txt", "follow-c-arrays"],
].map(([name, format]) => ({
	file: `conv.${name}`,
	format: format as string,
	addressed: !/carrays|payload/.test(name as string),
}));

export function sampleBytes(file: string): Buffer {
	return readFileSync(`${FOLDER}${file}`);
}
