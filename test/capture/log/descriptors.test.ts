import assert from "node:assert/strict";
import { test } from "node:test";
import { Conversation } from "../../../src/capture/log/conversation.js";
import { Descriptors } from "../../../src/capture/log/descriptors.js";

function socket(): Conversation {
	return new Conversation(
		{
			openedByProcess: false,
			openedAt: undefined,
			startKnown: true,
			ownAddress: undefined,
			peerAddress: undefined,
		},
		[],
	);
}

test("a new process has copies, and a thread has the same files", () => {
	const descriptors = new Descriptors();
	const accepted = socket();
	descriptors.open(1, 4, accepted, undefined);
	descriptors.made(1, 2, false);
	descriptors.made(1, 3, true);
	assert.equal(descriptors.of(2).open.get(4), accepted);
	assert.equal(descriptors.of(3), descriptors.of(1));
	assert.equal(accepted.descriptors, 2);
	descriptors.close(3, 4, undefined);
	assert.equal(descriptors.of(1).open.has(4), false);
	assert.equal(accepted.descriptors, 1);
});

test("processes that make others for ever do not have copies for ever", () => {
	const descriptors = new Descriptors();
	for (let i = 0; i < 2000; i++) {
		descriptors.open(1, i + 4, socket(), undefined);
	}
	let copies = 0;
	for (let child = 2; child < 1000; child++) {
		descriptors.made(1, child, false);
		copies += descriptors.of(child).open.size;
	}
	assert.ok(copies > 100_000 && copies <= 262_144, `${copies}`);
});
