// The lines to change in a web server's configuration, as nginx and Apache themselves read them.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { parseAddress } from "../../src/live/address.js";
import { webServerLines } from "../../src/live/web-server-lines.js";
import { scratch } from "../support/unix-application.js";

const lines = (from: string, to: string) =>
	webServerLines(parseAddress(from), parseAddress(to));

test("a Unix socket is replaced by a port, and back again", () => {
	assert.deepEqual(lines("/run/php.sock", ":9001"), [
		"nginx:    fastcgi_pass unix:/run/php.sock;",
		"     to   fastcgi_pass 127.0.0.1:9001;",
		'Apache:   SetHandler "proxy:unix:/run/php.sock|fcgi://localhost/"',
		'     to   SetHandler "proxy:fcgi://127.0.0.1:9001/"',
		'     or   ProxyPassMatch ... "unix:/run/php.sock|fcgi://localhost/..."',
		'     to   ProxyPassMatch ... "fcgi://127.0.0.1:9001/..."',
		'lighttpd: "socket" => "/run/php.sock"',
		'     to   "host" => "127.0.0.1", "port" => 9001',
		"Caddy:    php_fastcgi unix//run/php.sock",
		"     to   php_fastcgi 127.0.0.1:9001",
		"HAProxy:  server ... unix@/run/php.sock proto fcgi",
		"     to   server ... 127.0.0.1:9001 proto fcgi",
		"then reload the web server",
	]);
	assert.equal(
		lines(":9001", "/run/php.sock")[1],
		"     to   fastcgi_pass unix:/run/php.sock;",
	);
});

test("who listens everywhere is found on this machine, and a path by its folder", () => {
	assert.match(
		lines("a/app.sock", "0.0.0.0:9001")[0] ?? "",
		/unix:\/.*\/a\/app/,
	);
	assert.match(lines(":1", "0.0.0.0:9001")[1] ?? "", / 127\.0\.0\.1:9001;/);
	assert.match(lines(":1", "[::]:9001")[1] ?? "", / \[::1\]:9001;/);
});

test("an abstract socket is nothing that web servers know", () => {
	for (const [from, to] of [
		["@app", ":1"],
		[":1", "@app"],
	] as const) {
		assert.match(lines(from, to).join(), /know no abstract sockets: who conn/);
	}
});

const ADDRESSES = ["/run/php.sock", "/run/a b.sock", ":9001", "[::1]:9001"];

test("web servers take the lines as they stand", async (t) => {
	const folder = scratch(t);
	const run = promisify(execFile);
	for (const address of ADDRESSES) {
		const [nginx, , apache, , match, , lighttpd, , , , haproxy] = lines(
			address,
			address,
		).map((line) => line.replace(/^.{10}/, ""));
		const conf = join(folder, "nginx.conf");
		writeFileSync(
			conf,
			`pid ${folder}/pid; error_log ${folder}/log; events {}
			http { access_log off; server { listen 127.0.0.1:1; location / { ${nginx} } } }`,
		);
		const { stderr } = await run("nginx", ["-t", "-c", conf]);
		assert.match(stderr, /test is successful/);

		const httpd = join(folder, "apache.conf");
		const modules = ["mpm_event", "authz_core", "proxy", "proxy_fcgi"];
		writeFileSync(
			httpd,
			[
				...modules.map(
					(name) =>
						`LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
				),
				`ServerName localhost`,
				`PidFile ${folder}/apache.pid`,
				`ErrorLog ${folder}/apache.log`,
				`Listen 127.0.0.1:1`,
				`<FilesMatch "\\.php$">`,
				apache,
				"</FilesMatch>",
				match?.replace("...", '"^/(.*)$"').replace("...", "srv/$1"),
				"",
			].join("\n"),
		);
		const checked = await run("apache2", ["-t", "-f", httpd]);
		assert.match(checked.stderr, /Syntax OK/);

		const light = join(folder, "lighttpd.conf");
		writeFileSync(
			light,
			[
				'server.modules = ("mod_fastcgi")',
				`server.document-root = "${folder}"`,
				"server.port = 1",
				`fastcgi.server = (".php" => ((${lighttpd})))`,
				"",
			].join("\n"),
		);
		await run("lighttpd", ["-tt", "-f", light]);

		const proxy = join(folder, "haproxy.cfg");
		writeFileSync(
			proxy,
			[
				"fcgi-app php",
				"    docroot /srv",
				"listen php",
				"    bind 127.0.0.1:1",
				"    mode http",
				"    timeout client 1s",
				"    timeout connect 1s",
				"    timeout server 1s",
				"    use-fcgi-app php",
				`    ${haproxy?.replace("...", "php")}`,
				"",
			].join("\n"),
		);
		await run("haproxy", ["-c", "-f", proxy]);
	}
});
