import assert from "node:assert/strict";
import { test } from "node:test";
import { OUTPUT_FORMATS } from "../../src/render/index.js";
import { CAPTURES, run } from "../support/cli.js";

/** Secrets that stand in captures, and what stands beside them. */
const SECRETS = [
	["25-apache-authnz-fcgi.pcap", "REMOTE_PASSWD"],
	["01-nginx-fpm-basic.pcap", "HTTP_COOKIE"],
] as const;

for (const [file, name] of SECRETS) {
	test(`--redact hides ${name} in every format, and moves nothing`, async () => {
		const path = `${CAPTURES}${file}`;
		const plain = await run(["decode", "-T", "json", path]);
		const values = [
			...plain.stdout.matchAll(new RegExp(`"${name}":"([^"]+)"`, "g")),
		].map((match) => match[1] as string);
		assert.ok(values.length > 0);
		// Of a cookie, the value is the secret.
		const secrets = values.flatMap((value) =>
			value.split("; ").map((part) => part.replace(/^[^=]*=/, "")),
		);
		for (const { name: format } of OUTPUT_FORMATS) {
			const args = ["decode", "-T", format];
			const [open, redacted] = await Promise.all([
				run([...args, path]),
				run([...args, "--redact", path]),
			]);
			for (const secret of secrets) {
				assert.ok(!redacted.stdout.includes(secret), `${format}: ${secret}`);
			}
			assert.equal(redacted.code, 0);
			assert.equal(
				redacted.stdout.split("\n").length,
				open.stdout.split("\n").length,
				format,
			);
			if (format !== "tree" && format !== "hex") {
				assert.equal(redacted.stdout.length, open.stdout.length, format);
			}
		}
	});
}

test("--redact=NAME adds a name, and a file behind --redact stays a file", async () => {
	const path = `${CAPTURES}01-nginx-fpm-basic.pcap`;
	const named = await run(["decode", "-T", "json", "--redact=http-host", path]);
	assert.match(named.stdout, /"HTTP_HOST":"\*{9}"/);
	const plain = await run(["decode", "-T", "json", "--redact", path]);
	assert.match(plain.stdout, /"HTTP_HOST":"shop.test"/);
	assert.equal(plain.code, 0);
});
