// What is redacted and what is not, place by place; each place as it comes, and cut into records at every byte.

import assert from "node:assert/strict";
import { test } from "node:test";
import { makeRecord } from "../../src/fastcgi/record.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import { createRedactor } from "../../src/redact/index.js";
import {
	begun,
	begunOnly,
	type Kind,
	pairsOf,
	push,
	pushCut,
	recordOf,
} from "./redacted.js";

interface Example {
	readonly kind: Kind;
	/** The type of the body, for STDIN. */
	readonly type?: string;
	/** With secrets in `«»`, which are not part of it. */
	readonly marked: string;
}

const FORM = "application/x-www-form-urlencoded";
const JSON_TYPE = "application/json";
const MULTIPART = "multipart/form-data; boundary=XyZ";
const JSON_HEAD = "Content-Type: application/json\r\n\r\n";

const pairs: readonly (readonly [name: string, marked: string])[] = [
	["HTTP_COOKIE", "PHPSESSID=«abc123»; theme=«dark=1»; flag; e="],
	["HTTP_COOKIE", "a=«1»;b=«2»"],
	["HTTP_COOKIE", 'a=«"x;y\\";z"»; b=«2»'],
	["HTTP_COOKIE", 'a=«"never closed; b=c»'],
	["HTTP_AUTHORIZATION", "Basic «YW5uOmh1bnRlcjI=»"],
	["HTTP_AUTHORIZATION", "bearer «a.b.c d»"],
	["HTTP_AUTHORIZATION", "«zzz secret without scheme»"],
	["AUTHORIZATION", 'Digest «username="ann", response="1"»'],
	["REMOTE_PASSWD", "«hunter2»"],
	["PHP_AUTH_PW", "«hunter2»"],
	["PHP_AUTH_USER", "ann"],
	["DB_PASSWORD", `«${"x".repeat(300)}»`],
	["DATABASE_URL", "mysql://«user:p/a?s»@host:3306/db?ssl=1&sslpassword=«abc»"],
	["DATABASE_URL", "sqlite:/var/db.sqlite"],
	["MAILER_DSN", "host=localhost password=«abc def»"],
	["PDO_DSN", "mysql:host=x;dbname=y;password=«abc;d»"],
	["QUERY_STRING", "token=«abc»&page=2&user%5Bpassword%5D=«a%26b»&a=b"],
	["QUERY_STRING", "page=2;sid=«abc»"],
	["QUERY_STRING", "next=%2Flogin%3Ftoken%3D«abc%26x»&page=2"],
	["QUERY_STRING", "page=token&a=sid"],
	["REQUEST_URI", "/token=x/sid=y?%70assword=«abc»&c=d"],
	["REQUEST_URI", "/keyboard?key=a&code=1&state=2"],
	["HTTP_REFERER", "http://localhost:8080/a?api_key=«abc»#access_token=«d»"],
	["HTTP_REFERER", "https://ann:«hunter2»@host:81/a:b/@c"],
	["HTTP_REFERER", "http://[::1]:8080/x?to=http://h:80&a=b:c@d"],
	["HTTP_REFERER", "https://ann:12«:hunter2»@host:81/"],
	["HTTP_ACCEPT", "text/html;q=0.9,*/*;q=0.8"],
	["HTTP_USER_AGENT", "Mozilla/5.0 (X11; Linux x86_64; rv:1) token session"],
	["HTTP_KEEP_ALIVE", "timeout=5"],
	["HTTP_X_POLICY", `a; ${"b ".repeat(300)}'c='; d`],
	["SERVER_SIGNATURE", "<address>Apache</address>"],
	["PHP_VALUE", "mysqli.default_pw = «abc»\nmemory_limit = 12M"],
	["CONTENT_TYPE", "multipart/form-data; boundary=secret"],
	["EMPTY_TOKEN", ""],
	["", "empty"],
	["ORIG_QUERY_STRING", "sid=«a»"],
	["ALL_RAW", "Host: x\r\nCookie: «a=b; c=d»\r\nAccept: */*"],
	["n".repeat(300), "«abc»"],
];

