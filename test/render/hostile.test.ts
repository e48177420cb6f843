// Whatever traffic holds, nothing of it reaches a terminal that the terminal would act on, and nothing is thrown.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import type { FcgiEvent } from "../../src/inspect/event.js";
import { OUTPUT_FORMATS } from "../../src/render/index.js";
import { formatSummary, NO_SUMMARY } from "../../src/render/summary.js";
import { bytesUpTo, truthfulDraft } from "../support/arbitraries.js";
import {
	begin,
	chunk,
	connection,
	end,
	endedRequest,
	newFinding,
	pairs,
	record,
	recordEvent,
	render,
	renderEvents,
} from "../support/events.js";

const UNFIT = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const MACHINE = ["json", "ndjson"];
/** What kleur writes. */
const SGR = new RegExp(`${String.fromCharCode(0x1b)}\\[[0-9]+m`, "g");

const evilText = fc.string({
	unit: fc.oneof(
		fc.constantFrom("\x1b", "\x07", "\x9b", "\x7f", "\n", "\r", "\0", "\t"),
		fc.constantFrom("\u202e", "\u2066", "\u2028", "\u200b", "\ufeff", "\ud800"),
		fc.constantFrom(
			"\\",
			'"',
			"x",
			"é",
			"日",
			"👍",
			" ",
			":",
			"=",
			"\u{e0041}",
		),
	),
	maxLength: 40,
});
const evilBytes = fc.oneof(
	bytesUpTo(120),
	evilText.map((text) => Buffer.from(text)),
);

const looks = fc.record({
	columns: fc.constantFrom(undefined, 20, 80, 200),
	color: fc.boolean(),
	hex: fc.boolean(),
	records: fc.boolean(),
	content: fc.boolean(),
});

function assertFit(format: string, text: string, color: boolean): void {
	const plain = color ? text.replaceAll(SGR, "") : text;
	const found = UNFIT.exec(plain.replaceAll("\n", ""));
	assert.equal(found, null, `${format}: ${JSON.stringify(found?.[0])}`);
	if (format === "json") JSON.parse(text);
	if (format !== "ndjson") return;
	for (const line of text.trimEnd().split("\n")) JSON.parse(line);
}

test("bytes of all fields of a request are shown harmlessly by all formats", () => {
	const conversation = fc.record({
		name: evilBytes,
		value: evilBytes,
		method: evilText,
		stdin: evilBytes,
		stderr: evilBytes,
		head: evilBytes,
		body: evilBytes,
		padding: fc.uint8Array({ maxLength: 20 }),
		address: evilText,
		role: fc.nat(255),
		status: fc.nat(255),
	});
	fc.assert(
		fc.property(conversation, looks, (said, look) => {
			const where = connection(0, {
				webServer: said.address,
				application: said.address,
			});
			const ask = Buffer.concat([
				begin(1, said.role),
				record("params", 1, pairs({ REQUEST_METHOD: said.method })),
				record(
					"params",
					1,
					Buffer.concat([
						Buffer.of(said.name.length, said.value.length),
						said.name,
						said.value,
					]),
				),
				record("params", 1),
				record("stdin", 1, said.stdin, {
					paddingLength: said.padding.length,
					paddingData: Buffer.from(said.padding),
				}),
				record("stdin", 1),
			]);
			const tell = Buffer.concat([
				record("stderr", 1, said.stderr),
				record("stdout", 1, Buffer.concat([Buffer.from("X: "), said.head])),
				record("stdout", 1, Buffer.concat([Buffer.from("\n\n"), said.body])),
				end(1, 0xffffffff, said.status),
				record("getValuesResult", 0, pairs({ [said.method]: said.address })),
			]);
			for (const { name } of OUTPUT_FORMATS) {
				const color = look.color && !MACHINE.includes(name);
				const text = render(
					name,
					[
						chunk(where, "webServer", ask),
						chunk(where, "application", tell, 1),
					],
					{ ...look, color },
				);
				assertFit(name, text, color);
			}
		}),
		{ numRuns: 150 },
	);
});

test("any records and any bytes are shown harmlessly by all formats", () => {
	const bytes = fc.oneof(
		fc
			.array(truthfulDraft, { maxLength: 8 })
			.map((drafts) =>
				Buffer.concat(drafts.map((draft) => encodeRecord(draft))),
			),
		bytesUpTo(200),
	);
	const from = fc.constantFrom("webServer" as const, "application" as const);
	const steps = fc.array(fc.tuple(from, bytes, fc.nat(3)), { maxLength: 6 });
	fc.assert(
		fc.property(steps, looks, fc.boolean(), (said, look, startSeen) => {
			const where = connection(0, { startSeen });
			const chunks = said.map(([peer, piece, missing], i) =>
				chunk(where, peer, piece, i, { missingBefore: missing }),
			);
			for (const { name } of OUTPUT_FORMATS) {
				const color = look.color && !MACHINE.includes(name);
				const text = render(name, chunks, { ...look, color });
				assertFit(name, text, color);
			}
		}),
		{ numRuns: 150 },
	);
});

test("words of findings and remarks are shown harmlessly, though they quote traffic", () => {
	fc.assert(
		fc.property(evilText, (evil) => {
			const finding = newFinding({
				code: evil,
				section: evil,
				message: evil,
				diagnosis: evil,
				remedies: [evil],
			});
			const request = endedRequest({ findings: [finding] });
			const events: FcgiEvent[] = [
				recordEvent({ type: 5 }, { findings: [finding] }),
				{
					kind: "requestEnded",
					connection: request.connection,
					timestamp: 1e300,
					request,
					findings: [],
				},
			];
			for (const { name } of OUTPUT_FORMATS) {
				assertFit(name, renderEvents(name, events, { columns: 80 }), false);
			}
			const sentence = formatSummary({ ...NO_SUMMARY, remarks: [evil] });
			assert.doesNotMatch(sentence, UNFIT);
		}),
	);
});
