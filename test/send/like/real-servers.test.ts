// Each likeness beside the server itself: the same HTTP request to both, and then the same variables with the same values
// in the same order, in records of the same lengths.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
	framingOf,
	likenessOf,
	requestOf,
	scriptOf,
} from "../../../src/send/index.js";
import { startRecorder } from "../../support/recorder.js";
import { recordsSent } from "../../support/sent.js";
import { type ServerName, startWebServer } from "../../support/web-servers.js";

interface Case {
	readonly what: string;
	readonly path: string;
	readonly method?: string;
	/** Without Host, Content-Length and Content-Type. */
	readonly headers?: readonly string[];
	readonly host?: string;
	readonly body?: { readonly bytes: Buffer; readonly type?: string };
	/** Servers that answer such a request themselves. */
	readonly not?: readonly ServerName[];
}

const CASES: readonly Case[] = [
	{ what: "a plain GET", path: "/index.php" },
	{
		what: "a path info, a query and fields of all kinds",
		path: "/index.php/in%20fo/x+y?x=1&y=%20",
		host: "Example.test:PORT",
		headers: [
			"X-A: 1",
			"x-b_c: 2",
			"X.D: 3",
			"X-A: 4",
			"Cookie: a=b",
			"Cookie: c=d",
			"X-E;",
			"X-U: é",
			"User-Agent: x/1 (y)",
			"Accept: */*",
		],
	},
	{
		what: "a password",
		path: "/env.php",
		headers: ["X-A: 1", "Authorization: Basic YTpi", "X-B: 2"],
	},
	{ what: "a folder", path: "/sub/?a=b", headers: ["Content-Type: x/y"] },
	{
		what: "a form",
		path: "/a%20b.php",
		method: "POST",
		body: {
			bytes: Buffer.from("a=b"),
			type: "application/x-www-form-urlencoded",
		},
	},
	{
		what: "a body of no bytes",
		path: "/env.php",
		method: "POST",
		body: { bytes: Buffer.alloc(0) },
	},
	{
		what: "a PUT of 100,000 bytes",
		path: "/env.php?q",
		method: "PUT",
		body: { bytes: Buffer.alloc(100_000, "x"), type: "text/plain" },
		not: ["haproxy"],
	},
	{ what: "dots and slashes", path: "/sub/.././/env.php?a?b" },
	{ what: "an encoded query", path: "/env.php?a%2fb&c%41='x" },
	{ what: "an encoded path", path: "/env.php/%7euser/%c3%a9/a'b" },
	{ what: "an encoded slash", path: "/env.php/a%2Fb", not: ["apache"] },
	{
		what: "an empty query",
		path: "/env.php?",
	},
	{ what: "HEAD", path: "/env.php", method: "HEAD" },
];

for (const name of [
	"nginx",
	"nginx-snippet",
	"lighttpd",
	"apache",
	"haproxy",
] as const) {
	test(`${name} and what is like it send the same`, async (t) => {
		const application = await startRecorder(t);
		const server = await startWebServer(t, name, application.path);
		const like = likenessOf(name);
		for (const one of CASES) {
			if (one.not?.includes(name)) continue;
			const { method = "GET", body } = one;
			const host = (one.host ?? "example.test:PORT").replace(
				"PORT",
				`${server.port}`,
			);
			const headers = [...(one.headers ?? []), "Connection: close"];
			const before = application.seen.length;
			const answer = await server.ask(
				Buffer.concat([
					Buffer.from(
						[
							`${method} ${one.path} HTTP/1.1`,
							`Host: ${host}`,
							...headers.map((header) => header.replace(/;$/, ":")),
							...(body === undefined
								? []
								: [`Content-Length: ${body.bytes.length}`]),
							...(body?.type === undefined
								? []
								: [`Content-Type: ${body.type}`]),
							"",
							"",
						].join("\r\n"),
					),
					body?.bytes ?? Buffer.alloc(0),
				]),
			);
			const seen = application.seen[before];
			assert.ok(
				seen,
				`${one.what}: ${name} answered by itself: ${answer.slice(0, 200)}`,
			);
			const told = (variable: string) =>
				seen.params.find(([other]) => other === variable)?.[1] ?? "";
			assert.match(
				told("SERVER_SOFTWARE"),
				/^(?:nginx\/|lighttpd\/|Apache\/2|HAProxy )/,
			);
			const { request } = requestOf(
				{
					like,
					url: `http://${host}${one.path}`,
					root: server.root,
					method,
					headers,
					remote: `127.0.0.1:${told("REMOTE_PORT")}`,
					body: body && { length: body.bytes.length, type: body.type },
					set: [
						`SERVER_SOFTWARE=${told("SERVER_SOFTWARE")}`,
						// The environment that it was started in.
						...(name === "apache" ? [`PATH=${told("PATH")}`] : []),
					],
				},
				{ stdin: body?.bytes },
			);
			const sent = await recordsSent(
				scriptOf(request, framingOf({ like: like.framing })),
			);
			assert.deepEqual(sent.params, seen.params, one.what);
			assert.equal(sent.flags, seen.flags);
			assert.deepEqual(sent.records, seen.records, one.what);
			assert.ok(sent.body.equals(seen.body));
		}
	});
}
