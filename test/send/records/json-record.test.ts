// A JSON object into a record: every field of its header as it says, honest where it says nothing, and no change overlooked.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { RecordDraft } from "../../../src/fastcgi/record.js";
import { encodeRecord } from "../../../src/fastcgi/record-encoder.js";
import {
	type Recorded,
	recordedOf,
} from "../../../src/send/records/json-record.js";
import { bytesUpTo, truthfulDraft } from "../../support/arbitraries.js";

class Refused extends Error {}

function read(object: unknown): Recorded | undefined {
	const parsed = JSON.parse(JSON.stringify(object));
	return recordedOf(parsed, (path, message) => {
		throw new Refused(`${path}: ${message}`);
	});
}

function bytesOf(object: unknown): string {
	const recorded = read(object);
	assert.ok(recorded?.kind === "record" && recorded.draft);
	return encodeRecord(recorded.draft).toString("hex");
}

function refusal(object: unknown): string {
	try {
		read(object);
	} catch (error) {
		if (error instanceof Refused) return error.message;
		throw error;
	}
	return "none";
}

const STDIN = { type: 5, requestId: 1 };
const BEGIN = "0101000100080000000101000000" + "0000";

test("what is left out is filled in truthfully", () => {
	const cases = [
		[STDIN, "0105000100000000"],
		[{ type: "FCGI_STDIN", requestId: 258 }, "0105010200000000"],
		[{ typeName: "FCGI_STDIN", requestId: 1 }, "0105000100000000"],
		[{ ...STDIN, content: { text: "é" } }, "0105000100020000c3a9"],
		[{ ...STDIN, content: { base64: "/wA=" } }, "0105000100020000ff00"],
		[{ ...STDIN, content: { base64: "/wA" } }, "0105000100020000ff00"],
		[{ ...STDIN, padding: "00fF" }, "010500010000020000ff"],
		[{ ...STDIN, paddingLength: 2 }, "01050001000002000000"],
		[
			{
				type: 5,
				requestId: 1,
				version: 2,
				reserved: 3,
				contentLength: 9,
				content: { text: "" },
				padding: "",
			},
			"0205000100090003",
		],
		[
			{ type: 1, requestId: 1, body: { role: "FCGI_RESPONDER", flags: 1 } },
			BEGIN,
		],
		[
			{
				type: 1,
				requestId: 1,
				body: { roleName: "FCGI_RESPONDER", keepConn: true },
			},
			BEGIN,
		],
		[
			{ type: 4, requestId: 1, body: { pairs: [["A", "b"]] } },
			"010400010004000001014162",
		],
		[
			{ type: 11, requestId: 0, body: { type: "FCGI_DATA" } },
			"010b0000000800000800000000000000",
		],
		[
			{ type: 3, requestId: 1, body: { protocolStatus: 1 } },
			"01030001000800000000000001000000",
		],
	] as const;
	for (const [object, hex] of cases) {
		assert.equal(bytesOf(object), hex, JSON.stringify(object));
	}
});

test("a draft with lies in any field comes through", () => {
	const byte = fc.option(fc.nat(255), { nil: undefined });
	const lies = fc.record({
		version: byte,
		reserved: byte,
		paddingLength: byte,
		contentLength: fc.option(fc.nat(65_535), { nil: undefined }),
		paddingData: fc.option(bytesUpTo(255), { nil: undefined }),
	});
	fc.assert(
		fc.property(truthfulDraft, lies, (draft, lie) => {
			const { type, requestId, contentData = Buffer.alloc(0) } = draft;
			const { paddingData, ...header } = lie;
			const lying = Object.fromEntries(
				Object.entries({ type, requestId, contentData, ...lie }).filter(
					([, value]) => value !== undefined,
				),
			) as unknown as RecordDraft;
			const object = {
				type,
				requestId,
				...header,
				content: { base64: contentData.toString("base64") },
				padding: paddingData?.toString("hex"),
			};
			assert.equal(bytesOf(object), encodeRecord(lying).toString("hex"));
		}),
	);
});

test("a lie is told of, and what decode says to be missing is none", () => {
	const text = (object: object) => {
		const recorded = read({ ...STDIN, content: { text: "abc" }, ...object });
		return recorded?.kind === "record" ? recorded.oddity : "no record";
	};
	assert.equal(text({}), undefined);
	assert.equal(text({ contentLength: 3, paddingLength: 5 }), undefined);
	assert.equal(
		text({ contentLength: 9, missing: 6, truncated: true }),
		undefined,
	);
	assert.match(
		text({ contentLength: 9 }) ?? "",
		/^contentLength is 9 and the content has 3 bytes/,
	);
	assert.match(
		text({ paddingLength: 2, padding: "00" }) ?? "",
		/^paddingLength is 2 and the padding has 1 byte:/,
	);
});

