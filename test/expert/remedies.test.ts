// Checks that have several remedies offer the one that fits what the bytes show.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CHECKS } from "../../src/expert/index.js";
import type { Finding } from "../../src/inspect/finding.js";
import { Inspector } from "../../src/inspect/inspector.js";
import { chunksOf, readCases } from "../support/case-file.js";

/** The finding of a code in a conversation. */
function findingOf(code: string, lines: readonly string[]): Finding {
	const text = `## x\n\n\`\`\`conversation\n${lines.join("\n")}\n\`\`\`\n\n\`\`\`findings\n\`\`\`\n`;
	const [golden] = readCases(text);
	assert.ok(golden);
	const inspector = new Inspector({ checks: CHECKS });
	const events = chunksOf(golden).flatMap((one) => [...inspector.push(one)]);
	events.push(...inspector.end());
	const found = events
		.flatMap(({ findings }) => [...findings])
		.find((finding) => finding.code === code);
	assert.ok(found, code);
	return found;
}

/** A request with parameters, as far as the end of its input. */
function asked(params: string): string[] {
	return [
		"> {FCGI_BEGIN_REQUEST, 1, {FCGI_RESPONDER, 0}}",
		`> {FCGI_PARAMS, 1, [REQUEST_METHOD="GET", ${params}]}`,
		'> {FCGI_PARAMS, 1, ""}',
		'> {FCGI_STDIN, 1, ""}',
	];
}

const NGINX = 'SERVER_SOFTWARE="nginx/1.22.1"';

test("each protocol status has a remedy of its own", () => {
	const remedies = [
		"FCGI_CANT_MPX_CONN",
		"FCGI_OVERLOADED",
		"FCGI_UNKNOWN_ROLE",
	].map((status) =>
		findingOf("protocol-status", [
			...asked(NGINX),
			`< {FCGI_END_REQUEST, 1, {0, ${status}}}`,
		]).remedies.join("; "),
	);
	assert.match(remedies[0] ?? "", /^send one request at a time/);
	assert.match(remedies[1] ?? "", /^raise the limit/);
	assert.match(remedies[2] ?? "", /^send requests of a role/);
});

test("a script's name that ends in a slash lacks its index", () => {
	const missing = (name: string) =>
		findingOf("script-not-found", [
			...asked(`SCRIPT_FILENAME="${name}", ${NGINX}`),
			'< {FCGI_STDERR, 1, "Primary script unknown"}',
			'< {FCGI_STDOUT, 1, "Status: 404 Not Found\\r\\n\\r\\nFile not found.\\n"}',
			"< {FCGI_END_REQUEST, 1, {0, FCGI_REQUEST_COMPLETE}}",
		]).remedies[0];
	assert.match(
		missing("/srv/shop/") ?? "",
		/^nginx \(probably\): fastcgi_index/,
	);
	assert.match(
		missing("/srv/shop/a.php") ?? "",
		/SCRIPT_FILENAME \$document_root/,
	);
});

test("a body in chunks is to be collected, and one that is announced to be told of", () => {
	const missing = (params: string) =>
		findingOf("content-length-missing", [
			...asked(`${params}, ${NGINX}`).slice(0, 3),
			'> {FCGI_STDIN, 1, "name"}',
		]).remedies[0];
	assert.equal(
		missing('HTTP_TRANSFER_ENCODING="chunked"'),
		"nginx (probably): fastcgi_request_buffering on",
	);
	assert.match(
		missing('HTTP_CONTENT_LENGTH="4"') ?? "",
		/include fastcgi_params/,
	);
});

test("a type is advised by the end that sent it", () => {
	const of = (line: string) =>
		findingOf("unexpected-type", [...asked(NGINX), line]).remedies[0] ?? "";
	assert.match(of('> {99, 1, "abc"}'), /for a web server: 1, 2, 4/);
	assert.match(of('< {99, 1, "abc"}'), /for an application: 3, 6, 7/);
});

test("HTTP is proxied as HTTP, and nothing else is", () => {
	const of = (line: string) =>
		findingOf("not-fastcgi", [...asked(NGINX), line, "< fin"]).remedies[0] ??
		"";
	assert.match(
		of('< @text "HTTP/1.1 400 Bad Request\\r\\n\\r\\n"'),
		/proxy_pass/,
	);
	assert.doesNotMatch(of("< @raw de ad be ef 00 01 02 03 04"), /proxy_pass/);
});

test("a buffer for a header block comes with the buffers that it needs", () => {
	const field =
		'< {FCGI_STDOUT, 1, "X-Debug: 0123456789abcdef0123456789abcdef\\r\\n"} *400';
	const { remedies } = findingOf("header-too-big", [
		...asked(NGINX),
		field,
		'< {FCGI_STDOUT, 1, "\\r\\n"}',
	]);
	assert.match(
		remedies[0] ?? "",
		/fastcgi_buffer_size (\d+k); fastcgi_buffers 8 \1;/,
	);
});

test("harmless options of php are no attack", () => {
	const of = (value: string) =>
		findingOf("php-value-injection", asked(`PHP_ADMIN_VALUE="${value}"`));
	assert.equal(of("open_basedir=/srv/shop").severity, "note");
	assert.doesNotMatch(
		of("open_basedir=/srv/shop").remedies.join(),
		/taken over/,
	);
	assert.match(of("allow_url_include=On").remedies.join(), /taken over/);
});
