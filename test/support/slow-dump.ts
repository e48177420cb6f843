// Bytes written as people and tools write them, in the most obvious way: what the readers of dumps are held against where
// the tools themselves are not at hand.

import type { DumpName } from "../../src/capture/dump/dump-scan.js";

/** A way to write bytes. */
export interface SlowDump {
	readonly how: string;
	readonly name: DumpName;
	readonly write: (bytes: Buffer) => string;
}

const hex = (value: number, digits: number) =>
	value.toString(16).padStart(digits, "0");

/** Lines of `width` bytes, with their offsets. */
function rows(bytes: Buffer, width: number): [number, number[]][] {
	return Array.from({ length: Math.ceil(bytes.length / width) }, (_, row) => [
		row * width,
		[...bytes.subarray(row * width, (row + 1) * width)],
	]);
}

function ascii(row: readonly number[]): string {
	return row
		.map((byte) =>
			byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".",
		)
		.join("");
}

/** Equal rows behind the first of them as one `*`. */
function folded(lines: readonly string[], bodies: readonly string[]): string[] {
	return lines.flatMap((line, i) => {
		if (i === 0 || bodies[i] !== bodies[i - 1]) return [line];
		return i === 1 || bodies[i - 1] !== bodies[i - 2] ? ["*"] : [];
	});
}

function xxd(bytes: Buffer, width: number, group: number): string {
	return rows(bytes, width)
		.map(([offset, row]) => {
			const groups: string[] = [];
			for (let i = 0; i < width; i += group) {
				const part = row.slice(i, i + group).map((byte) => hex(byte, 2));
				groups.push(part.join("").padEnd(2 * group));
			}
			return `${hex(offset, 8)}: ${groups.join(" ")}  ${ascii(row)}\n`;
		})
		.join("");
}

function hexdumpC(bytes: Buffer): string {
	const bodies = rows(bytes, 16).map(([, row]) => {
		const pairs = row.map((byte) => ` ${hex(byte, 2)}`);
		const half = `${pairs.slice(0, 8).join("")} ${pairs.slice(8).join("")}`;
		return `${` ${half}`.padEnd(51)} |${ascii(row)}|`;
	});
	const lines = bodies.map((body, i) => `${hex(16 * i, 8)}${body}`);
	return `${[...folded(lines, bodies), hex(bytes.length, 8)].join("\n")}\n`;
}

function words(
	bytes: Buffer,
	radix: 8 | 16,
	digits: number,
	offsetRadix: number,
): string {
	const bodies = rows(bytes, 16).map(([, row]) => {
		const out: string[] = [];
		for (let i = 0; i < row.length; i += 2) {
			const word = (row[i] as number) + 256 * (row[i + 1] ?? 0);
			out.push(word.toString(radix).padStart(digits, "0"));
		}
		return ` ${out.join(" ")}`;
	});
	return withOffsets(bodies, bytes.length, offsetRadix);
}

function od(bytes: Buffer, offsetRadix: number, text: boolean): string {
	const bodies = rows(bytes, 16).map(([, row]) => {
		const pairs = row.map((byte) => ` ${hex(byte, 2)}`).join("");
		return text ? `${pairs.padEnd(48)}  >${ascii(row)}<` : pairs;
	});
	return withOffsets(bodies, bytes.length, offsetRadix);
}

function withOffsets(
	bodies: readonly string[],
	length: number,
	radix: number,
): string {
	const offset = (value: number) => value.toString(radix).padStart(7, "0");
	const lines = bodies.map((body, i) => offset(16 * i) + body);
	return `${[...folded(lines, bodies), offset(length)].join("\n")}\n`;
}

function wrapped(text: string, width: number): string {
	return text.replace(new RegExp(`.{1,${width}}`, "g"), "$&\n");
}

function python(bytes: Buffer): string {
	const letters: Record<number, string> = {
		9: "\\t",
		10: "\\n",
		13: "\\r",
		39: "\\'",
		92: "\\\\",
	};
	return [...bytes]
		.map((byte) => {
			if (byte >= 0x20 && byte < 0x7f) {
				return letters[byte] ?? String.fromCharCode(byte);
			}
			return letters[byte] ?? `\\x${hex(byte, 2)}`;
		})
		.join("");
}

