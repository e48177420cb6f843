// All that can be said of a request, put together: what wins, what is filled in, and what is left out.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FcgiInspectError } from "../../src/errors.js";
import {
	LIKENESSES,
	likenessOf,
	type Param,
	pageRequest,
	paramOf,
	type RequestOptions,
	requestOf,
	valueNames,
} from "../../src/send/index.js";

const made = (options: RequestOptions) => requestOf(options).request.params;
const told = (options: RequestOptions, name: string) =>
	made(options)
		.filter(([other]) => other === name)
		.map(([, value]) => value.toString());

test("a URL makes the variables of CGI", () => {
	assert.deepEqual(
		made({
			url: "http://Example.test:8080/app/index.php/in%20fo?x=1",
			root: "/srv/www",
			headers: ["X-A: 1", "Accept: a", "accept: b"],
		}),
		[
			["GATEWAY_INTERFACE", "CGI/1.1"],
			["SERVER_SOFTWARE", "fcgi-inspect"],
			["SERVER_PROTOCOL", "HTTP/1.1"],
			["SERVER_NAME", "example.test"],
			["SERVER_ADDR", "127.0.0.1"],
			["SERVER_PORT", "8080"],
			["REMOTE_ADDR", "127.0.0.1"],
			["REMOTE_PORT", "40000"],
			["REQUEST_METHOD", "GET"],
			["REQUEST_SCHEME", "http"],
			["REQUEST_URI", "/app/index.php/in%20fo?x=1"],
			["DOCUMENT_ROOT", "/srv/www"],
			["DOCUMENT_URI", "/app/index.php/in fo"],
			["SCRIPT_NAME", "/app/index.php"],
			["SCRIPT_FILENAME", "/srv/www/app/index.php"],
			["PATH_INFO", "/in fo"],
			["PATH_TRANSLATED", "/srv/www/in fo"],
			["QUERY_STRING", "x=1"],
			["REDIRECT_STATUS", "200"],
			["HTTP_HOST", "Example.test:8080"],
			["HTTP_X_A", "1"],
			["HTTP_ACCEPT", "a, b"],
		],
	);
});

test("a body tells its length and type, unless nothing is to be filled in", () => {
	const url = "https://example.test/a.php";
	const body = { length: 7, type: "text/plain" };
	assert.deepEqual(told({ url, body }, "REQUEST_METHOD"), ["POST"]);
	assert.deepEqual(told({ url, body, method: "PUT" }, "REQUEST_METHOD"), [
		"PUT",
	]);
	assert.deepEqual(told({ url, body }, "HTTPS"), ["on"]);
	assert.deepEqual(told({ url, body }, "CONTENT_LENGTH"), ["7"]);
	assert.deepEqual(told({ url, body }, "CONTENT_TYPE"), ["text/plain"]);
	assert.deepEqual(
		told(
			{ url, body, headers: ["content-type: x/y", "Content-Length: 3"] },
			"CONTENT_TYPE",
		),
		["x/y"],
	);
	assert.deepEqual(
		told(
			{ url, body, headers: ["content-type: x/y", "Content-Length: 3"] },
			"CONTENT_LENGTH",
		),
		["3"],
	);
	assert.deepEqual(
		told({ url, body, headers: ["Content-Type:"] }, "CONTENT_TYPE"),
		[],
	);
	assert.deepEqual(told({ url, body, exact: true }, "CONTENT_LENGTH"), []);
	assert.deepEqual(told({ url }, "CONTENT_LENGTH"), []);
	const unknown = requestOf({ url, body: { length: undefined } });
	assert.match(
		unknown.remarks[0] ?? "",
		/length of the body is not known.*-P CONTENT_LENGTH=BYTES/,
	);
	for (const like of LIKENESSES) {
		const lengths = told(
			{ url, like, body: { length: undefined } },
			"CONTENT_LENGTH",
		);
		assert.ok(["", "-1"].includes(lengths.join()), `${like.name}: ${lengths}`);
	}
});

test("what a file says of another body is set right, and said", () => {
	const params: Param[] = [
		["CONTENT_LENGTH", "10"],
		["A", "1"],
		["CONTENT_TYPE", "x/y"],
	];
	const { request, remarks } = requestOf({ params });
	assert.deepEqual(request.params, [
		["CONTENT_LENGTH", "0"],
		["A", "1"],
		["CONTENT_TYPE", "x/y"],
	]);
	assert.match(
		remarks[0] ?? "",
		/CONTENT_LENGTH was '10' and there is no body.*--exact/,
	);
	const body = { length: 3, type: "text/plain" };
	assert.deepEqual(made({ params, body }), [
		["CONTENT_LENGTH", "3"],
		["A", "1"],
		["CONTENT_TYPE", "x/y"],
	]);
	assert.deepEqual(made({ params: [["A", "1"]], body }), [
		["A", "1"],
		["CONTENT_LENGTH", "3"],
		["CONTENT_TYPE", "text/plain"],
	]);
	assert.deepEqual(made({ params, body, exact: true }), params);
	assert.deepEqual(made({ params, body, set: ["CONTENT_LENGTH=99"] })[0], [
		"CONTENT_LENGTH",
		"99",
	]);
	assert.deepEqual(made({ params: [["CONTENT_LENGTH", ""]] }), [
		["CONTENT_LENGTH", ""],
	]);
});