test("what would be left aside though somebody changed it is refused", () => {
	const begin = { type: 1, requestId: 1, content: { base64: "AAEBAAAAAAA=" } };
	const cases = [
		[
			{
				...begin,
				body: { role: 1, roleName: "FCGI_RESPONDER", flags: 1, keepConn: true },
			},
			"none",
		],
		[{ ...begin, body: { role: "FCGI_RESPONDER" } }, "none"],
		[{ ...begin, body: { flags: 0 } }, "body.flags: 0, and the content says 1"],
		[
			{ ...begin, body: { keepConn: false } },
			"body.keepConn: false, and the content says true",
		],
		[
			{ ...begin, body: { roleName: "FCGI_FILTER" } },
			'body.roleName: "FCGI_FILTER", and',
		],
		[{ ...begin, body: { rolle: 1 } }, "body.rolle: no field"],
		[
			{ ...begin, content: { text: "" }, body: { role: 1 } },
			"body: the content has none",
		],
		[
			{ ...STDIN, content: { text: "" }, body: {} },
			"body: the content has none",
		],
		[
			{ ...STDIN, typeName: "FCGI_DATA" },
			'typeName: "FCGI_DATA", and type is 5, FCGI_STDIN',
		],
		[
			{
				type: 9,
				requestId: 0,
				content: { text: "\x01\x01ab" },
				body: { pairs: [["a", "c"]] },
			},
			"body.pairs: an array, and",
		],
		[
			{ kind: "skipped", length: 2, content: { text: "a" } },
			"length: 2, and the content has 1",
		],
	] as const;
	for (const [object, said] of cases) {
		const found = refusal(object);
		assert.ok(found.startsWith(said), `${JSON.stringify(object)}: ${found}`);
	}
});

test("values that no field can have are refused with their path", () => {
	const cases = [
		[{ requestId: 1 }, "type: is missing"],
		[{ type: 5 }, "requestId: is missing"],
		[{ ...STDIN, type: 256 }, "type: a whole number from 0 to 255, not 256"],
		[{ ...STDIN, type: "STDIN" }, "type: a name such as FCGI_BEGIN_REQUEST or"],
		[
			{ ...STDIN, requestId: -1 },
			"requestId: a whole number from 0 to 65535, not -1",
		],
		[{ ...STDIN, requestId: 1.5 }, "requestId: a whole number"],
		[{ ...STDIN, requestId: 1e300 }, "requestId: a whole number"],
		[
			{ ...STDIN, requestId: "1" },
			'requestId: a whole number from 0 to 65535, not "1"',
		],
		[
			{ ...STDIN, reserved: null },
			"reserved: a whole number from 0 to 255, not null",
		],
		[{ ...STDIN, connection: -1 }, "connection: a whole number"],
		[
			{ ...STDIN, from: "client" },
			'from: webServer or application, not "client"',
		],
		[{ ...STDIN, kind: "packet" }, "kind: record, or what else"],
		[{ ...STDIN, kind: "request" }, "kind: a request has no records"],
		[{ ...STDIN, content: "abc" }, 'content: {"text": "..."} or'],
		[
			{ ...STDIN, content: ["a"] },
			"content: an object in braces, not an array",
		],
		[{ ...STDIN, content: {} }, 'content: {"text": "..."} or'],
		[
			{ ...STDIN, content: { text: 5 } },
			'content: {"text": "..."} or {"base64": "..."}, not 5',
		],
		[
			{ ...STDIN, content: { text: "", base64: "" } },
			"content: has text and base64",
		],
		[{ ...STDIN, content: { text: "\ud800" } }, "content.text: \\ud800 to"],
		[
			{ ...STDIN, content: { base64: "a$" } },
			'content.base64: "a$" is no base64',
		],
		[{ ...STDIN, content: { base64: "YQ=A" } }, "content.base64: "],
		[{ ...STDIN, content: { hex: "" } }, "content.hex: no field"],
		[
			{ ...STDIN, content: { text: "a".repeat(65_536) } },
			"content: 65536 bytes, a record has room",
		],
		[
			{ ...STDIN, contentLength: 3 },
			"content: is missing, and contentLength is 3",
		],
		[{ ...STDIN, padding: "0" }, "padding: at most 255 bytes"],
		[{ ...STDIN, padding: "00".repeat(256) }, "padding: at most 255 bytes"],
		[{ ...STDIN, contentlength: 3 }, '"contentlength": no field that is known'],
		[{ ...STDIN, body: { flags: 1 } }, "body: FCGI_STDIN has no body"],
		[{ type: 1, requestId: 1, body: {} }, "body.role: is missing"],
		[
			{ type: 4, requestId: 1, body: { pairs: [["a"]] } },
			'body.pairs[0]: ["NAME"',
		],
		[{ type: 4, requestId: 1, body: {} }, "body.pairs: an array"],
		[{ kind: "skipped" }, "content: is missing; was it printed"],
	] as const;
	for (const [object, said] of cases) {
		const found = refusal(object);
		assert.ok(found.startsWith(said), `${JSON.stringify(object)}: ${found}`);
		assert.ok(found.length < 400, found);
	}
});

test("what says nothing of what was sent is passed over", () => {
	assert.equal(read({ kind: "summary", connections: 1 }), undefined);
	assert.equal(read({ kind: "finding", code: "x" }), undefined);
	const answer = read({ type: 6, requestId: 1, from: "application", any: 1 });
	assert.ok(answer?.kind === "record" && answer.draft === undefined);
});