const pairsOf = (bytes: Buffer) => [...bytes].map((byte) => hex(byte, 2));

/** Every form, written slowly. */
export const SLOW_DUMPS: readonly SlowDump[] = [
	{ how: "xxd", name: "xxd", write: (bytes) => xxd(bytes, 16, 2) },
	{ how: "xxd -u", name: "xxd", write: (b) => xxd(b, 16, 2).toUpperCase() },
	{ how: "xxd -c 7 -g 3", name: "xxd", write: (b) => xxd(b, 7, 3) },
	{ how: "xxd -g 1 -c 32", name: "xxd", write: (b) => xxd(b, 32, 1) },
	{ how: "hexdump -C", name: "hexdump-C", write: hexdumpC },
	{ how: "hexdump", name: "hexdump", write: (b) => words(b, 16, 4, 16) },
	{ how: "od", name: "od", write: (b) => words(b, 8, 6, 8) },
	{ how: "od -x", name: "od", write: (b) => words(b, 16, 4, 8) },
	{ how: "od -tx1", name: "od", write: (b) => od(b, 8, false) },
	{ how: "od -Ad -tx1", name: "od", write: (b) => od(b, 10, false) },
	{ how: "od -Ax -tx1z", name: "od", write: (b) => od(b, 16, true) },
	{
		how: "xxd -p",
		name: "plain-hex",
		write: (b) => wrapped(b.toString("hex"), 60),
	},
	{
		how: "hex digits, folded within bytes",
		name: "plain-hex",
		write: (b) => wrapped(b.toString("hex"), 71),
	},
	{
		how: "hex digits on one line",
		name: "plain-hex",
		write: (b) => b.toString("hex"),
	},
	{
		how: "0x and hex digits",
		name: "plain-hex",
		write: (b) => `0x${b.toString("hex").toUpperCase()};\n`,
	},
	{
		how: "hex with colons",
		name: "hex",
		write: (b) => `${pairsOf(b).join(":")}\n`,
	},
	{
		how: "od -An -v",
		name: "hex",
		write: (b) =>
			rows(b, 16)
				.map(([, row]) => ` ${pairsOf(Buffer.from(row)).join(" ")}\n`)
				.join(""),
	},
	{
		how: "xxd -i",
		name: "c-array",
		write: (b) =>
			`unsigned char a[] = {\n${rows(b, 12)
				.map(([, row]) => `  ${row.map((x) => `0x${hex(x, 2)}`).join(", ")}`)
				.join(",\n")}\n};\nunsigned int a_len = ${b.length};\n`,
	},
	{
		how: "an array of Go",
		name: "c-array",
		write: (b) =>
			`b := []byte{${[...b].map((x) => `0x${x.toString(16)}`).join(", ")}}\n`,
	},
	{
		how: "an array of JSON",
		name: "c-array",
		write: (b) => JSON.stringify(b),
	},
	{
		how: "an array of JSON, a number a line",
		name: "c-array",
		write: (b) => JSON.stringify([...b], undefined, 2),
	},
	{
		how: "signed numbers",
		name: "c-array",
		write: (b) => `byte[] b = {${new Int8Array(b).join(", ")}};\n`,
	},
	{
		how: "base64",
		name: "base64",
		write: (b) => wrapped(b.toString("base64"), 76),
	},
	{
		how: "base64 for URLs",
		name: "base64",
		write: (b) => b.toString("base64url"),
	},
	{
		how: "a literal of Python",
		name: "escaped",
		write: (b) => `b'${python(b)}'\n`,
	},
	{
		how: "hex escapes in several strings",
		name: "escaped",
		write: (b) =>
			rows(b, 20)
				.map(([, row]) => `  "${row.map((x) => `\\x${hex(x, 2)}`).join("")}"\n`)
				.join(""),
	},
	{
		how: "octal escapes for printf",
		name: "escaped",
		write: (b) =>
			`printf '${[...b].map((x) => `\\${x.toString(8).padStart(3, "0")}`).join("")}'\n`,
	},
	{
		how: "a string of JSON",
		name: "escaped",
		write: (b) => `"${[...b].map((x) => `\\u${hex(x, 4)}`).join("")}"\n`,
	},
];
