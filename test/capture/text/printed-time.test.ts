import assert from "node:assert/strict";
import { test } from "node:test";
import { readTime } from "../../../src/capture/text/printed-time.js";
import { TextClock } from "../../../src/capture/text/text-clock.js";
import { emptyReport } from "../network/crafted.js";

const TIMES = [
	["1795309415.055344 IP", "epoch", 1795309415.055344],
	["2026-11-22 01:03:35.055344 IP", "date", 1795309415.055344],
	["2026-11-22T01:03:35.055344000Z", "utc", 1795309415.055344],
	["2026/326 01:03:35.055344", "date", 1795309415.055344],
	["01:03:35.055344 IP", "clock", 3815.055344],
	["-00:00:00.000113 IP", "clock", -0.000113],
	["0.000007 127.0.0.1", "seconds", 0.000007],
] as const;

for (const [text, kind, seconds] of TIMES) {
	test(`'${text}' is ${kind}`, () => {
		const time = readTime(`x ${text}`, 2);
		assert.equal(time?.kind, kind);
		assert.ok(Math.abs((time?.seconds ?? 0) - seconds) < 1e-9);
	});
}

for (const text of [
	"127.0.0.1.42516 > ",
	"10:31 in",
	"12 packets",
	"IP 1.2",
	"0x0000:",
	"2026-11-22",
]) {
	test(`'${text}' is no time`, () => {
		assert.equal(readTime(text, 0), undefined);
	});
}

test("times of day go on past midnight, and back a little where packets are out of order", () => {
	const clock = new TextClock();
	const at = (text: string) => {
		const time = readTime(text, 0);
		assert.ok(time);
		return clock.timestamp(time);
	};
	assert.equal(at("23:59:59.000000"), 86_399);
	assert.equal(at("23:59:58.000000"), 86_398);
	assert.equal(at("00:00:01.000000"), 86_401);
	const report = emptyReport();
	clock.remark(report);
	assert.deepEqual(report.remarks, [
		"the text has times of day without a date: they count from 1970-01-01",
	]);
});
