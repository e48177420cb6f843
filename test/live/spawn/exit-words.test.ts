// What is said of applications that ended or could not be started.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
	exitWords,
	failureWords,
	killedWords,
} from "../../../src/live/spawn/exit-words.js";

const exited = { kind: "exited", pid: 7, ranMs: 2345, againMs: 0 } as const;

test("how it ended, after how long, and when it starts again", () => {
	assert.equal(
		exitWords({ ...exited, status: 0 }),
		"application 7 exited with status 0 after 2.3 s; it is started again",
	);
	assert.equal(
		exitWords({ ...exited, signal: "SIGABRT", ranMs: 12.3, againMs: 4000 }),
		"application 7 was ended by SIGABRT after 12 ms; it is started again in 4 s",
	);
	assert.equal(
		exitWords({ ...exited, status: 1, ranMs: 3_600_000, againMs: 1000 }),
		"application 7 exited with status 1 after 60 min; it is started again in 1 s",
	);
});

test("a program that goes into the background is told what it has to do", () => {
	assert.match(
		exitWords({ ...exited, status: 0, ranMs: 9, againMs: 1000 }),
		/status 0 after 9 ms \(it has to stay in the foreground\); /,
	);
});

test("why it was not started", () => {
	assert.equal(
		failureWords("app", { kind: "failed", code: "ENOEXEC" }),
		"app: cannot be started: it is no program, and a script has to begin with #!",
	);
	assert.equal(
		failureWords("app", { kind: "failed", code: "EIO", againMs: 30_000 }),
		"app: cannot be started: EIO; it is tried again in 30 s",
	);
	assert.equal(
		killedWords(7, 5000),
		"application 7 did not end within 5 s of SIGTERM, and was killed",
	);
});
