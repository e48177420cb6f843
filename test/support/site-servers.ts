// Real web servers in front of a FastCGI application: configured in a folder of their own, started, and asked over HTTP.

import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { freePort } from "./apps.js";
import { until } from "./until.js";

/** The web servers there are. */
export const WEB_SERVERS = ["nginx", "lighttpd", "apache"] as const;
export type WebServerName = (typeof WEB_SERVERS)[number];

/** Where a web server finds what it serves. */
export interface Site {
	/** For its configuration and logs; anybody may enter it. */
	readonly folder: string;
	readonly documentRoot: string;
	/** The path of the application's Unix socket. */
	readonly socket: string;
	/** Lines of its configuration in place of those that lead to the socket. */
	readonly backend?: string;
}

/** An answer, as an HTTP client sees it. */
export interface HttpAnswer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly body: Buffer;
}

/** A web server that runs. */
export interface WebServer {
	readonly port: number;
	readonly child: ChildProcess;
	ask(path: string, options?: HttpQuestion): Promise<HttpAnswer>;
}

/** What to ask. */
export interface HttpQuestion {
	readonly method?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Buffer;
}

/** Starts a web server, and waits until it answers. */
export async function startWebServer(
	t: TestContext,
	name: WebServerName,
	site: Site,
): Promise<WebServer> {
	const port = await freePort();
	const folder = join(site.folder, name);
	mkdirSync(folder, { recursive: true });
	// It gives up its rights before it opens its log.
	chmodSync(folder, 0o777);
	const file = join(folder, "configuration");
	writeFileSync(file, CONFIGURATIONS[name]({ ...site, folder }, port));
	const [program, ...args] = COMMANDS[name](file);
	const child = spawn(program as string, args, {
		detached: true,
		stdio: ["ignore", "ignore", "inherit"],
	});
	const gone = new Promise((resolve) => child.once("exit", resolve));
	t.after(async () => {
		try {
			process.kill(-(child.pid ?? 0), "SIGKILL");
		} catch {
			// It has ended.
		}
		await gone;
	});
	const ask = (path: string, options: HttpQuestion = {}) =>
		http(port, path, options);
	await until(`${name} answers`, () =>
		ask("/static.txt").then(
			() => true,
			() => false,
		),
	);
	return { port, child, ask };
}

const COMMANDS: Readonly<
	Record<WebServerName, (file: string) => readonly string[]>
> = {
	nginx: (file) => ["nginx", "-c", file],
	lighttpd: (file) => ["lighttpd", "-D", "-f", file],
	apache: (file) => ["apache2", "-D", "FOREGROUND", "-f", file],
};

const CONFIGURATIONS: Readonly<
	Record<WebServerName, (site: Site, port: number) => string>
> = {
	nginx: ({ folder, documentRoot, socket, backend }, port) => `
daemon off;
user www-data;
pid ${folder}/pid;
error_log ${folder}/error.log;
events {}
http {
	access_log off;
	client_max_body_size 100m;
	${["client_body", "fastcgi", "proxy", "uwsgi", "scgi"]
		.map((kind) => `${kind}_temp_path ${folder}/${kind};`)
		.join("\n\t")}
	server {
		listen 127.0.0.1:${port};
		server_name shop.test;
		root ${documentRoot};
		location ~ \\.php(/|$) {
			include /etc/nginx/fastcgi_params;
			fastcgi_split_path_info ^(.+?\\.php)(/.*)$;
			fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
			fastcgi_param PATH_INFO $fastcgi_path_info;
			${backend ?? `fastcgi_pass unix:${socket};`}
		}
	}
}
`,
	lighttpd: ({ folder, documentRoot, socket, backend }, port) => `
server.modules = ("mod_fastcgi")
server.document-root = "${documentRoot}"
server.port = ${port}
server.bind = "127.0.0.1"
server.username = "www-data"
server.groupname = "www-data"
server.errorlog = "${folder}/error.log"
server.upload-dirs = ("${folder}")
mimetype.assign = (".txt" => "text/plain")
static-file.exclude-extensions = (".php")
fastcgi.server = (".php" => ((
	${backend ?? `"socket" => "${socket}", "broken-scriptfilename" => "enable"`}
)))
`,
	apache: ({ folder, documentRoot, socket, backend }, port) => `
${["mpm_event", "authz_core", "proxy", "proxy_fcgi"]
	.map(
		(name) =>
			`LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
	)
	.join("\n")}
ServerRoot ${folder}
ServerName shop.test
Listen 127.0.0.1:${port}
User www-data
Group www-data
PidFile ${folder}/pid
DefaultRuntimeDir ${folder}
ErrorLog ${folder}/error.log
DocumentRoot ${documentRoot}
<FilesMatch "\\.php$">
	${backend ?? `SetHandler "proxy:unix:${socket}|fcgi://localhost/"`}
</FilesMatch>
`,
};

function http(
	port: number,
	path: string,
	{ method = "GET", headers = {}, body }: HttpQuestion,
): Promise<HttpAnswer> {
	return new Promise((resolve, reject) => {
		const asked = request(
			{
				...{ host: "127.0.0.1", port, path, method, agent: false },
				headers: {
					Host: "shop.test",
					...(body === undefined ? {} : { "Content-Length": body.length }),
					...headers,
				},
			},
			(response) => {
				const pieces: Buffer[] = [];
				response.on("data", (bytes) => pieces.push(bytes));
				response.on("error", reject);
				response.on("end", () =>
					resolve({
						status: response.statusCode ?? 0,
						headers: response.headers,
						body: Buffer.concat(pieces),
					}),
				);
			},
		);
		asked.on("error", reject);
		asked.end(body);
	});
}
