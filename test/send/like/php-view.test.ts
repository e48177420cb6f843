// What PHP itself sees, behind a real nginx and behind what is like it; and php-fpm's pages about itself.

import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { connect } from "node:net";
import { type TestContext, test } from "node:test";
import type { FcgiRecord } from "../../../src/fastcgi/record.js";
import { RecordDecoder } from "../../../src/fastcgi/record-decoder.js";
import type { Script } from "../../../src/fastcgi/step.js";
import {
	framingOf,
	getValues,
	likenessOf,
	pageRequest,
	requestOf,
	scriptOf,
	valueNames,
} from "../../../src/send/index.js";
import { socketOf, startPhpFpm } from "../../support/php-fpm.js";
import { contentOf, pairsOf, stepsOf, writesIn } from "../../support/sent.js";
import { scratch } from "../../support/unix-application.js";
import { startWebServer } from "../../support/web-servers.js";

async function fpm(t: TestContext): Promise<string> {
	const folder = scratch(t);
	chmodSync(folder, 0o755);
	const pool = {
		folder,
		user: "www-data",
		lines: ["pm.status_path = /status"],
	} as const;
	await startPhpFpm(t, pool);
	return socketOf(pool);
}

/** All records of the answer to a script, up to the one that ends it. */
async function answerTo(path: string, script: Script): Promise<FcgiRecord[]> {
	const bytes = Buffer.concat(writesIn(await stepsOf(script)));
	return new Promise((resolve, reject) => {
		const socket = connect({ path });
		const decoder = new RecordDecoder();
		const records: FcgiRecord[] = [];
		socket.setTimeout(5000, () => socket.destroy(new Error("no answer")));
		socket.on("data", (data) => {
			records.push(...decoder.push(Buffer.from(data)));
			const last = records.at(-1)?.kind;
			if (last === "endRequest" || last === "getValuesResult") socket.destroy();
		});
		socket.on("error", reject);
		socket.on("close", () => resolve(records));
		socket.write(bytes);
	});
}

/** $_SERVER of an answer, without what is another for each request. */
function serverOf(answer: string): Record<string, unknown> {
	const seen = JSON.parse(
		answer.slice(answer.indexOf("{"), answer.lastIndexOf("}") + 1),
	) as Record<string, unknown>;
	for (const name of ["REMOTE_PORT", "REQUEST_TIME", "REQUEST_TIME_FLOAT"]) {
		assert.ok(name in seen, name);
		delete seen[name];
	}
	return seen;
}

test("PHP sees the same of nginx and of what is like nginx", async (t) => {
	const application = await fpm(t);
	for (const name of ["nginx", "nginx-snippet"] as const) {
		const nginx = await startWebServer(t, name, application);
		const like = likenessOf(name);
		const cases = [
			{
				path: "/index.php/in%20fo?x=1&y[]=%20",
				headers: ["User-Agent: a b", "X-A: 1", "X-A: 2", "Cookie: a=b"],
			},
			{ path: "/env.php", headers: ["Authorization: Basic YTpi"], body: "a=b" },
			{ path: "/sub/", headers: ["Accept-Language: de;q=0.7", "X-E;"] },
		];
		for (const { path, headers, body } of cases) {
			const all = [...headers, "Connection: close"];
			const behind = await nginx.ask(
				[
					`${body === undefined ? "GET" : "POST"} ${path} HTTP/1.1`,
					`Host: example.test:${nginx.port}`,
					...all.map((header) => header.replace(/;$/, ":")),
					...(body === undefined
						? []
						: [`Content-Length: ${body.length}`, "Content-Type: text/plain"]),
					"",
					body ?? "",
				].join("\r\n"),
			);
			const { request } = requestOf(
				{
					like,
					url: `http://example.test:${nginx.port}${path}`,
					root: nginx.root,
					headers: all,
					body:
						body === undefined
							? undefined
							: { length: body.length, type: "text/plain" },
				},
				{ stdin: body === undefined ? undefined : Buffer.from(body) },
			);
			const records = await answerTo(
				application,
				scriptOf(request, framingOf({ like: like.framing })),
			);
			const seen = serverOf(contentOf(records, "stdout").toString());
			assert.deepEqual(seen, serverOf(behind));
			assert.deepEqual(Object.keys(seen), Object.keys(serverOf(behind)));
			assert.equal(seen.DOCUMENT_ROOT, nginx.root);
		}
	}
});

test("PHP runs what is asked for with no server in particular", async (t) => {
	const application = await fpm(t);
	const { root } = await startWebServer(t, "nginx", application);
	const { request, remarks } = requestOf({
		url: "http://example.test/index.php/info?x=1",
		root,
		headers: ["X-A: 1", "X-A: 2"],
	});
	const records = await answerTo(
		application,
		scriptOf(request, framingOf({ padding: { seed: 7 }, recordSize: 100 })),
	);
	const seen = serverOf(contentOf(records, "stdout").toString());
	assert.deepEqual(remarks, []);
	assert.equal(seen.HTTP_X_A, "1, 2");
	assert.equal(seen.PATH_INFO, "/info");
	assert.equal(seen.PHP_SELF, "/index.php/info");
	assert.equal(seen.PATH, undefined);
});

test("php-fpm answers for itself, and is told nothing of the environment", async (t) => {
	const application = await fpm(t);
	const page = async (name: string) => {
		const { params } = pageRequest(name);
		assert.deepEqual(
			params.map(([param]) => param),
			["REQUEST_METHOD", "SCRIPT_NAME", "SCRIPT_FILENAME", "QUERY_STRING"],
		);
		const records = await answerTo(
			application,
			scriptOf(pageRequest(name), framingOf()),
		);
		return contentOf(records, "stdout").toString();
	};
	assert.match(await page("/ping"), /\r\n\r\npong$/);
	const status = await page("/status?json&full");
	const { pool, processes } = JSON.parse(status.slice(status.indexOf("{"))) as {
		pool: string;
		processes: unknown[];
	};
	assert.equal(pool, "www");
	assert.equal(processes.length, 2);

	const [values] = await answerTo(
		application,
		getValues(valueNames(undefined), framingOf({ padding: "align8" })),
	);
	assert.equal(values?.kind, "getValuesResult");
	assert.deepEqual(pairsOf(values?.contentData ?? Buffer.alloc(0)), [
		["FCGI_MPXS_CONNS", "0"],
	]);
});
