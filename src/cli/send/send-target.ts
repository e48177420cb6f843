// Where to send, if nobody says: the environment, then where php-fpm usually listens.

import { accessSync, constants, readdirSync, statSync } from "node:fs";
import {
	type Address,
	formatAddress,
	parseAddress,
} from "../../live/address.js";
import type { Say } from "../../live/entrance.js";

/** Folders in which distributions have php-fpm's sockets. */
const FOLDERS = ["/run/php", "/run/php-fpm", "/run", "/var/run", "/tmp"];
/** What they are called there. */
const USUAL = /^(?:php.*fpm.*|php.*|www)\.sock$/;

/** The address to send to; says which it is where it was not given. Throws FcgiInspectError where it is none. */
export function targetOf(to: string | undefined, say: Say): Address {
	if (to !== undefined) return parseAddress(to);
	const wanted = process.env.FCGI_INSPECT_TO;
	if (wanted) {
		say(`sending to ${wanted} ($FCGI_INSPECT_TO)`);
		return parseAddress(wanted);
	}
	const address: Address = usualSocket() ?? {
		kind: "tcp",
		host: "127.0.0.1",
		port: 9000,
	};
	say(`sending to ${formatAddress(address)} (--to takes another address)`);
	return address;
}

function usualSocket(): Address | undefined {
	for (const folder of FOLDERS) {
		for (const name of namesIn(folder)) {
			const path = `${folder}/${name}`;
			if (USUAL.test(name) && isOpenSocket(path)) return { kind: "unix", path };
		}
	}
	return undefined;
}

function namesIn(folder: string): readonly string[] {
	try {
		return readdirSync(folder).sort();
	} catch {
		return [];
	}
}

function isOpenSocket(path: string): boolean {
	try {
		accessSync(path, constants.W_OK);
		return statSync(path).isSocket();
	} catch {
		return false;
	}
}
