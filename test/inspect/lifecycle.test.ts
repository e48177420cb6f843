import assert from "node:assert/strict";
import { test } from "node:test";
import {
	inputStreams,
	stateAtClose,
	stateAtEnd,
	unexpectedInStream,
} from "../../src/inspect/lifecycle.js";
import type { StreamName } from "../../src/inspect/request.js";

test("each role has its input streams in order (sections 6.2 to 6.4)", () => {
	assert.deepEqual(inputStreams(1), ["params", "stdin"]);
	assert.deepEqual(inputStreams(2), ["params"]);
	assert.deepEqual(inputStreams(3), ["params", "stdin", "data"]);
	assert.deepEqual(inputStreams(9), ["params", "stdin"], "an unknown role");
});

function streamsEnded(role: number, ended: readonly StreamName[]) {
	const state = (name: StreamName) => ({ ended: ended.includes(name) });
	return {
		role,
		params: state("params"),
		stdin: state("stdin"),
		data: state("data"),
		stdout: state("stdout"),
		stderr: state("stderr"),
	};
}

const CASES: readonly [
	number,
	readonly StreamName[],
	StreamName,
	number,
	string | undefined,
][] = [
	[1, [], "params", 1, undefined],
	[1, [], "stdin", 1, "streamTooEarly"],
	[1, ["params"], "stdin", 1, undefined],
	[1, ["params"], "params", 0, "streamEnded"],
	[1, ["params"], "data", 1, "notOfRole"],
	[2, ["params"], "stdin", 0, undefined],
	[2, ["params"], "stdin", 1, "notOfRole"],
	[3, ["params"], "data", 1, "streamTooEarly"],
	[3, ["params", "stdin"], "data", 1, undefined],
	[1, [], "stdout", 1, undefined],
	[1, ["stdout"], "stdout", 1, "streamEnded"],
	[1, ["stdout"], "stderr", 1, undefined],
];
for (const [role, ended, stream, length, expected] of CASES) {
	test(`role ${role}, ended [${ended}]: ${length} bytes of ${stream} are ${expected ?? "in place"}`, () => {
		assert.equal(
			unexpectedInStream(streamsEnded(role, ended), stream, length),
			expected,
		);
	});
}

test("END_REQUEST and closing leave a request in the state they should", () => {
	assert.equal(stateAtEnd(false, 0), "complete");
	assert.equal(stateAtEnd(false, undefined), "complete");
	assert.equal(stateAtEnd(false, 3), "rejected");
	assert.equal(stateAtEnd(true, 0), "aborted");
	assert.equal(stateAtClose(false), "incomplete");
	assert.equal(stateAtClose(true), "aborted");
});
