// The lines of nginx's and Apache's configuration that say where the application is: what to write in place of what
// (fastcgi_pass of ngx_http_fastcgi_module; SetHandler and ProxyPassMatch with mod_proxy_fcgi).

import { resolve } from "node:path";
import { type Address, formatAddress } from "./address.js";

/** Says how to lead web servers from one address to another. The other way round, it says how to lead them back. */
export function webServerLines(from: Address, to: Address): readonly string[] {
	const unknown = [from, to].find(({ kind }) => kind === "abstract");
	if (unknown !== undefined) {
		return [
			`nginx and Apache know no abstract sockets: who connects to ${formatAddress(from)} has to connect to ${formatAddress(to)}`,
		];
	}
	return [
		`nginx:   fastcgi_pass ${nginx(from)};`,
		`     to  fastcgi_pass ${nginx(to)};`,
		`Apache:  SetHandler "proxy:${apache(from)}/"`,
		`     to  SetHandler "proxy:${apache(to)}/"`,
		`     or  ProxyPassMatch ... "${apache(from)}/..."`,
		`     to  ProxyPassMatch ... "${apache(to)}/..."`,
		"then reload the web server",
	];
}

function nginx(address: Address): string {
	if (address.kind !== "unix") return formatAddress(reachable(address));
	const text = `unix:${resolve(address.path)}`;
	return /[\s;{}"'#]/.test(text) ? `"${text.replace(/["\\]/g, "\\$&")}"` : text;
}

function apache(address: Address): string {
	return address.kind === "unix"
		? `unix:${resolve(address.path)}|fcgi://localhost`
		: `fcgi://${formatAddress(reachable(address))}`;
}

/** Where to connect, of an address to listen at: who listens everywhere is found on this machine. */
function reachable(address: Address): Address {
	if (address.kind !== "tcp") return address;
	if (address.host === "0.0.0.0") return { ...address, host: "127.0.0.1" };
	if (address.host === "::") return { ...address, host: "::1" };
	return address;
}