const examples: readonly Example[] = [
	...pairs.map(([name, marked]) => ({
		kind: "params" as const,
		marked: markedPair(name, marked),
	})),
	...[
		"user=ann&password=«hunter2»&x=y",
		"pass%77ord=«a»&user[pwd]=«b;c=d»&user%5btoken%5D=«e»",
		"password=&a=b&password&c=d&&=e&token=«=f»",
		`${"n".repeat(300)}=«too long a name»&a=b`,
		"return=https://h/?page=2",
	].flatMap((marked) => [
		{ kind: "stdin" as const, type: FORM, marked },
		{ kind: "stdin" as const, marked },
	]),
	...[
		'{"user":"ann","password":"«hunter2»","n":[1,"a"]}',
		'{"token" : -«1.5e3»}'.replace("-«", "«-"),
		'{"token": null, "pin": true, "sid": nu«X1», "a": nul}',
		'{"pass\\u0077ord":"«a\\"b\\\\»","to\\ken":"«c»","k\\"token":"«d»"}',
		'{"secret":{"a":"«b»","c":[«1»,"«d»",{"e":null}]},"f":"g","h":[1]}',
		'{"a":["password","x"],"b":"token","c":{"key":"v"},"d":"x\\"sid\\":1"}',
		'[{"sid":"«a»"},{"sid":"«b»"}]\n{"sid":"«c»"}',
		'{"sid":"«unterminated',
	].flatMap((marked) => [
		{ kind: "stdin" as const, type: JSON_TYPE, marked },
		{ kind: "stdin" as const, type: "application/vnd.api+json", marked },
		{ kind: "stdin" as const, type: FORM, marked },
		{ kind: "stdin" as const, type: "text/plain", marked: ` ${marked}` },
		{ kind: "stdin" as const, marked },
		{ kind: "stdout" as const, marked: JSON_HEAD + marked },
	]),
	...["\r\n", "\n"].flatMap((end) => {
		const marked = [
			"--XyZ",
			'Content-Disposition: form-data; name="user"',
			"",
			"password=x --XyZ",
			"-- ",
			"--XyZ",
			"Content-Type: text/plain",
			'content-disposition: form-data; filename="a"; name="pass\\word"',
			"",
			"«hunter2»",
			"",
			"«x--y»",
			"--Xy«w»",
			"--XyZ",
			'Content-Disposition: form-data; name="secretary"; filename="token"',
			"",
			"",
			"--XyZ",
			"Content-Disposition: form-data;",
			" name=token",
			"",
			"«a»",
			"--XyZ--",
			"token=x",
		].join(end);
		return [
			{ kind: "stdin" as const, type: MULTIPART, marked },
			{
				kind: "stdin" as const,
				type: 'multipart/form-data; boundary="XyZ"',
				marked: `preamble${end}${marked}`,
			},
			{ kind: "stdin" as const, marked },
		];
	}),
	...[
		'--other\r\nContent-Disposition: form-data; name="pin"\r\n\r\n«1234»\r\n--other--\r\n',
		'--XyZ \r\nContent-Disposition: form-data; name="pin"\r\n\r\n«1234»\r\n--XyZ--\r\n',
		'\r\n--XyZ\r\nContent-Disposition: form-data; name="pin"\r\n\r\n«1234»\r\n--XyZ--\r\n',
		'--\n--XyZ\r\nContent-Disposition: form-data; name="pin"\r\n\r\n«1234»\r\n--XyZ--\r\n',
		`--${"a".repeat(300)}\n--XyZ\nContent-Disposition: form-data; name="pin"\n\n«1234»\n--XyZ--`,
	].map((marked) => ({ kind: "stdin" as const, type: MULTIPART, marked })),
	...[
		"hello, password=x&token=y",
		"<login password='x'/>",
		"\x00\x01=token=x&sid=y",
	].map((marked) => ({ kind: "stdin" as const, marked })),
	{ kind: "stdin", type: "image/png", marked: "password=x" },
	...[
		"Set-Cookie: sid=«abc123»; path=/; HttpOnly\r\nX-A: b\r\n\r\nsid=x",
		'Set-Cookie: a=«"x;y"»; path=/\r\n\r\n',
		"Set-Cookie: a=«b»; Expires=Wed, 21 Oct 2015 07:28:00 GMT; a=b, c=«d»; path=/\n\n",
		"Set-Cookie : a=«b»\n\n",
		"Set-Cookie: a=«b»\n «folded=c»; path=/\nX: y\n\nSet-Cookie: a=b",
		"Status: 302\r\nLocation: /cb?code=1&access_token=«x»\r\n\r\n",
		"X-Api-Key: «a b»\r\n «folded»\r\nKey: c\r\nnot a field\r\n\r\n",
		"Authorization: Basic «abc»\nX-CSRF-Token:«abc»\n\n",
		"HTTP/1.1 200 OK\r\nX-Token: «a»\r\n\r\nX-Token: b",
		'Content-Type: text/html\r\n\r\n<input name="token" value="x">{"token":"x"}',
		"Content-Type: application/x-www-form-urlencoded; charset=x\n\nsid=«a»&b=c",
		"\r\ntoken=x",
		"Status: 500 password=«x»\r\nA: b\r\n\r\n",
		"HTTP/1.1 500 password=«x»\r\nA: password=b\r\n\r\n",
		"Warning password=«x» y\nwarning\nSet-Cookie: a=«b»\n\n",
		"<br />\n<b>Warning</b>: mysqli_connect(): password=«x» in\nPHP a: b\n\n",
		"password=«x»",
		'{"a":1,"password":"«x»"}',
		'{"password":«"x"}»',
		"A: b\r\n Set-Cookie: «a=b»\r\n password=«c»\r\n\r\n",
		" Set-Cookie: «a=b»\n\n",
		"A: b\rSet-Cookie: «a=b»\r\nC: d\r\r\nX-Token: «a»\r«b»\n\n",
		"bad\rSet-Cookie: «a=b»\n\n",
		'Content-Type : application/json\n\n{"token":"«x»"}',
		`${"n".repeat(300)} password=«x»\n\n`,
		'Content-Type: text/html\r\n\r\n {"token":"«x»"}',
		'Content-Type: image/png\r\n\r\n{"token":"x"}',
	].map((marked) => ({ kind: "stdout" as const, marked })),
	...[
		'PHP message: PHP Warning:  Undefined array key "password" in /srv/a.php on line 3\n',
		"Access denied for user 'ann'@'localhost' (using password: «YES)» in /srv\n",
		"login password=«hunter2» user=ann\n",
		"[password] => «hunter2 with spaces»\n[user] => ann\n",
		"'pwd' => '«it\\'s»', 'user' => 'ann'\n",
		'["password"]=>\n  «string(7) "hunter2"»\n  ["user"]=>\n  string(3) "ann"\n',
		'{"token":"«abc»","user":"ann"}\n',
		'{\\"token\\":\\"«abc\\",\\"user\\"»',
		"GET /a?token=«abc»&page=2 HTTP/1.1\n",
		"Authorization: «Basic abc»\r\nCookie: «a=b; c=d»\r\nHost: x\r\n",
		'session: user, auth: failed, key: 1, syntax error, unexpected token "}"\n',
		"token:\nnext token=\nlast\n",
		"[HTTP_AUTHORIZATION] => «Basic abc»\nDATABASE_URL=«mysql://u:p@h/db» b\n",
		'"pwd": "«two words»", password = \'«two words»\' x\n',
		"monkey=1 keyboard: 2 sessions=3\n",
		"connect to redis://user:«hunter2»@db:6379 failed, http://h:80/a:b@c\n",
		"amqp://:«x1»@h http://[::1]:80/ (http://h:8080), https:\\/\\/u:«p»@h\n",
		"#0 /a.php(3): PDO->__construct('«mysql:host=db»', '«root»', '«it»'«s»')\nit's 'b'\n",
		"mysqli_connect(Object(A), '«p»', 5, 'a«»'): password='«b»' 'c'\n".replace(
			"'a«»'",
			"'«a»'",
		),
		"f('a') connect(password=«x» user=b) 'c' connect('«never closed»\n'a'\n",
		'a:2:{s:8:"password";s:7:"«hun»"«er2»";s:4:"user";s:3:"ann";}\n',
		'"password"; a "token";i:5;"b" {s:8:\\"password\\";s:1:\\"«x\\»";}\n',
		"password: «my hunter2»\r\nuser: ann\n",
		'msg="token: «a b»" user=ann "pin": «12,» "a": 1\n',
	].map((marked) => ({ kind: "stderr" as const, marked })),
	{ kind: "data", marked: "password=«x»&token=«y»" },
	{ kind: "data", marked: '{"a":"b","token":"«y»"}' },
	{ kind: "data", marked: "a file, password=x" },
];

