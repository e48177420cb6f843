import assert from "node:assert/strict";
import { test } from "node:test";
import { readDump } from "../../support/dumped.js";

const BYTES = Buffer.from(
	"0105000100100000303132333435363738394142434445460105000100000000",
	"hex",
);
const PAIRS = [...BYTES].map((byte) => byte.toString(16).padStart(2, "0"));
const rows = (width: number) =>
	Array.from({ length: Math.ceil(PAIRS.length / width) }, (_, i) =>
		PAIRS.slice(i * width, (i + 1) * width).join(" "),
	);

test("an odd group of digits is a byte that is not known, and said", () => {
	const lines = rows(8).with(1, "30 31 3 33 34 35 36 37");
	const { bytes, missing, report } = readDump("hex", lines.join("\n"));
	assert.equal(bytes.length, BYTES.length - 1);
	assert.deepEqual(missing, [[10, 1]]);
	assert.deepEqual(report.remarks, ["line 2 has an odd number of hex digits"]);
});

test("a line of digits that lost one of them is as long as the others are", () => {
	const digits = BYTES.toString("hex");
	const lines = [digits.slice(0, 32), digits.slice(32, 47), digits.slice(48)];
	const { missing, report } = readDump("plain-hex", lines.join("\n"));
	assert.deepEqual(missing, [[23, 9]]);
	assert.match(report.remarks.join(), /^line 2 has an odd number/);
});

test("a damaged line is skipped, and what follows is said to follow a loss", () => {
	const lines = rows(8).with(1, "30 31 32 ?? 34 35 36 37");
	const { bytes, missing, report } = readDump("hex", lines.join("\n"));
	assert.equal(bytes.length, BYTES.length - 8);
	assert.deepEqual(missing, [[8, undefined]]);
	assert.deepEqual(report.remarks, [
		"line 3 goes on with the dump, behind lines that are no part of it",
		"line 2 is no dump and was skipped",
	]);
});

test("half a byte at the end is said and no byte", () => {
	const { bytes, report } = readDump("plain-hex", `${BYTES.toString("hex")}0`);
	assert.deepEqual(bytes, BYTES);
	assert.equal(report.truncated, true);
	assert.match(report.remarks.join(), /in the middle of a byte/);
});

test("text beside the bytes is none of them", () => {
	const lines = rows(8).map((row) => `${row}  |bad.cafe|`);
	const { bytes } = readDump("hex", lines.join("\n"));
	assert.deepEqual(bytes, BYTES);
	const words = rows(8).map((row) => `${row}  ab ca fe ...`);
	assert.deepEqual(readDump("hex", words.join("\n")).bytes, BYTES);
});

test("comments are no bytes", () => {
	const lines = rows(8).map((row, i) => {
		const array = row.replace(/\S\S/g, "0x$&,");
		return i % 2 === 0 ? `${array} // 0x10, 16` : `/* 0x20 */ ${array}`;
	});
	const { bytes } = readDump("c-array", `x = {\n${lines.join("\n")}\n};\n`);
	assert.deepEqual(bytes, BYTES);
});

test("the length that xxd -i gives is compared", () => {
	const array = (said: number) =>
		`unsigned char a[] = {\n  ${PAIRS.map((pair) => `0x${pair}`).join(", ")}\n};\nunsigned int a_len = ${said};\n`;
	assert.deepEqual(readDump("c-array", array(32)).report.remarks, []);
	assert.deepEqual(readDump("c-array", array(33)).report.remarks, [
		"line 4: the array has 32 of the 33 bytes that it should have",
	]);
});

test("prose is no base64, wherever it stands", () => {
	const text = `Thanks\n${BYTES.toString("base64")}\n\nThanks\nBest\n`;
	assert.deepEqual(readDump("base64", text).bytes, BYTES);
});

test("escapes of all kinds are bytes, and what they cannot be is said", () => {
	const escaped = (text: string) => {
		const head = String.raw`\x01\5\0\001\0\x10\0\u0000`;
		const { bytes, report } = readDump("escaped", `a = "${head}${text}";`);
		return { text: bytes.toString("latin1", 8), report };
	};
	assert.equal(
		escaped(String.raw`\a\b\t\n\v\f\r\e\"\\\/\u{41}\x4g`).text,
		'\x07\b\t\n\v\f\r\x1b"\\/A\x04g',
	);
	const { report } = escaped(String.raw`\u263a`);
	assert.match(report.remarks.join(), /characters that are no bytes/);
});

test("one line without end is read in parts", () => {
	const bytes = Buffer.alloc(600_000, BYTES);
	const inOne = {
		"plain-hex": bytes.toString("hex"),
		hex: bytes.toString("hex").replace(/../g, "$&:"),
		base64: bytes.toString("base64"),
		escaped: `"${bytes.toString("hex").replace(/../g, "\\x$&")}"`,
		"c-array": `[${bytes.join(", ")}]`,
	} as const;
	for (const [name, text] of Object.entries(inOne)) {
		for (const step of [1000, 9973, 262_144]) {
			const read = readDump(name as keyof typeof inOne, text, step);
			assert.equal(read.bytes.equals(bytes), true, `${name} by ${step}`);
		}
	}
});

test("hostile lines take no more time than others", () => {
	const started = performance.now();
	for (const name of ["hex", "c-array", "base64", "escaped", "xxd"] as const) {
		for (const piece of ["01 ", "0x01,", "AQ ", "\\1", "1, ", "00000000: "]) {
			readDump(name, piece.repeat(400_000));
		}
	}
	assert.ok(performance.now() - started < 20_000);
});

test("a dump that starts in the middle of a record is read where its format is given", () => {
	const middle = BYTES.subarray(12);
	const texts = {
		"plain-hex": middle.toString("hex").replace(/.{16}/g, "$&\n"),
		hex: middle.toString("hex").replace(/../g, "$& "),
		base64: middle.toString("base64"),
	} as const;
	for (const [name, text] of Object.entries(texts)) {
		const read = readDump(
			name as keyof typeof texts,
			`Some words\n\n${text}\n`,
		);
		assert.deepEqual(read.bytes, middle, name);
	}
});

test("characters beyond latin1 in a string are no bytes, and said", () => {
	const text = `a = "\\x01\\x05\\0\\x01\\0\\x01\\0\\0\u263a";`;
	const utf16 = Buffer.from(`\ufeff${text}`, "utf16le");
	const { bytes, report } = readDump("escaped", utf16);
	assert.equal(bytes.length, 8);
	assert.match(
		report.remarks.join(),
		/^line 1 has characters that are no bytes/,
	);
});