test("files win over the URL, and single parameters over both; repeated names are kept in their order", () => {
	const params: Param[] = [
		["A", "1"],
		["SERVER_NAME", "file"],
		["B", "2"],
		["A", "3"],
	];
	assert.deepEqual(made({ params }), params);
	const both = made({
		url: "http://a/",
		params,
		set: ["SERVER_PORT=1", "NEW=x=y", "EMPTY="],
		unset: ["B", "REMOTE_ADDR"],
	});
	assert.deepEqual(both.slice(3, 6), [
		["SERVER_NAME", "file"],
		["SERVER_ADDR", "127.0.0.1"],
		["SERVER_PORT", "1"],
	]);
	assert.deepEqual(both.slice(-4), [
		["A", "1"],
		["A", "3"],
		["NEW", "x=y"],
		["EMPTY", ""],
	]);
	assert.ok(!both.some(([name]) => name === "B" || name === "REMOTE_ADDR"));
	assert.deepEqual(made({ params, set: ["A=4", "A=5"] }), [
		["A", "4"],
		["A", "5"],
		["SERVER_NAME", "file"],
		["B", "2"],
	]);
	assert.deepEqual(made({ params, unset: ["A"], set: ["A=4"] }), [
		["SERVER_NAME", "file"],
		["B", "2"],
		["A", "4"],
	]);
	assert.throws(() => paramOf("=x"), /'=x' is no parameter: NAME=VALUE/);
	assert.throws(() => paramOf("PATH"), /'PATH' is no parameter/);
});

test("an authorizer is not told of the script and the body, and gets no STDIN", () => {
	for (const like of [undefined, ...LIKENESSES]) {
		const { request } = requestOf({ url: "http://a/b.php/c", role: 2, like });
		const names = request.params.map(([name]) => name);
		for (const name of [
			"CONTENT_LENGTH",
			"PATH_INFO",
			"PATH_TRANSLATED",
			"SCRIPT_NAME",
		]) {
			assert.ok(!names.includes(name), `${like?.name}: ${name}`);
		}
		assert.ok(names.includes("REQUEST_URI"));
		assert.deepEqual(
			request.stdin,
			like?.name === "lighttpd" ? Buffer.alloc(0) : undefined,
		);
	}
});

test("a filter is told of its file", () => {
	const data = { length: 5, lastModified: 1_700_000_000.9 };
	const { request } = requestOf({ role: 3, params: [["A", "1"]], data });
	assert.deepEqual(request.params, [
		["A", "1"],
		["FCGI_DATA_LAST_MOD", "1700000000"],
		["FCGI_DATA_LENGTH", "5"],
	]);
	assert.deepEqual(request.data, Buffer.alloc(0));
	assert.deepEqual(made({ role: 3, data, exact: true }), []);
	assert.deepEqual(made({ role: 3 }), [["FCGI_DATA_LENGTH", "0"]]);
	assert.deepEqual(made({ role: 1, data }), []);
});

test("bytes that are no text are sent as they are, and a NUL is refused", () => {
	const path = made({ url: "/%ff.php" }).find(
		([name]) => name === "SCRIPT_NAME",
	);
	assert.deepEqual(
		path?.[1],
		Buffer.from([0x2f, 0xff, 0x2e, 0x70, 0x68, 0x70]),
	);
	assert.deepEqual(
		told({ url: "/%c3%a9.php", root: "/ü" }, "SCRIPT_FILENAME"),
		["/ü/é.php"],
	);
	assert.throws(() => made({ url: "/a%00b" }), /NUL in it.*--exact sends it/);
	assert.deepEqual(told({ url: "/a%00b", exact: true }, "SCRIPT_NAME"), [
		"/a\0b",
	]);
});

test("user and password of the URL become the field of both", () => {
	assert.deepEqual(told({ url: "http://a:b@c/" }, "HTTP_AUTHORIZATION"), [
		"Basic YTpi",
	]);
	assert.deepEqual(
		told(
			{ url: "http://a:b@c/", headers: ["Authorization: x"] },
			"HTTP_AUTHORIZATION",
		),
		["x"],
	);
	assert.deepEqual(
		told({ url: "http://a:b@c/", like: likenessOf("nginx") }, "REMOTE_USER"),
		["a"],
	);
});

