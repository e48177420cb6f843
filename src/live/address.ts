// Where an application or a web server listens, as people write it: `/path`, `unix:/path`, `@abstract`, `host:port`,
// `[::1]:9000` or `:9000`.

import type { IpcNetConnectOpts, TcpNetConnectOpts } from "node:net";
import { resolve } from "node:path";
import { FcgiInspectError } from "../errors.js";

/** A Unix socket by its file, one by its name in Linux's abstract namespace, or a TCP port. */
export type Address =
	| { readonly kind: "unix"; readonly path: string }
	| { readonly kind: "abstract"; readonly name: string }
	| { readonly kind: "tcp"; readonly host: string; readonly port: number };

/** Bytes that fit into `sun_path` in front of its NUL (unix(7)). */
export const MAX_UNIX_PATH = 107;

const WANTED =
	"an address is /path/to.sock, unix:/path, @abstract, host:port, [::1]:9000 or :9000";

/** The address that a text names. Throws FcgiInspectError where it names none. */
export function parseAddress(text: string): Address {
	if (text.startsWith("unix:")) return unix(text.slice("unix:".length), text);
	if (text.startsWith("@")) return abstract(text.slice(1), text);
	// What would be a file by its letters, and hardly is one.
	if (/^[a-z]+:\/\/|^\d+(?:\.\d+){3}$/.test(text)) throw refused(text);
	// A port has a colon in front, and a host one behind it; what has none is a file in this folder.
	if (text.includes("/") || /^[^:]*[^:\d][^:]*$/.test(text)) {
		return unix(text, text);
	}
	const tcp = /^(?:\[([^\]]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
	const port = Number(tcp?.[3]);
	if (tcp === null || port < 1 || port > 65535) throw refused(text);
	return { kind: "tcp", host: tcp[1] || tcp[2] || "127.0.0.1", port };
}

/** The address as people write it. */
export function formatAddress(address: Address): string {
	switch (address.kind) {
		case "unix":
			return address.path;
		case "abstract":
			return `@${address.name}`;
		case "tcp": {
			const { host, port } = address;
			return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
		}
	}
}

/** What node:net takes, to connect to an address or to listen there. */
export function netOptions(
	address: Address,
): TcpNetConnectOpts | IpcNetConnectOpts {
	switch (address.kind) {
		case "unix":
			return { path: address.path };
		case "abstract":
			return { path: `\0${address.name}` };
		case "tcp":
			return { host: address.host, port: address.port };
	}
}

/** An address as it is found from any folder. */
export function fullAddress(address: Address): string {
	return address.kind === "unix"
		? resolve(address.path)
		: formatAddress(address);
}

/** Whether only this machine reaches the address; a name that is looked up is not taken to be. */
export function isLocal(address: Address): boolean {
	if (address.kind !== "tcp") return true;
	const { host } = address;
	return host === "localhost" || host === "::1" || host.startsWith("127.");
}

function unix(path: string, text: string): Address {
	if (path === "" || path.includes("\0")) throw refused(text);
	const bytes = Buffer.byteLength(path);
	if (bytes > MAX_UNIX_PATH) {
		throw new FcgiInspectError(
			"usage",
			`${path}: the path of a Unix socket has at most ${MAX_UNIX_PATH} bytes, and this one ${bytes}; go to its folder, or use a symbolic link`,
		);
	}
	return { kind: "unix", path };
}

function abstract(name: string, text: string): Address {
	if (name === "" || Buffer.byteLength(name) > MAX_UNIX_PATH) {
		throw refused(text);
	}
	return { kind: "abstract", name };
}

function refused(text: string): FcgiInspectError {
	return new FcgiInspectError("usage", `'${text}' is no address: ${WANTED}`);
}
