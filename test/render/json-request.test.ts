import assert from "node:assert/strict";
import { test } from "node:test";
import { requestJson } from "../../src/render/json-request.js";
import {
	connection,
	endedRequest,
	newFinding,
	START,
} from "../support/events.js";

const ALL_KEYS = [
	"kind",
	"number",
	"connection",
	"webServer",
	"application",
	"requestId",
	"role",
	"roleName",
	"flags",
	"keepConn",
	"params",
	"paramsBytes",
	"paramsEnded",
	"stdin",
	"data",
	"stdout",
	"stderr",
	"response",
	"appStatus",
	"protocolStatus",
	"protocolStatusName",
	"state",
	"records",
	"startedAt",
	"firstByteAt",
	"endedAt",
	"timeToFirstByteMs",
	"durationMs",
	"timing",
	"findings",
];

const param = (name: string, value: string, latin1 = false) => ({
	name,
	value,
	latin1,
});

const FULL = endedRequest({
	flags: 3,
	parameters: [param("SCRIPT_NAME", "/index.php"), param("1", "one")],
	response: {
		status: 200,
		reason: "",
		headers: [["Content-Type", 'text/"html"']],
		variables: [],
		badLines: [],
		headBytes: 86,
	},
	stdout: { bytes: 5120, records: 2, ended: true, missing: 0 },
	stderrText: "",
	records: 7,
	startedAt: START + 0.1,
	firstByteAt: START + 0.2,
	endedAt: START + 0.3,
	findings: [
		newFinding({
			severity: "warning",
			section: "6.2",
			message: "what",
			remedies: ["do this"],
			record: 12,
			request: 3,
			count: 2,
		}),
	],
});

test("a request has its keys in the documented order", () => {
	assert.deepEqual(Object.keys(JSON.parse(requestJson(FULL))), ALL_KEYS);
});

test("a request is written letter by letter as documented", () => {
	assert.equal(
		requestJson(FULL),
		'{"kind":"request","number":1,"connection":0,"webServer":"127.0.0.1:40000","application":"127.0.0.1:9000",' +
			'"requestId":1,"role":1,"roleName":"FCGI_RESPONDER","flags":3,"keepConn":true,' +
			'"params":{"SCRIPT_NAME":"/index.php","1":"one"},"paramsBytes":0,"paramsEnded":true,' +
			'"stdin":{"bytes":0,"records":0,"ended":true},"data":{"bytes":0,"records":0,"ended":false},' +
			'"stdout":{"bytes":5120,"records":2,"ended":true},"stderr":{"bytes":0,"records":0,"ended":false,"text":""},' +
			'"response":{"status":200,"headers":[["Content-Type","text/\\"html\\""]],"bodyBytes":5034},' +
			'"appStatus":0,"protocolStatus":0,"protocolStatusName":"FCGI_REQUEST_COMPLETE",' +
			'"state":"complete","records":7,"startedAt":1700000000.1,"firstByteAt":1700000000.2,"endedAt":1700000000.3,' +
			'"timeToFirstByteMs":100,"durationMs":200,"timing":{"transferMs":100,"bursts":1},' +
			'"findings":[{"code":"a-code","severity":"warning","section":"6.2","message":"what","diagnosis":"what it means","remedies":["do this"],"record":12,"request":3,"connection":0,"count":2}]}',
	);
});

test("what is not known is absent, not null", () => {
	const text = requestJson(
		endedRequest({
			beginSeen: false,
			connection: { number: 4, startSeen: false },
			role: undefined,
			flags: undefined,
			appStatus: undefined,
			protocolStatus: undefined,
			state: "incomplete",
		}),
	);
	assert.deepEqual(Object.keys(JSON.parse(text)), [
		"kind",
		"number",
		"connection",
		"requestId",
		"params",
		"paramsBytes",
		"paramsEnded",
		"stdin",
		"data",
		"stdout",
		"stderr",
		"state",
		"records",
		"findings",
	]);
	assert.doesNotMatch(text, /null/);
});

test("a request whose BEGIN_REQUEST was not seen is a fragment", () => {
	const kind = (beginSeen: boolean) =>
		JSON.parse(requestJson(endedRequest({ beginSeen }))).kind;
	assert.equal(kind(true), "request");
	assert.equal(kind(false), "fragment");
});

test("a repeated name keeps its last value, and the earlier ones are listed", () => {
	const request = JSON.parse(
		requestJson(
			endedRequest({
				parameters: [
					param("A", "1"),
					param("B", "2"),
					param("A", "3"),
					param("", "x"),
					param("A", "4"),
				],
			}),
		),
	);
	assert.deepEqual(request.params, { A: "4", B: "2", "": "x" });
	assert.deepEqual(request.duplicateParams, [
		["A", "1"],
		["A", "3"],
	]);
});

test("names that only look alike are no duplicates", () => {
	const names = Array.from({ length: 3000 }, (_, i) => `HTTP_X_${i}_NAME`);
	const parameters = names.map((name) => param(name, "v"));
	const request = JSON.parse(requestJson(endedRequest({ parameters })));
	assert.deepEqual(Object.keys(request.params), names);
	assert.equal("duplicateParams" in request, false);
});

test("a name that JavaScript gives a meaning is a name like others", () => {
	const text = requestJson(
		endedRequest({ parameters: [param("__proto__", "p"), param("2", "b")] }),
	);
	assert.match(text, /"params":\{"__proto__":"p","2":"b"\}/);
});

test("names of what was not UTF-8, damage and omissions are told", () => {
	const request = JSON.parse(
		requestJson(
			endedRequest({
				connection: connection(1),
				parameters: [param("L", "ÿ", true), param("L", "ÿ", true)],
				parametersDamaged: "missing",
				stderrText: "x",
				stderrOmitted: 5,
			}),
		),
	);
	assert.deepEqual(request.latin1Params, ["L"]);
	assert.equal(request.paramsDamaged, "missing");
	assert.equal(request.stderr.omitted, 5);
});
