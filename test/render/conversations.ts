// The conversations that the golden texts of all formats are made from: small, complete, and each with something that a
// renderer can get wrong.

import type { Chunk } from "../../src/inspect/chunk.js";
import {
	answer,
	begin,
	chunk,
	connection,
	end,
	get,
	pairs,
	params,
	record,
} from "../support/events.js";

const HTML = `X-Powered-By: PHP/8.2\r\nContent-type: text/html; charset=UTF-8\r\n\r\n<p>Zoë</p>\n`;

/** Each conversation by its name. */
export const CONVERSATIONS: Readonly<Record<string, readonly Chunk[]>> = {
	"a GET, answered as php-fpm does": ordinaryGet(),
	"a POST with a warning on STDERR, without times": post(),
	"an Authorizer that lets in and one that does not": authorizers(),
	"two requests on a kept connection": keepConn(),
	"two requests interleaved on one connection": interleaved(),
	"aborted, then closed": aborted(),
	"refused: overloaded": refused(),
	"the application dies before it answers": dies(),
	"management records, an unknown type and an inactive id": management(),
	"damaged: missing bytes, junk, a cut off record": damaged(),
	"a pair that straddles records, four-byte lengths, odd padding": straddling(),
	"hostile bytes everywhere": hostile(),
};

function ordinaryGet(): Chunk[] {
	const where = connection(0);
	return [
		chunk(where, "webServer", get(1, "/shop/index.php?sku=42"), 0, {
			frame: 4,
		}),
		chunk(where, "application", answer(1, HTML), 12.3456, { frame: 6 }),
		chunk(where, "application", Buffer.alloc(0), 12.4, { closes: "fin" }),
		chunk(where, "webServer", Buffer.alloc(0), 12.5, { closes: "fin" }),
	];
}

function post(): Chunk[] {
	const where = connection(0, { webServer: "", application: "/run/php.sock" });
	const { webServer: _, ...withoutAddress } = where;
	return [
		chunk(
			withoutAddress,
			"webServer",
			Buffer.concat([
				begin(1),
				params(1, {
					REQUEST_METHOD: "POST",
					SCRIPT_NAME: "/checkout.php",
					PATH_INFO: "/step/2",
					QUERY_STRING: "a=b",
					CONTENT_LENGTH: "11",
					HTTP_USER_AGENT: `Mozilla/5.0 ${"(X11; Linux x86_64) ".repeat(12)}end`,
				}),
				record("stdin", 1, "name=Zo%C3"),
				record("stdin", 1, "x"),
				record("stdin", 1),
			]),
			"no time",
		),
		chunk(
			withoutAddress,
			"application",
			Buffer.concat([
				record(
					"stderr",
					1,
					'PHP message: PHP Warning:  Undefined variable $total in /srv/shop/public/checkout.php on line 17\nStack trace:\n#0 App\\Cart->sum("3")',
				),
				record(
					"stdout",
					1,
					"Status: 500 Internal Server Error\r\nBroken line\r\nContent-Type: text/plain\r\n\r\nno",
				),
				record("stdout", 1),
				record("stderr", 1),
				end(1, 938),
			]),
			"no time",
		),
	];
}

function authorizers(): Chunk[] {
	const where = connection(0);
	const ask = (id: number) =>
		Buffer.concat([
			begin(id, 2, 1),
			params(id, { REQUEST_METHOD: "GET", REQUEST_URI: "/secret" }),
		]);
	return [
		chunk(where, "webServer", ask(1), 0),
		chunk(
			where,
			"application",
			answer(
				1,
				"Status: 200 OK\r\nVariable-AUTH_METHOD: database lookup\r\nX-Other: 1\r\n\r\n",
			),
			1,
		),
		chunk(where, "webServer", ask(1), 2),
		chunk(
			where,
			"application",
			answer(1, "Status: 403\r\nContent-Type: text/plain\r\n\r\nno"),
			3,
		),
	];
}

function keepConn(): Chunk[] {
	const where = connection(0);
	return [
		chunk(where, "webServer", get(1, "/one", 1), 0),
		chunk(where, "application", answer(1, HTML), 1500),
		chunk(where, "webServer", get(1, "/two", 1), 70_000),
		chunk(
			where,
			"application",
			answer(1, "Location: /else\r\n\r\n"),
			70_000.25,
		),
	];
}

function interleaved(): Chunk[] {
	const where = connection(0);
	return [
		chunk(where, "webServer", get(1, "/slow", 1), 0),
		chunk(where, "webServer", get(3, "/fast", 1), 1),
		chunk(where, "application", record("stdout", 1, HTML), 2),
		chunk(where, "application", answer(3, HTML), 3),
		chunk(
			where,
			"application",
			Buffer.concat([record("stdout", 1, "more"), record("stdout", 1)]),
			4,
		),
		chunk(where, "application", end(1), 5),
	];
}

