// The lines of web servers' configurations that say where the application is: what to write in place of what
// (fastcgi_pass of ngx_http_fastcgi_module; SetHandler and ProxyPassMatch with mod_proxy_fcgi; fastcgi.server of lighttpd's
// mod_fastcgi; php_fastcgi of Caddy; server lines of HAProxy with proto fcgi).

import { resolve } from "node:path";
import { type Address, formatAddress } from "./address.js";

/** How each web server writes an address. */
const LINES: readonly (readonly [
	label: string,
	line: (address: Address) => string,
])[] = [
	["nginx:", (address) => `fastcgi_pass ${nginx(address)};`],
	["Apache:", (address) => `SetHandler "proxy:${apache(address)}/"`],
	["     or", (address) => `ProxyPassMatch ... "${apache(address)}/..."`],
	["lighttpd:", lighttpd],
	["Caddy:", (address) => `php_fastcgi ${caddy(address)}`],
	["HAProxy:", (address) => `server ... ${haproxy(address)} proto fcgi`],
];

const LABEL = 10;
const TO = "     to".padEnd(LABEL);

/** Says how to lead web servers from one address to another. The other way round, it says how to lead them back. */
export function webServerLines(from: Address, to: Address): readonly string[] {
	const unknown = [from, to].find(({ kind }) => kind === "abstract");
	if (unknown !== undefined) {
		return [
			`web servers know no abstract sockets: who connects to ${formatAddress(from)} has to connect to ${formatAddress(to)}`,
		];
	}
	return [
		...LINES.flatMap(([label, line]) => [
			`${label.padEnd(LABEL)}${line(from)}`,
			`${TO}${line(to)}`,
		]),
		"then reload the web server",
	];
}

function nginx(address: Address): string {
	if (address.kind !== "unix") return formatAddress(reachable(address));
	const text = `unix:${resolve(address.path)}`;
	return /[\s;{}"'#]/.test(text) ? quoted(text) : text;
}

function apache(address: Address): string {
	return address.kind === "unix"
		? `unix:${resolve(address.path)}|fcgi://localhost`
		: `fcgi://${formatAddress(reachable(address))}`;
}

function lighttpd(address: Address): string {
	const one = reachable(address);
	if (one.kind === "tcp")
		return `"host" => "${one.host}", "port" => ${one.port}`;
	return `"socket" => ${quoted(one.kind === "unix" ? resolve(one.path) : one.name)}`;
}

function caddy(address: Address): string {
	if (address.kind !== "unix") return formatAddress(reachable(address));
	const text = `unix/${resolve(address.path)}`;
	return /[\s"]/.test(text) ? quoted(text) : text;
}

function haproxy(address: Address): string {
	if (address.kind !== "unix") return formatAddress(reachable(address));
	const text = `unix@${resolve(address.path)}`;
	return /[\s"'#\\$]/.test(text) ? quoted(text) : text;
}

function quoted(text: string): string {
	return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** Where to connect, of an address to listen at: who listens everywhere is found on this machine. */
function reachable(address: Address): Address {
	if (address.kind !== "tcp") return address;
	if (address.host === "0.0.0.0") return { ...address, host: "127.0.0.1" };
	if (address.host === "::") return { ...address, host: "::1" };
	return address;
}
