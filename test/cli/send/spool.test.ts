import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { Spool } from "../../../src/cli/send/spool.js";
import { FcgiInspectError } from "../../../src/errors.js";
import { StoredBytes } from "../../../src/send/replay/stored-bytes.js";
import { temporaryFolder } from "../../support/door.js";

test("streams that are put in side by side come out whole, at any place", (t) => {
	const folder = temporaryFolder(t);
	const spool = new Spool(folder);
	t.after(() => spool.close());
	const streams = [0, 1, 2].map(() => new StoredBytes(spool));
	const expected = streams.map((): Buffer[] => []);
	for (let i = 0; i < 400; i++) {
		// Two of the same follow one another now and then; some are larger than a block.
		const which = ((i * 7) % 5) % 3;
		const bytes = randomBytes(i === 150 ? 600_000 : (i * 997) % 5000);
		streams[which]?.append(bytes);
		expected[which]?.push(bytes);
		if (i % 90 === 0) streams[which]?.read(0, 10);
	}
	for (const [i, stream] of streams.entries()) {
		const whole = Buffer.concat(expected[i] ?? []);
		assert.equal(stream.length, whole.length);
		assert.deepEqual(stream.read(0, whole.length + 5), whole);
		assert.deepEqual(Buffer.concat([...stream.blocks(1013)]), whole);
		for (let at = 0; at < whole.length; at += 39_119) {
			assert.deepEqual(stream.read(at, 4000), whole.subarray(at, at + 4000));
		}
	}
	assert.deepEqual(readdirSync(folder), [], "the file has no name");
});

test("a folder that cannot be written to is one line, with the way out", () => {
	assert.throws(
		() => new Spool("/nowhere"),
		(error: unknown) =>
			error instanceof FcgiInspectError &&
			error.code === "unwritable-output" &&
			/\/nowhere.*TMPDIR/.test(error.message),
	);
});