function aborted(): Chunk[] {
	const where = connection(0);
	return [
		chunk(where, "webServer", get(1, "/long"), 0),
		chunk(where, "application", record("stdout", 1, HTML), 1),
		chunk(where, "webServer", record("abort", 1), 2, { closes: "fin" }),
		chunk(where, "application", Buffer.alloc(0), 3, { closes: "rst" }),
	];
}

function refused(): Chunk[] {
	const where = connection(0);
	return [
		chunk(where, "webServer", begin(1), 0),
		chunk(where, "application", end(1, 0, 2), 1),
	];
}

function dies(): Chunk[] {
	const where = connection(0);
	const request = Buffer.concat([
		begin(1),
		params(1, { REQUEST_METHOD: "PUT", REQUEST_URI: "/upload" }),
		record("stdin", 1, "x".repeat(1000)),
	]);
	return [
		chunk(where, "webServer", request, 0),
		chunk(where, "application", Buffer.alloc(0), 30_001.2, { closes: "rst" }),
	];
}

function management(): Chunk[] {
	const where = connection(2);
	return [
		chunk(
			where,
			"webServer",
			Buffer.concat([
				record("getValues", 0, pairs({ FCGI_MAX_REQS: "", ODD: "1" })),
				record(77, 0, "what?"),
				record("stdin", 9, "late"),
				record("stdin", 9, "later"),
				record("stdin", 9, "last"),
			]),
			0,
		),
		chunk(
			where,
			"application",
			Buffer.concat([
				record("getValuesResult", 0, pairs({ FCGI_MAX_REQS: "50" })),
				record("getValuesResult", 0, Buffer.of(3, 3, 65)),
				record("unknownType", 0, Buffer.of(77, 0, 0, 0, 0, 0, 0, 1)),
			]),
			1,
		),
	];
}

function damaged(): Chunk[] {
	const where = connection(0);
	return [
		chunk(where, "webServer", get(1, "/lossy"), 0),
		chunk(
			where,
			"application",
			record("stdout", 1, HTML.padEnd(2000, ".")).subarray(0, 1000),
			1,
		),
		chunk(
			where,
			"application",
			Buffer.concat([
				record("stdout", 1, HTML.padEnd(2000, ".")).subarray(1500),
				Buffer.from(
					"\x1b[31mthis is no record\x07 at all, however you look at it",
				),
				record("stdout", 1, "tail"),
				end(1),
			]),
			2,
			{ missingBefore: 500 },
		),
		chunk(where, "webServer", get(1, "/cut").subarray(0, 60), 3),
	];
}

function straddling(): Chunk[] {
	const where = connection(0);
	const content = Buffer.concat([
		pairs({ A: "1" }),
		pairs({ LONG_VALUE: "v".repeat(300) }),
		pairs({ EMPTY: "" }),
	]);
	return [
		chunk(
			where,
			"webServer",
			Buffer.concat([
				begin(1, 1, 0x83),
				record("params", 1, content.subarray(0, 6), { paddingLength: 0 }),
				record("params", 1, content.subarray(6, 30), {
					paddingLength: 3,
					paddingData: Buffer.of(0, 7, 0),
				}),
				record("params", 1, content.subarray(30), {
					paddingLength: 12,
					reserved: 5,
				}),
				record("params", 1),
			]),
			0,
		),
	];
}

function hostile(): Chunk[] {
	const evil = "\x1b]0;owned\x07\x9b2J\u202egnp.exe\u2028\x7f\\x1b\\";
	const where = connection(0, { application: `/run/${evil}.sock` });
	return [
		chunk(
			where,
			"webServer",
			Buffer.concat([
				begin(1, 9),
				params(1, {
					REQUEST_METHOD: evil,
					REQUEST_URI: `/${evil}`,
					[`X${evil}`]: "日本語 and 👍 wide",
					LATIN: "x",
				}),
				record("params", 1, Buffer.from("\x05\x01LATIN\xff", "latin1")),
				record("stdin", 1, evil),
			]),
			0,
		),
		chunk(
			where,
			"application",
			Buffer.concat([
				record("stderr", 1, `${evil}\r\nsecond ${evil}`),
				record(
					"stdout",
					1,
					`Status: 200 ${evil}\r\nX-${evil}: ${evil}\r\n${evil}\r\n\r\n${evil}`,
				),
				end(1, 0xffffffff),
			]),
			1,
		),
	];
}
