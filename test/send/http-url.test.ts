// URLs into their parts, nothing decoded and nothing taken away.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUrl, percentDecoded } from "../../src/send/http-url.js";

const PARTS: readonly [url: string, parts: object][] = [
	[
		"http://Example.Test/a?b#c",
		{
			scheme: "http",
			authority: "Example.Test",
			hostName: "example.test",
			port: "80",
			userInfo: undefined,
			path: "/a",
			query: "b",
		},
	],
	[
		"https://example.test",
		{ scheme: "https", port: "443", path: "/", query: undefined },
	],
	[
		"HTTPS://example.test:8443?",
		{
			scheme: "https",
			authority: "example.test:8443",
			port: "8443",
			path: "/",
			query: "",
		},
	],
	["http://example.test:/a", { authority: "example.test", port: "80" }],
	["example.test/a", { scheme: "http", hostName: "example.test", path: "/a" }],
	[
		"example.test:8080",
		{ authority: "example.test:8080", port: "8080", path: "/" },
	],
	[
		"/index.php/a?x=1",
		{
			authority: "localhost",
			hostName: "localhost",
			path: "/index.php/a",
			query: "x=1",
		},
	],
	["//a/../b", { authority: "localhost", path: "//a/../b" }],
	[
		"http://a/%7e/%2F/..//x?%zz=[]",
		{ path: "/%7e/%2F/..//x", query: "%zz=[]" },
	],
	[
		"http://[::1]:9000/",
		{ authority: "[::1]:9000", hostName: "[::1]", port: "9000" },
	],
	["http://u%40:p%3A@a/", { authority: "a", userInfo: "u@:p:" }],
	[
		"http://bücher.test/é?ü",
		{ authority: "b%C3%BCcher.test", path: "/%C3%A9", query: "%C3%BC" },
	],
	[
		"http://a/b?c=http://d/@",
		{ hostName: "a", path: "/b", query: "c=http://d/@" },
	],
	["http://a?x#y?z", { path: "/", query: "x" }],
];

for (const [url, parts] of PARTS) {
	test(`takes ${url} apart`, () => {
		const all: object = parseUrl(url);
		assert.deepEqual({ ...all, ...parts }, all);
	});
}

for (const url of [
	"",
	"http://",
	"http:///a",
	"ftp://a/",
	"http://a b/",
	"http://a/ b",
	"http://a/\n",
	"http://a:0/",
	"http://a:65536/",
	"http://a:b/",
	"http://[::1/",
	"http://%zz@a/",
	"?a",
]) {
	test(`refuses ${JSON.stringify(url)}`, () => {
		assert.throws(() => parseUrl(url), {
			code: "usage",
			message: /^[^\n]* is no URL.*: a URL is http:/,
		});
	});
}

test("decodes to bytes, and refuses what is no encoding", () => {
	assert.equal(percentDecoded("/%ff%C3%a9+%2f", ""), "/\xff\xc3\xa9+/");
	assert.equal(percentDecoded("é", ""), "\xc3\xa9");
	for (const bad of ["%", "%4", "a%zz", "%%41"]) {
		assert.throws(
			() => percentDecoded(bad, "whole"),
			/'whole' is no URL .*write %25/,
		);
	}
});
