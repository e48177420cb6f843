// Where the path of a URL leads: what is the script, what is behind it, and where its file is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { normalised, scriptPlace } from "../../src/send/script-place.js";

const PLACES: readonly [
	path: string,
	options: object,
	name: string,
	info: string,
	file: string,
	root: string,
][] = [
	[
		"/index.php",
		{ root: "/srv/www" },
		"/index.php",
		"",
		"/srv/www/index.php",
		"/srv/www",
	],
	[
		"/app/index.php/info/x",
		{ root: "/srv/www//" },
		"/app/index.php",
		"/info/x",
		"/srv/www/app/index.php",
		"/srv/www",
	],
	["/a.php/b.php/c", { root: "/r" }, "/a.php", "/b.php/c", "/r/a.php", "/r"],
	[
		"/a.phpx/b.php/",
		{ root: "/r" },
		"/a.phpx/b.php",
		"/",
		"/r/a.phpx/b.php",
		"/r",
	],
	["/.php/x", { root: "/r" }, "/.php", "/x", "/r/.php", "/r"],
	["/", { root: "/r" }, "/index.php", "", "/r/index.php", "/r"],
	[
		"/sub/",
		{ root: "/r", index: "app.php" },
		"/sub/app.php",
		"",
		"/r/sub/app.php",
		"/r",
	],
	["/go/app", { root: "/r" }, "/go/app", "", "/r/go/app", "/r"],
	["/a%20b.php/%2e%2e/c", { root: "/r" }, "/c", "", "/r/c", "/r"],
	[
		"/../../etc/passwd",
		{ root: "/r" },
		"/etc/passwd",
		"",
		"/r/etc/passwd",
		"/r",
	],
	["/a.php", {}, "/a.php", "", "/var/www/html/a.php", "/var/www/html"],
	["/a.php", { root: "/" }, "/a.php", "", "/a.php", ""],
	// The script is told, and a path that does not name it was led to it.
	[
		"/pretty/path",
		{ root: "/r", script: "index.php" },
		"/index.php",
		"",
		"/r/index.php",
		"/r",
	],
	[
		"/index.php/path",
		{ root: "/r", script: "index.php" },
		"/index.php",
		"/path",
		"/r/index.php",
		"/r",
	],
	[
		"/cgi/tool/path",
		{ root: "/r", script: "cgi/tool" },
		"/cgi/tool",
		"/path",
		"/r/cgi/tool",
		"/r",
	],
	[
		"/x",
		{ root: "/r", script: "/r/a/b.php" },
		"/a/b.php",
		"",
		"/r/a/b.php",
		"/r",
	],
	[
		"/x",
		{ root: "/r", script: "/else/b.php" },
		"/b.php",
		"",
		"/else/b.php",
		"/r",
	],
	[
		"/app/b.php/info",
		{ script: "/srv/app/b.php" },
		"/app/b.php",
		"/info",
		"/srv/app/b.php",
		"/srv",
	],
	["/x", { script: "/srv/b.php" }, "/b.php", "", "/srv/b.php", "/srv"],
	[
		"/x",
		{ script: "b.php" },
		"/b.php",
		"",
		"/var/www/html/b.php",
		"/var/www/html",
	],
];

for (const [path, options, scriptName, pathInfo, scriptFile, root] of PLACES) {
	test(`${path} with ${JSON.stringify(options)} is ${scriptName}`, () => {
		const place = scriptPlace(path, options);
		assert.deepEqual(
			{ ...place, uri: "" },
			{ root, uri: "", scriptName, pathInfo, scriptFile },
		);
	});
}

test("slashes are merged and dots followed, never above the root", () => {
	for (const [path, plain] of [
		["/", "/"],
		["//a///b/", "/a/b/"],
		["/a/./b", "/a/b"],
		["/a/..", "/"],
		["/a/b/..", "/a/"],
		["/a/.", "/a/"],
		["/../a", "/a"],
		["/a/...", "/a/..."],
	] as const) {
		assert.equal(normalised(path), plain);
	}
});