for (const { kind, type, marked } of examples) {
	const [content, expected] = unmarked(marked);
	const shown = JSON.stringify(marked.slice(0, 100));
	test(`${kind}${type === undefined ? "" : ` (${type})`}: ${shown}`, () => {
		const start = () => (kind === "params" ? begunOnly() : begun(type));
		assert.equal(push(start(), kind, content), expected);
		const every = Array.from({ length: content.length }, (_, i) => i + 1);
		assert.equal(pushCut(start(), kind, content, every), expected, "bytes");
		for (const at of every) {
			assert.equal(
				pushCut(start(), kind, content, [at]),
				expected,
				`cut at ${at}`,
			);
		}
	});
}

function unmarked(marked: string): [content: string, expected: string] {
	return [
		marked.replaceAll(/[«»]/g, ""),
		marked.replaceAll(/«([^»]*)»?/g, (_, secret: string) =>
			secret.replaceAll(/[^\r\n]/g, "*"),
		),
	];
}

/** A pair with marks in its value. */
function markedPair(name: string, marked: string): string {
	const value = marked.replaceAll(/[«»]/g, "");
	const pair = pairsOf([[name, value]]).toString("latin1");
	return pair.slice(0, pair.length - value.length) + marked;
}

test("a byte order mark in front of a field is no part of its name", () => {
	const head = "\xef\xbb\xbfSet-Cookie: a=b\n\n";
	assert.equal(push(begun(), "stdout", head), head.replace("a=b", "a=*"));
});

