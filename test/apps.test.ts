// The applications that other tests talk to do what test/apps/README.md says of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
	APPS,
	type AppName,
	type AppOptions,
	startApp,
} from "./support/apps.js";
import { ask, FcgiClient } from "./support/fcgi-client.js";

for (const name of APPS) {
	for (const tcp of [false, true]) {
		test(`${name} on ${tcp ? "TCP" : "a Unix socket"}`, async (context) => {
			const env = { APP_TEST: "here" };
			const app = await started(context, name, { tcp, env });
			const plain = await ask(app.address, {
				params: app.params("env=APP_TEST"),
			});
			assert.equal(plain.lines.app, name);
			assert.equal(plain.lines.role, "RESPONDER");
			assert.equal(plain.lines.method, "GET");
			assert.equal(plain.lines.stdin, "0");
			assert.equal(plain.lines.env, "here");
			assert.deepEqual(
				[plain.status, plain.appStatus, plain.protocolStatus],
				[200, 0, 0],
			);
			const large = await ask(app.address, {
				params: app.params("size=1000000"),
			});
			assert.equal(large.body.length, 1_000_000);
			assert.ok(large.body.every((byte) => byte === 0x78));
			const began = performance.now();
			await ask(app.address, { params: app.params("sleep=150") });
			assert.ok(performance.now() - began >= 150);
		});
	}
}

for (const name of ["libfcgi", "php-cgi", "fcgiwrap"] as const) {
	test(`${name} writes FCGI_STDERR`, async (context) => {
		const args = name === "fcgiwrap" ? ["-f"] : [];
		const app = await started(context, name, { args });
		const params = app.params("stderr=oops");
		assert.match((await ask(app.address, { params })).stderr, /oops/);
	});
}

test("libfcgi ends requests with a status, and keeps connections", async (context) => {
	const app = await started(context, "libfcgi");
	const client = await FcgiClient.connect(app.address);
	context.after(() => client.close());
	const pids = new Set<string | undefined>();
	for (let number = 0; number < 3; number++) {
		const answer = await client.ask({ params: app.params(), id: 7 });
		pids.add(answer.lines.pid);
	}
	assert.equal(pids.size, 1);
	const params = app.params("status=42");
	assert.equal((await client.ask({ params })).appStatus, 42);
});

test("libfcgi plays all roles", async (context) => {
	const { address, params } = await started(context, "libfcgi");
	const allowed = await ask(address, { role: 2, params: params("allow=1") });
	assert.equal(allowed.status, 200);
	assert.match(allowed.stdout.toString(), /^Variable-WHO: tester$/m);
	const refused = await ask(address, { role: 2, params: params() });
	assert.equal(refused.status, 403);
	const data = "abc".repeat(50_000);
	const filtered = await ask(address, {
		role: 3,
		params: {
			...params(),
			FCGI_DATA_LENGTH: `${data.length}`,
			FCGI_DATA_LAST_MOD: "1",
		},
		stdin: "input",
		data,
	});
	assert.equal(filtered.text, data.toUpperCase());
});

async function started(
	context: { after(fn: () => Promise<void>): void },
	name: AppName,
	options: AppOptions = {},
) {
	const app = await startApp(name, options);
	context.after(() => app.stop());
	return app;
}
