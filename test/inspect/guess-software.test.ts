import assert from "node:assert/strict";
import { test } from "node:test";
import {
	guessApplication,
	guessWebServer,
	supposeApplication,
} from "../../src/inspect/guess-software.js";
import { CAPTURES } from "../support/cli.js";
import { eachEvent } from "../support/decoded.js";
import { endedRequest } from "../support/events.js";

const withParam = (name: string, value: string) =>
	endedRequest({ parameters: [{ name, value, latin1: false }] });

test("web servers say what they are, with or without a version", () => {
	const rows = [
		["nginx/1.22.1", "nginx", "1.22.1"],
		["Apache/2.4.71 (Debian) mod_fcgid/2.3.9", "Apache", "2.4.71"],
		["Apache", "Apache", undefined],
		["HAProxy 2.6.12-1+deb12u4", "HAProxy", "2.6.12-1+deb12u4"],
		["Caddy/v2.10.0", "Caddy", "2.10.0"],
		["lighttpd/1.4.69", "lighttpd", "1.4.69"],
	] as const;
	for (const [text, name, version] of rows) {
		const guess = guessWebServer(withParam("SERVER_SOFTWARE", text));
		assert.deepEqual([guess?.name, guess?.version], [name, version], text);
	}
	for (const text of ["", "go / fcgiclient ", "Microsoft-IIS/10.0"]) {
		assert.equal(guessWebServer(withParam("SERVER_SOFTWARE", text)), undefined);
	}
	assert.equal(guessWebServer(endedRequest({})), undefined);
});

test("php says what it is in a header, or in its messages", () => {
	const head = {
		status: 200,
		reason: "",
		headers: [["X-Powered-By", "PHP/8.2.36"]] as const,
		variables: [],
		badLines: [],
		headBytes: 30,
	};
	const guess = guessApplication(endedRequest({ response: head }));
	assert.deepEqual([guess?.name, guess?.version], ["php", "8.2.36"]);
	for (const stderrText of [
		"PHP message: PHP Warning:  x in /a.php",
		"Primary script unknown",
	]) {
		assert.equal(guessApplication(endedRequest({ stderrText }))?.name, "php");
	}
});

test("a script whose name ends in .php is for php, as long as no answer says otherwise", () => {
	const asked = (name: string) =>
		supposeApplication(withParam("SCRIPT_FILENAME", name))?.name;
	assert.equal(asked("/srv/index.php"), "php");
	assert.equal(asked("/srv/index.php/x"), undefined);
	assert.equal(supposeApplication(endedRequest({})), undefined);
});

/** What stood behind each web server when these were captured (captures/README.md). */
const APPLICATIONS = [
	["01-nginx-fpm-basic.pcap", "nginx", "php"],
	["08-lighttpd-fpm.pcap", "lighttpd", "php"],
	["09-apache-fpm.pcap", "Apache", "php"],
	["11-caddy-fpm.pcap", "Caddy", "php"],
	["13-haproxy-fpm-keepconn.pcap", "HAProxy", "php"],
	["14-haproxy-mux-go.pcap", "HAProxy", "Go"],
	["17-nginx-ruby.pcap", "nginx", "ruby"],
	["18-nginx-fcgiwrap.pcap", "nginx", "libfcgi"],
	["20-nginx-uwsgi.pcap", "nginx", "uWSGI"],
	["23-nginx-keepalive-libfcgi.pcap", "nginx", "libfcgi"],
] as const;

for (const [file, webServer, application] of APPLICATIONS) {
	test(`the ends of ${file} are known by what they send`, async () => {
		const pairs = new Set<string>();
		await eachEvent(`${CAPTURES}${file}`, (event) => {
			if (event.kind !== "requestEnded") return;
			const { webServerSoftware, applicationSoftware } = event.request;
			pairs.add(`${webServerSoftware?.name} ${applicationSoftware?.name}`);
		});
		// The last request has seen all that there is to see.
		assert.equal([...pairs].at(-1), `${webServer} ${application}`);
		for (const pair of pairs) {
			assert.ok(
				[`${webServer} ${application}`, `${webServer} undefined`].includes(
					pair,
				),
				pair,
			);
		}
	});
}
