import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_PART_HEAD_BYTES } from "../../src/redact/multipart-scanner.js";
import { begun, push } from "./redacted.js";

const TYPE = "multipart/form-data; boundary=XyZ";

/** A part whose head is filled up to so many bytes, and the next part's boundary. */
function partOf(headBytes: number, content: string): string {
	const head = '\nContent-Disposition: form-data; name="a"\n';
	const filler = `X: ${"y".repeat(headBytes - head.length - 3)}`;
	return `--XyZ\n${filler}${head}\n${content}\n--XyZ--`;
}

test("a part with a head as long as is read is judged by its name", () => {
	const body = partOf(MAX_PART_HEAD_BYTES - 1, "abc");
	assert.equal(push(begun(TYPE), "stdin", body), body);
});

test("a part with a longer head is covered", () => {
	const covered = push(
		begun(TYPE),
		"stdin",
		partOf(MAX_PART_HEAD_BYTES + 1, "abc"),
	);
	assert.ok(covered.endsWith("\n\n***\n--XyZ--"), covered.slice(-30));
});

test("without a boundary, what does not begin with one is covered", () => {
	const body = "-a\nContent-Disposition: form-data; name=b\n\nc";
	const redacted = push(begun("multipart/form-data"), "stdin", body);
	assert.equal(redacted, `-${"*".repeat(body.length - 1)}`);
});
