// Real web servers, each in a folder of its own, with one FastCGI application behind it; and an HTTP request in the bytes
// that a test wants.

import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { killed, scratch } from "./unix-application.js";
import { until } from "./until.js";

/** A web server that listens. */
export interface WebServer {
	readonly port: number;
	/** The document root: an absolute path. */
	readonly root: string;
	/** Sends bytes and gives back all that came until the server closed. */
	ask(request: string | Buffer): Promise<string>;
}

/** The servers that can be started. */
export type ServerName =
	| "nginx"
	| "nginx-snippet"
	| "lighttpd"
	| "apache"
	| "haproxy";

/** Scripts that the document root has; lighttpd looks for them before it asks the application. */
const SCRIPTS = ["index.php", "env.php", "a b.php", "sub/index.php"];

/** Starts a server with `application`, the path of a Unix socket, behind all that is PHP. */
export async function startWebServer(
	t: TestContext,
	name: ServerName,
	application: string,
): Promise<WebServer> {
	const folder = scratch(t);
	const root = join(folder, "public");
	chmodSync(folder, 0o755);
	mkdirSync(join(root, "sub"), { recursive: true });
	for (const script of SCRIPTS) {
		writeFileSync(join(root, script), "<?php echo json_encode($_SERVER);");
	}
	const port = await freePort();
	const child = SERVERS[name]({ folder, root, port, application });
	let said = "";
	child.stderr?.on("data", (data) => {
		said += data;
	});
	t.after(async () => {
		try {
			// The whole group: Apache's workers outlive it otherwise.
			process.kill(-(child.pid ?? 0), "SIGKILL");
		} catch {
			// It is gone.
		}
		await killed(child);
	});
	await until(
		`${name} listens`,
		async () => {
			if (child.exitCode !== null) throw new Error(`${name} ended: ${said}`);
			return (await canConnect(port)) === true;
		},
		10_000,
	);
	return { port, root, ask: (request) => askHttp(port, request) };
}

interface Site {
	readonly folder: string;
	readonly root: string;
	readonly port: number;
	readonly application: string;
}

const SERVERS: Readonly<Record<ServerName, (site: Site) => ChildProcess>> = {
	nginx: (site) =>
		nginx(site, [
			"fastcgi_split_path_info ^(.+?\\.php)(/.*)$;",
			"include fastcgi_params;",
			"fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;",
			"fastcgi_param PATH_INFO $fastcgi_path_info if_not_empty;",
		]),
	"nginx-snippet": (site) =>
		nginx(site, ["include snippets/fastcgi-php.conf;"]),
	lighttpd: ({ folder, root, port, application }) => {
		const configuration = join(folder, "lighttpd.conf");
		// The settings are those of Debian's 15-fastcgi-php-fpm.conf.
		writeFileSync(
			configuration,
			`server.modules = ("mod_indexfile", "mod_fastcgi")
index-file.names = ("index.php")
server.document-root = "${root}"
server.bind = "127.0.0.1"
server.port = ${port}
server.name = "example.test"
fastcgi.server = (".php" => ((
	"socket" => "${application}", "broken-scriptfilename" => "enable"
)))
`,
		);
		return spawn("lighttpd", ["-D", "-f", configuration], QUIET);
	},
	apache: ({ folder, root, port, application }) => {
		const configuration = join(folder, "apache.conf");
		const modules = ["mpm_event", "authz_core", "dir", "proxy", "proxy_fcgi"];
		// The FilesMatch is that of Debian's php8.2-fpm.conf.
		writeFileSync(
			configuration,
			`${modules.map((one) => `LoadModule ${one}_module /usr/lib/apache2/modules/mod_${one}.so`).join("\n")}
ServerName example.test
ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/pid
ErrorLog ${folder}/error.log
Listen 127.0.0.1:${port}
User www-data
Group www-data
DocumentRoot ${root}
DirectoryIndex index.php
<Directory ${root}>
	Require all granted
</Directory>
<FilesMatch ".+\\.ph(?:ar|p|tml)$">
	SetHandler "proxy:unix:${application}|fcgi://localhost"
</FilesMatch>
`,
		);
		return spawn(
			"apache2",
			["-d", folder, "-f", configuration, "-DFOREGROUND"],
			QUIET,
		);
	},
	haproxy: ({ folder, root, port, application }) => {
		const configuration = join(folder, "haproxy.cfg");
		// The path-info is that of HAProxy's manual.
		writeFileSync(
			configuration,
			`global
	user root
defaults
	mode http
	timeout connect 5s
	timeout client 5s
	timeout server 5s
frontend http
	bind 127.0.0.1:${port}
	default_backend php
backend php
	use-fcgi-app php
	server php unix@${application} proto fcgi
fcgi-app php
	docroot ${root}
	index index.php
	path-info ^(/.+\\.php)(/.*)?$
`,
		);
		return spawn("haproxy", ["-db", "-f", configuration], QUIET);
	},
};

function nginx(
	{ folder, root, port, application }: Site,
	lines: readonly string[],
): ChildProcess {
	for (const file of ["fastcgi.conf", "fastcgi_params", "snippets"]) {
		symlinkSync(join("/etc/nginx", file), join(folder, file));
	}
	const configuration = join(folder, "nginx.conf");
	writeFileSync(
		configuration,
		`daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
	access_log off; client_body_temp_path ${folder}/body; fastcgi_temp_path ${folder}/fastcgi;
	proxy_temp_path ${folder}/p; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
	server {
		listen 127.0.0.1:${port}; server_name example.test; root ${root}; index index.php;
		location ~ [^/]\\.php(/|$) { ${lines.join(" ")} fastcgi_pass unix:${application}; }
	}
}
`,
	);
	return spawn("nginx", ["-p", folder, "-c", configuration], QUIET);
}

/** In a process group of its own, with nothing but what it complains of. */
const QUIET: { detached: true; stdio: ["ignore", "ignore", "pipe"] } = {
	detached: true,
	stdio: ["ignore", "ignore", "pipe"],
};

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const address = server.address();
			const port = typeof address === "object" ? address?.port : undefined;
			server.close(() => resolve(port ?? 0));
		});
	});
}

function canConnect(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, "127.0.0.1", () => {
			socket.destroy();
			resolve(true);
		});
		socket.once("error", () => resolve(false));
	});
}

function askHttp(port: number, request: string | Buffer): Promise<string> {
	return new Promise((resolve, reject) => {
		const socket = connect(port, "127.0.0.1");
		let answer = "";
		socket.setEncoding("latin1");
		socket.on("data", (data) => {
			answer += data;
		});
		socket.setTimeout(10_000, () => socket.destroy(new Error("no answer")));
		socket.on("error", reject);
		socket.on("close", () => resolve(answer));
		socket.write(request);
	});
}
