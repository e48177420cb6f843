// The shipped texts: each is told by its content, decodes to the conversation that its capture holds, however it is cut
// and whatever people put around it, and takes damage without harm.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CAPTURE_FORMATS } from "../../../src/capture/index.js";
import type { Chunk } from "../../../src/inspect/chunk.js";
import { assertCutBlind, seededRandom } from "../../support/any-cut.js";
import { emptyReport } from "../network/crafted.js";
import { decodedAs, formatsOf } from "./decoded-text.js";
import { SAMPLES, sampleBytes } from "./samples.js";

/** Mutations of each text. */
const MUTATIONS = 150;
/** Texts up to this length are cut off at every byte, others at every so many. */
const EVERY_END_UP_TO = 3500;

function opened(name: string, report = emptyReport()) {
	const format = CAPTURE_FORMATS.find((candidate) => candidate.name === name);
	assert.ok(format);
	return format.open({ ports: [], live: true }, report);
}

function described(chunk: Chunk): unknown {
	const { bytes, connection, ...rest } = chunk;
	return { ...rest, number: connection.number, bytes: bytes.toString("hex") };
}

/** What both sides said, as records. */
function told(name: string, bytes: Buffer, addressed: boolean): string[] {
	return decodedAs(name, bytes).records.map(({ direction, what }) =>
		addressed ? `${direction} ${what}` : `${direction.split(" ")[0]} ${what}`,
	);
}

const capture = sampleBytes("conv.pcap");

for (const { file, format, addressed } of SAMPLES) {
	const bytes = sampleBytes(file);
	const truth = told("pcap", capture, addressed);

	test(`${file} is told as ${format}, and as nothing else`, () => {
		assert.deepEqual(formatsOf(bytes), [format]);
	});

	test(`${file} decodes to the conversation`, () => {
		assert.equal(truth.length, 8);
		assert.deepEqual(told(format, bytes, addressed), truth);
		const { report } = decodedAs(format, bytes);
		assert.equal(report.truncated, false);
	});

	test(`${file}: the same chunks however it is cut`, () => {
		assertCutBlind(() => opened(format), bytes, described);
	});

	test(`${file}, cut off anywhere, gives the beginning of the same bytes`, () => {
		const whole = bytesBySender(format, bytes).said;
		let truncated = 0;
		const step = Math.ceil(bytes.length / EVERY_END_UP_TO);
		for (let end = 0; end < bytes.length; end += step) {
			const { said, report } = bytesBySender(format, bytes.subarray(0, end));
			for (const [sender, hex] of said) {
				assert.ok(
					whole.get(sender)?.startsWith(hex),
					`${sender} of the first ${end} bytes`,
				);
			}
			if (report.truncated) truncated++;
			assert.ok(report.remarks.length <= 8, report.remarks.join("\n"));
		}
		assert.ok(truncated > 0, "never said to be cut off");
	});

	test(`${file} as PowerShell writes it is told, and decodes, as before`, () => {
		const text = `\ufeff${bytes.toString("latin1").replaceAll("\n", "\r\n")}`;
		const wide = Buffer.from(text, "utf16le");
		assert.equal(formatsOf(wide)[0], format);
		assert.deepEqual(told(format, wide, addressed), truth);
	});

	for (const [how, decorate] of decorations()) {
		test(`${file} ${how} is told, and decodes, as before`, () => {
			const decorated = Buffer.from(
				decorate(bytes.toString("latin1")),
				"latin1",
			);
			assert.equal(formatsOf(decorated)[0], format);
			assert.deepEqual(told(format, decorated, addressed), truth);
		});
	}

	test(`${file}, damaged in any way, throws nothing and makes no bytes up`, () => {
		const random = seededRandom(bytes.length);
		for (let round = 0; round < MUTATIONS; round++) {
			const mutated = mutation(bytes, random);
			const report = emptyReport();
			const stage = opened(format, report);
			let made = 0;
			for (const chunks of [stage.push(mutated), stage.end()]) {
				for (const chunk of chunks) made += chunk.bytes.length;
			}
			assert.ok(made <= mutated.length, `round ${round}: ${made} bytes`);
			assert.ok(report.remarks.length <= 10, report.remarks.join("\n"));
		}
	});
}

/** What people and programs put around a text. */
function decorations(): readonly (readonly [
	string,
	(text: string) => string,
])[] {
	const lines = (each: (line: string, number: number) => string) => {
		return (text: string) =>
			text
				.replace(/\n$/, "")
				.split("\n")
				.map((line, i) => each(line, i + 1))
				.join("\n");
	};
	return [
		[
			"in a report",
			(text) =>
				`Hello,\n\nphp-fpm 8.2 answers 502 at 10:31, see:\n\n\`\`\`\n$ sudo the-command -r file 2>&1 | head -99\n${text}\`\`\`\n\nAny idea? It began 2026-11-20.\n\n-- \nMe\n`,
		],
		["with CRLF", (text) => text.replaceAll("\n", "\r\n")],
		["in a reply", lines((line) => `> ${line}`)],
		["in a reply to a reply", lines((line) => `> > ${line}`)],
		["beside a bar", lines((line) => `  | ${line}`)],
		["indented", lines((line) => `    ${line}`)],
		["as of cat -n", lines((line, i) => `${String(i).padStart(6)}\t${line}`)],
		["as of grep -n", lines((line, i) => `${i}:${line}`)],
		["in colours", lines((line) => `\x1b[32m${line}\x1b[0m`)],
		["without its last line end", (text) => text.replace(/\n$/, "")],
	];
}

/** Hex digits of what each sender said, and what the stage said of itself. */
function bytesBySender(name: string, bytes: Buffer) {
	const report = emptyReport();
	const stage = opened(name, report);
	const said = new Map<string, string>();
	for (const chunks of [stage.push(bytes), stage.end()]) {
		for (const { from, bytes: part } of chunks) {
			said.set(from, (said.get(from) ?? "") + part.toString("hex"));
		}
	}
	return { said, report };
}

/** A few changes of the kinds that happen to texts: characters, lines and blocks lost, doubled, moved or replaced. */
function mutation(bytes: Buffer, random: () => number): Buffer {
	let text = Buffer.from(bytes);
	const place = () => Math.floor(random() * text.length);
	for (let change = 0; change < 1 + random() * 6; change++) {
		const at = place();
		const length = Math.floor(random() ** 4 * 400);
		switch (Math.floor(random() * 5)) {
			case 0:
				text[at] = Math.floor(random() * 256);
				break;
			case 1:
				text = Buffer.concat([
					text.subarray(0, at),
					text.subarray(at + length),
				]);
				break;
			case 2:
				text = Buffer.concat([
					text.subarray(0, at + length),
					text.subarray(at),
				]);
				break;
			case 3: {
				const line = text.indexOf(10, at) + 1;
				const next = text.indexOf(10, line) + 1;
				if (line > 0 && next > 0) {
					text = Buffer.concat([text.subarray(0, line), text.subarray(next)]);
				}
				break;
			}
			default:
				text = text.subarray(0, Math.max(1, at));
		}
		if (text.length === 0) text = Buffer.from("0");
	}
	return text;
}
