import assert from "node:assert/strict";
import { test } from "node:test";
import {
	commentOf,
	findingComments,
} from "../../../src/capture/write/finding-comments.js";
import type { Finding } from "../../../src/inspect/finding.js";

function finding(fields: Partial<Finding> = {}): Finding {
	return {
		code: "some-code",
		severity: "warning",
		detail: false,
		section: "6.2",
		message: "what was seen",
		diagnosis: "what it means",
		remedies: [],
		record: 3,
		request: 2,
		connection: 0,
		count: 1,
		...fields,
	};
}

const told = (findings: readonly Finding[]) =>
	findingComments(findings).map(String);

test("a comment says severity, code, whose it is and what was seen", () => {
	assert.deepEqual(
		told([
			finding(),
			finding({ request: undefined, section: undefined, connection: 7 }),
			finding({ detail: true }),
		]),
		[
			"warning some-code, request 2: what was seen [section 6.2]",
			"warning some-code, connection 7: what was seen",
		],
	);
});

test("nothing that a terminal would obey is in a comment", () => {
	const [comment] = told([
		finding({ message: "a\u001b[31mb\nc\u202ed\u0000", section: undefined }),
	]);
	assert.match(
		comment ?? "",
		/: a\\u\{1b\}\[31mb\\u\{a\}c\\u\{202e\}d\\u\{0\}$/,
	);
});

test("a comment has whole characters, and at most 65,535 bytes", () => {
	for (const before of ["", "a", "ab", "abc"]) {
		const bytes = commentOf(before + "\u{1F600}".repeat(20_000));
		assert.ok(bytes.length <= 65_535);
		assert.ok(bytes.length > 65_530);
		assert.ok(!bytes.toString().includes("\ufffd"));
	}
	assert.equal(commentOf("x".repeat(65_535)).length, 65_535);
});

test("of very many, the rest is counted", () => {
	const comments = told(Array.from({ length: 250 }, () => finding()));
	assert.equal(comments.length, 101);
	assert.equal(comments.at(-1), "150 more findings at this packet");
});
