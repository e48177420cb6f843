// What closes without an answer, in conversations that other checks have something to say of, too.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CONNECTION_CHECKS } from "../../../src/expert/connection/index.js";
import { Inspector } from "../../../src/inspect/inspector.js";
import { chunksOf, readCases } from "../../support/case-file.js";
import { describeFinding } from "../../support/described-event.js";

const BEGIN = `> {FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, 0}}
> {FCGI_PARAMS, 1, [REQUEST_METHOD="GET"]}
> {FCGI_PARAMS, 1, ""}`;

test("an input that is not complete is said to be so", () => {
	assert.deepEqual(findings(`${BEGIN}\n@wait 300ms\n< rst`), [
		"error closed-without-response, request 1: no byte of an answer: the application closed the connection (RST) 0.300 s after the last record of an input that was not complete, as a process does that dies at work",
	]);
});

const ANSWER_TO_ANOTHER = `< {FCGI_STDOUT, 2, "Status: 200 OK\\r\\n\\r\\n"}
< {FCGI_END_REQUEST, 2, {0, FCGI_REQUEST_COMPLETE}}`;

for (const end of ["< fin", "> rst", "@wait 3000ms\n> fin"]) {
	test(`an answer with another id is an answer, whatever follows: ${JSON.stringify(end)}`, () => {
		const conversation = `${BEGIN}\n> {FCGI_STDIN, 1, ""}\n@wait 1ms\n${ANSWER_TO_ANOTHER}\n${end}`;
		assert.deepEqual(findings(conversation), []);
	});
}

test("what came in front of the input is no answer to it", () => {
	const conversation = `${ANSWER_TO_ANOTHER}\n${BEGIN}\n> {FCGI_STDIN, 1, ""}\n@wait 2000ms\n< fin`;
	assert.equal(findings(conversation).length, 1);
});

test("nothing is said of a request whose beginning was not seen, or that lost bytes", () => {
	const rest = `> {FCGI_STDIN, 1, ""}\n@wait 300ms\n< rst`;
	assert.deepEqual(findings(`start not seen\n${rest}`), []);
	assert.deepEqual(findings(`${BEGIN}\n< missing 100\n${rest}`), []);
	assert.deepEqual(findings(`${BEGIN}\n> missing 100\n${rest}`), []);
});

/** What the checks of connections find. */
function findings(conversation: string): string[] {
	const [golden] = readCases(
		`## A case\n\n\`\`\`conversation\n${conversation}\n\`\`\`\n\n\`\`\`findings\n\`\`\`\n`,
	);
	assert.ok(golden);
	const inspector = new Inspector({ checks: CONNECTION_CHECKS });
	const events = chunksOf(golden).flatMap((chunk) => [
		...inspector.push(chunk),
	]);
	return [...events, ...inspector.end()].flatMap((event) =>
		event.findings.map(describeFinding),
	);
}