test("names that are added are secrets everywhere", () => {
	const redactor = createRedactor(["shop-id"]);
	push(redactor, "begin", "\0\x01\0\0\0\0\0\0");
	const pair = pairsOf([["HTTP_SHOP_ID", "abc"]]);
	assert.match(push(redactor, "params", pair), /HTTP_SHOP_ID\*{3}$/);
	assert.equal(push(redactor, "stdin", "shop_id=7&a=b"), "shop_id=*&a=b");
	assert.equal(push(redactor, "stdout", "Shop-Id: 7\n\n"), "Shop-Id: *\n\n");
	assert.equal(push(redactor, "stderr", "SHOP_ID: 7\n"), "SHOP_ID: *\n");
});

test("an added name that is none adds nothing", () => {
	const redactor = begun(FORM, ["", "HTTP_"]);
	assert.equal(push(redactor, "stdin", "=a&b=c&HTTP_=d"), "=a&b=c&HTTP_=d");
});

test("requests on one connection do not disturb each other", () => {
	const redactor = createRedactor();
	const starts = "\0\x01\x01\0\0\0\0\0";
	for (const id of [1, 3]) push(redactor, "begin", starts, id);
	assert.equal(push(redactor, "stdin", "pass", 1), "pass");
	assert.equal(push(redactor, "stdin", '{"to', 3), '{"to');
	assert.equal(push(redactor, "stdin", "word=a", 1), "word=*");
	assert.equal(push(redactor, "stdin", 'ken":"b"', 3), 'ken":"*"');
	// Another request of the same id begins anew.
	push(redactor, "end", "\0\0\0\0\0\0\0\0", 1);
	push(redactor, "begin", starts, 1);
	assert.equal(push(redactor, "stdin", "b&token=c", 1), "b&token=*");
});