test("the Host field may be another, or none; and the client may be elsewhere", () => {
	assert.deepEqual(
		told({ url: "http://a/", headers: ["X: 1", "Host: b"] }, "HTTP_HOST"),
		["b"],
	);
	assert.deepEqual(
		told({ url: "http://a/", headers: ["Host:"] }, "HTTP_HOST"),
		[],
	);
	const remote = (text: string) =>
		["REMOTE_ADDR", "REMOTE_PORT"].flatMap((name) =>
			told({ url: "/", remote: text }, name),
		);
	assert.deepEqual(remote("192.0.2.7"), ["192.0.2.7", "40000"]);
	assert.deepEqual(remote("192.0.2.7:5"), ["192.0.2.7", "5"]);
	assert.deepEqual(remote("[2001:db8::7]:5"), ["2001:db8::7", "5"]);
	assert.deepEqual(remote("2001:db8::7"), ["2001:db8::7", "40000"]);
	for (const bad of ["", "a b", "a:99999", "a:b", "[x"]) {
		assert.throws(() => remote(bad), /is no client: 192\.0\.2\.7/);
	}
	assert.throws(() => made({ url: "/", method: "G T" }), /'G T' is no method/);
	assert.throws(
		() => likenessOf("iis"),
		/no web server 'iis': nginx, nginx-snippet, apache, lighttpd, caddy, haproxy/,
	);
});

test("no header becomes HTTP_PROXY, whichever server it is like; -P does", () => {
	for (const like of [undefined, ...LIKENESSES]) {
		const { request, remarks } = requestOf({
			url: "/",
			like,
			headers: ["Proxy: evil:1"],
		});
		assert.ok(!request.params.some(([name]) => name === "HTTP_PROXY"));
		assert.match(remarks.join(), /httpoxy/);
		assert.deepEqual(
			told({ url: "/", like, set: ["HTTP_PROXY=x"] }, "HTTP_PROXY"),
			["x"],
		);
	}
});

test("nothing of the environment is in any request", () => {
	process.env.FCGI_INSPECT_CANARY = "canary-7f3a";
	for (const like of [undefined, ...LIKENESSES]) {
		assert.doesNotMatch(
			JSON.stringify(made({ url: "/", like })),
			/canary|\/root|\/home/,
		);
	}
	delete process.env.FCGI_INSPECT_CANARY;
});

test("pages and values are asked for by their names", () => {
	assert.deepEqual(valueNames(undefined), [
		"FCGI_MAX_CONNS",
		"FCGI_MAX_REQS",
		"FCGI_MPXS_CONNS",
	]);
	assert.deepEqual(valueNames("A,B"), ["A", "B"]);
	assert.throws(() => valueNames("A,,B"), /is no list of names/);
	assert.deepEqual(pageRequest("/status?full&json").params, [
		["REQUEST_METHOD", "GET"],
		["SCRIPT_NAME", "/status"],
		["SCRIPT_FILENAME", "/status"],
		["QUERY_STRING", "full&json"],
	]);
	assert.throws(
		() => pageRequest("status"),
		/'status' is no page: \/ping, or \/status/,
	);
});

test("what a server would not send is sent, and said", () => {
	const long = ["A", "B", "C", "D"].map(
		(name) => `${name}=${"x".repeat(17_000)}`,
	);
	const remarks = (like: string, set: string[]) =>
		requestOf({ url: "/", like: likenessOf(like), set });
	const nginx = remarks("nginx", long);
	assert.match(
		nginx.remarks.join(),
		/^nginx would answer 500 by itself: these parameters have 68\d\d\d bytes, and it sends at most 65535$/,
	);
	assert.equal(nginx.request.params.at(-1)?.[1].length, 17_000);
	assert.deepEqual(remarks("nginx", long.slice(1)).remarks, []);
	assert.match(
		remarks("apache", long).remarks.join(),
		/^Apache would leave 'A' out: it has more than 16384 bytes$/,
	);
	assert.deepEqual(remarks("lighttpd", long).remarks, []);
});

test("nothing that can be typed throws anything but the one error", () => {
	const typed = fc.oneof(
		fc.string({ unit: "binary" }),
		fc
			.array(
				fc.constantFrom(
					"http://",
					"a",
					"@",
					":",
					"/",
					"..",
					".php",
					"%",
					"%2f",
					"?",
					"#",
					"[",
					"]",
					"=",
					";",
					" ",
					"é",
					"\0",
					"\n",
					"65536",
				),
			)
			.map((all) => all.join("")),
	);
	fc.assert(
		fc.property(
			typed,
			typed,
			typed,
			typed,
			fc.constantFrom(undefined, ...LIKENESSES),
			(one, two, three, four, like) => {
				for (const options of [
					{
						url: one,
						headers: [`X: ${two}`, three],
						set: [`A=${four}`],
						remote: "::1",
					},
					{
						url: "/a.php",
						root: one,
						script: two,
						index: three,
						method: "GET",
						remote: four,
					},
					{ url: "/", set: [one], unset: [two], serverAddress: three },
				]) {
					try {
						requestOf({ ...options, like, exact: one.length % 2 === 0 });
					} catch (error) {
						assert.ok(error instanceof FcgiInspectError, String(error));
						assert.doesNotMatch(error.message, /\p{Cc}/u);
					}
				}
			},
		),
		{ numRuns: 1000 },
	);
});
