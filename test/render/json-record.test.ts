import assert from "node:assert/strict";
import { test } from "node:test";
import { recordJson } from "../../src/render/json-record.js";
import {
	begin,
	chunk,
	connection,
	end,
	inspect,
	pairs,
	record,
	recordEvent,
} from "../support/events.js";

test("a record is written letter by letter as documented", () => {
	const event = recordEvent(
		{
			type: 4,
			offset: 1234,
			contentData: Buffer.from("\x01\x01AZ"),
			paddingData: Buffer.alloc(4),
		},
		{ number: 12, frame: 7, timestamp: 1_700_000_000.000123 },
	);
	assert.equal(
		recordJson(event, true),
		'{"kind":"record","number":12,"frame":7,"time":1700000000.000123,"connection":0,"from":"webServer",' +
			'"offset":1234,"version":1,"type":4,"typeName":"FCGI_PARAMS","requestId":1,"contentLength":4,' +
			'"paddingLength":4,"reserved":0,"content":{"text":"\\u0001\\u0001AZ"},"padding":"00000000","findings":[]}',
	);
});

test("frame and time are absent where the input has none", () => {
	const keys = Object.keys(
		JSON.parse(recordJson(recordEvent({ type: 5 }), true)),
	);
	assert.equal(keys.includes("frame"), false);
	assert.equal(keys.includes("time"), false);
});

test("content that is not UTF-8 is base64", () => {
	const contentData = Buffer.of(0xff, 0x00);
	const text = recordJson(recordEvent({ type: 6, contentData }), true);
	assert.deepEqual(JSON.parse(text).content, { base64: "/wA=" });
});

test("content is left out where it is not wanted", () => {
	const contentData = Buffer.from("secret");
	const text = recordJson(recordEvent({ type: 6, contentData }), false);
	assert.doesNotMatch(text, /secret|content"/);
});

test("a record that is cut off says so, and how much is missing", () => {
	const event = recordEvent({ type: 6, missing: 3, truncated: true });
	const { missing, truncated } = JSON.parse(recordJson(event, true));
	assert.deepEqual([missing, truncated], [3, true]);
});

test("the types that have a body show it in front of their content", () => {
	const cases: readonly (readonly [Buffer, unknown])[] = [
		[
			begin(1, 3, 1),
			{ role: 3, roleName: "FCGI_FILTER", flags: 1, keepConn: true },
		],
		[
			end(1, 938, 2),
			{
				appStatus: 938,
				protocolStatus: 2,
				protocolStatusName: "FCGI_OVERLOADED",
			},
		],
		[
			record("unknownType", 0, Buffer.of(12, 0, 0, 0, 0, 0, 0, 0)),
			{ type: 12 },
		],
		[
			record("getValues", 0, pairs({ FCGI_MAX_CONNS: "" })),
			{ pairs: [["FCGI_MAX_CONNS", ""]] },
		],
		[record("stdin", 1, "x"), undefined],
		[record("end", 1, "short"), undefined],
	];
	for (const [bytes, body] of cases) {
		const seen: string[] = [];
		inspect([chunk(connection(), "webServer", bytes)], (event) => {
			if (event.kind === "record") seen.push(recordJson(event, true));
		});
		const object = JSON.parse(seen[0] ?? "");
		assert.deepEqual(object.body, body, object.typeName);
		if (body === undefined) continue;
		const keys = Object.keys(object);
		assert.equal(keys.indexOf("body") + 1, keys.indexOf("content"));
	}
});