test("the rest of a body behind END_REQUEST is still that body", () => {
	const redactor = begun(FORM);
	assert.equal(push(redactor, "stdin", "password=a"), "password=*");
	push(redactor, "end", "\0\0\0\0\0\0\0\0");
	assert.equal(push(redactor, "stdin", "b&c=d"), "*&c=d");
});

test("records from the wrong end do not disturb the right one", () => {
	const redactor = begun(FORM);
	assert.equal(push(redactor, "stdin", "password=a"), "password=*");
	const wrong = redactor.redact(recordOf("stdin", "&a=b"), "application");
	assert.equal(wrong.contentData.toString(), "&a=b");
	assert.equal(push(redactor, "stdin", "b&c=d"), "*&c=d");
});

test("of requests that were not seen to begin, what may be a secret is covered", () => {
	const form = createRedactor();
	assert.equal(push(form, "stdin", "rest&a=b&sid=c"), "****&a=b&sid=*");
	assert.equal(push(createRedactor(), "stdin", '{"sid":"a"}'), '{"sid":"*"}');
	const pairs = pairsOf([
		["HTTP_HOST", "a"],
		["HTTP_COOKIE", "a=b"],
	]);
	assert.match(
		push(createRedactor(), "params", pairs),
		/HTTP_HOSTa.*HTTP_COOKIEa=\*$/s,
	);
	const rest = pairs.subarray(2);
	assert.equal(push(createRedactor(), "params", rest), "*".repeat(rest.length));
	const response = "Set-Cookie: a=b\n\nc";
	assert.equal(
		push(createRedactor(), "stdout", response),
		"Set-Cookie: a=*\n\nc",
	);
	assert.equal(push(createRedactor(), "stdout", "cd; x"), "cd***");
});

test("behind lost bytes all is covered, until another request begins", () => {
	const redactor = begun(FORM);
	assert.equal(push(redactor, "stdin", "a=b&"), "a=b&");
	assert.equal(push(redactor, "stdout", "A: b\n\nc"), "A: b\n\nc");
	redactor.lose("webServer");
	assert.equal(push(redactor, "stdin", "a=b&c"), "*****");
	assert.equal(push(redactor, "stdin", "a=b", 7), "***");
	assert.equal(push(redactor, "params", "a=b", 9), "***");
	assert.equal(push(redactor, "stdout", "c"), "c");
	redactor.lose("application");
	assert.equal(push(redactor, "stdout", "c"), "*");
	assert.equal(push(redactor, "stderr", "a b\nc\n"), "***\nc\n");
	push(redactor, "begin", "\0\x01\0\0\0\0\0\0");
	assert.equal(push(redactor, "stdin", "a=b"), "a=b");
	assert.equal(push(redactor, "stdout", "A: b\n\n"), "A: b\n\n");
});

const HOLES: readonly [Kind, string, string, number, string, string][] = [
	["stdin", FORM, "a=b", 1, "c&d=e", "*&d=e"],
	["stdin", JSON_TYPE, '{"a":"', 1, 'c"}', "***"],
	[
		"stdin",
		MULTIPART,
		"--XyZ\r\n\r\na",
		1,
		"b\r\n--XyZ\r\nX: y",
		"*\r\n--XyZ\r\nX: y",
	],
	["stdin", "image/png", "a", 1, "b", "b"],
	["stdout", "", "A: b", 1, "c\n\nd", "****"],
	["stdout", "", "A: b\n\nc", 1, "d", "d"],
	["stdout", "", "A: b\n\n", 1, "c", "*"],
	["stderr", "", "a", 1, "b\nc", "*\nc"],
	["params", "", "\x01\x08AB", 2, "CDEFG", "*****"],
	["params", "", "\x01\x03A", 1, "BC\x01\x01DE", "**\x01\x01DE"],
	["params", "", "\x02\x03A", 2, "BC\x01\x01DE", "**\x01\x01DE"],
	["params", "", "\x01\x03A", 4, "\x01\x01DE", "****"],
	["params", "", "\x01", 1, "\x01\x01DE", "****"],
];
for (const [kind, type, before, length, after, expected] of HOLES) {
	test(`a hole in ${kind} (${type}) behind ${JSON.stringify(before)}`, () => {
		const redactor = kind === "params" ? begunOnly() : begun(type);
		const from =
			kind === "stdout" || kind === "stderr" ? "application" : "webServer";
		const record = {
			...recordOf(kind, before + after),
			contentLength: before.length + length + after.length,
			holes: [{ at: before.length, length }],
		};
		const { contentData } = redactor.redact(record, from);
		assert.equal(contentData.toString("latin1"), before + expected);
	});
}

