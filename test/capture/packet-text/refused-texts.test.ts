import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Head } from "../../../src/capture/head.js";
import { formatOf, refusedFormatOf } from "../../../src/capture/index.js";
import { has, printed } from "./decoded-text.js";
import { sampleBytes } from "./samples.js";

const CAPTURE = fileURLToPath(
	new URL("../../../../captures/hex/conv.pcap", import.meta.url),
);

function refused(bytes: Buffer): string | undefined {
	const head = new Head(bytes, true);
	assert.equal(formatOf(head), undefined);
	return refusedFormatOf(head)?.name;
}

const TCPDUMP = "text of tcpdump without -x or -X";
const TSHARK = "text of tshark without -x";
const FOLLOWED = "a followed stream as plain text";
const JSON_TEXT = "JSON of tshark without -x";

test("shipped texts that have lost bytes are refused by name", () => {
	assert.equal(refused(sampleBytes("conv.tcpdump-A.txt")), TCPDUMP);
	assert.equal(refused(sampleBytes("conv.follow-ascii.txt")), FOLLOWED);
});

const WAYS = [
	["tcpdump", "-nn -A", TCPDUMP],
	["tcpdump", "-nn -t -v", TCPDUMP],
	["tcpdump", "-e -tttt", TCPDUMP],
	["tcpdump", "-ttt -vv", TCPDUMP],
	["tcpdump", "-tt -q", TCPDUMP],
	["tshark", "-V", TSHARK],
	["tshark", "", TSHARK],
	["tshark", "-t ad", TSHARK],
	["tshark", "-T json", JSON_TEXT],
	["tshark", "-T ek", JSON_TEXT],
	["tshark", "-T json -j tcp", JSON_TEXT],
	["tshark", "-T psml", "PSML"],
	["tshark", "-q -z follow,tcp,ascii,0", FOLLOWED],
	["tshark", "-q -z follow,tcp,ebcdic,0", FOLLOWED],
] as const;

for (const [program, options, name] of WAYS) {
	test(`${program} ${options} is refused as ${name}`, {
		skip: has(program) ? false : `${program} is not installed`,
	}, () => {
		const args = options.split(" ").filter((option) => option !== "");
		assert.equal(refused(printed(program, ["-r", CAPTURE, ...args])), name);
	});
}

test("ngrep's output is refused, and told what would do", () => {
	const text = [
		"interface: lo (127.0.0.0/255.0.0.0)",
		"filter: ( port 9000 ) and ((ip || ip6) || (vlan && (ip || ip6)))",
		"####",
		"T 127.0.0.1:42516 -> 127.0.0.1:9000 [AP] #4",
		"  .....................9....QUERY_STRINGdump=hex..REQUEST_METHODPOST",
	].join("\n");
	const format = refusedFormatOf(new Head(Buffer.from(text), true));
	assert.equal(format?.name, "ngrep output");
	assert.match(format?.advice ?? "", /-O FILE/);
});

test("prose is not refused as any of them", () => {
	const text =
		"At 10:31:04 nginx answered 502. Frame buffers are fine > see below.\nIP 10.0.0.1 is the proxy: it talks to 10.0.0.2.\n";
	assert.equal(refused(Buffer.from(text)), undefined);
});
