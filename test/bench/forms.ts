// Inputs of any size in each of the forms that are text: the shipped sample of a form, again and again.

import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { CAPTURES } from "../support/cli.js";

/** A sample of each form whose speed may differ from the others'. */
export const SAMPLES: Readonly<Record<string, string>> = {
	xxd: "hex/request.xxd.txt",
	"hexdump-C": "hex/request.hexdump-C.txt",
	hexdump: "hex/request.hexdump-words.txt",
	od: "hex/request.od.txt",
	"plain-hex": "hex/request.xxd-p.txt",
	hex: "hex/request.spaced.txt",
	"c-array": "hex/request.xxd-i.txt",
	base64: "hex/request.base64.txt",
	escaped: "hex/request.escaped.txt",
	raw: "hex/request.bin",
	"tcpdump-x": "hex/conv.tcpdump-X.txt",
	"tshark-x": "hex/conv.tshark-x.txt",
	"tshark-json": "hex/conv.tshark-json-x.json",
	"tshark-ek": "hex/conv.tshark-ek.json",
	pdml: "hex/conv.tshark.pdml",
	"tshark-fields": "hex/conv.tshark-payload.txt",
	"follow-hex": "hex/conv.follow-hex.txt",
	"follow-raw": "hex/conv.follow-raw.txt",
	"follow-yaml": "hex/conv.follow-yaml.txt",
	"follow-c-arrays": "hex/conv.follow-carrays.txt",
	strace: "strace/yy.strace",
	"strace, octal": "strace/plain.strace",
	socat: "socat/socat-x-v.log",
};

/** Writes the sample again and again, to at least `bytes` bytes. */
export function repeatSample(
	sample: string,
	file: string,
	bytes: number,
): void {
	const once = readFileSync(`${CAPTURES}${sample}`);
	const times = Math.ceil((1 << 20) / once.length);
	const block = Buffer.concat(Array.from({ length: times }, () => once));
	const output = openSync(file, "w");
	for (let written = 0; written < bytes; written += block.length) {
		writeSync(output, block);
	}
	closeSync(output);
}