const NO_PAIRS: readonly [string, string, string][] = [
	["a name as nginx writes a long one", "\x80", "\x00AB=secret"],
	["a length that is none", "\x09\x05SCRIPT", "\x00\x01secret"],
];
for (const [what, before, after] of NO_PAIRS) {
	test(`what follows ${what} in PARAMS is covered`, () => {
		const redacted = push(begunOnly(), "params", before + after);
		assert.equal(redacted.slice(0, before.length), before);
		assert.ok(!redacted.includes("secret"));
		assert.equal(push(begunOnly(), "params", "\x01\x01ab"), "\x01\x01ab");
	});
}

test("requests beyond the limit are forgotten, and then not trusted", () => {
	const redactor = createRedactor();
	for (let id = 1; id <= 5000; id++) {
		push(redactor, "begin", "\0\x01\x01\0\0\0\0\0", id);
		assert.equal(push(redactor, "stdin", "sid=a", id), "sid=*");
	}
	assert.equal(push(redactor, "stdin", "b", 1), "*");
	assert.equal(push(redactor, "stdin", "b&c=d", 5000), "*&c=d");
});

/** A record with padding. */
function padded(padding: string, typeNumber: number, content = "") {
	const contentData = Buffer.from(content);
	const paddingData = Buffer.from(padding);
	const bytes = encodeRecord({
		type: typeNumber,
		requestId: 1,
		contentData,
		paddingData,
	});
	return makeRecord(bytes, 0, 0, contentData, paddingData, 0, false);
}

test("padding that is not zero is covered, in records of any type", () => {
	for (let type = 0; type <= 12; type++) {
		const record = padded("\0ab\0c", type);
		const redacted = createRedactor().redact(record, "webServer");
		assert.equal(redacted.paddingData.toString(), "\0**\0*");
		assert.equal(record.paddingData.toString(), "\0ab\0c");
		const zeros = padded("\0\0\0", type);
		assert.equal(createRedactor().redact(zeros, "webServer"), zeros);
	}
	const both = padded("secret", 5, "password=a&b=c");
	const { contentData, paddingData } = begun(FORM).redact(both, "webServer");
	assert.equal(contentData.toString(), "password=*&b=c");
	assert.equal(paddingData.toString(), "******");
});

test("content where its type has none is covered", () => {
	const tails: readonly [number, string, string][] = [
		[1, "\0\x01\0\0\0\0\0\0secret", "\0\x01\0\0\0\0\0\0******"],
		[2, "secret", "******"],
		[3, "\0\0\0\0\0\0\0\0secret", "\0\0\0\0\0\0\0\0******"],
		[11, "M\0\0\0\0\0\0\0secret", "M\0\0\0\0\0\0\0******"],
		[12, "secret", "******"],
		[77, "secret", "******"],
	];
	for (const [type, content, expected] of tails) {
		for (const from of ["webServer", "application"] as const) {
			const record = padded("", type, content);
			const { contentData } = createRedactor().redact(record, from);
			assert.equal(contentData.toString(), expected, `type ${type}`);
		}
	}
	// A hole in front moves what comes behind it.
	const cut = {
		...padded("", 1, "\0\x01secret"),
		contentLength: 20,
		holes: [{ at: 2, length: 12 }],
	};
	const { contentData } = createRedactor().redact(cut, "webServer");
	assert.equal(contentData.toString(), "\0\x01******");
});
