// What the refusals of connect(2) mean, in words.

import { statSync } from "node:fs";
import type { Address } from "./address.js";

const REASONS: Readonly<Record<string, string>> = {
	ECONNREFUSED: "nobody listens there",
	ENOENT: "no such socket",
	EACCES: "permission denied: the socket's owner or mode keeps you out",
	EAGAIN: "its queue of connections is full: it accepts too slowly",
	ENOTSOCK: "not a socket",
	EPROTOTYPE: "a socket of another kind, not a stream",
	ENOTFOUND: "no such host",
	ETIMEDOUT: "no answer",
	EHOSTUNREACH: "no way there",
};

/** Why a connection was refused, with the system's name for it. */
export function whyRefused(
	{ code, message }: NodeJS.ErrnoException,
	to?: Address,
): string {
	const reason = reasonOf(code ?? "", to);
	return reason === undefined ? message : `${reason} (${code})`;
}

function reasonOf(code: string, to: Address | undefined): string | undefined {
	if (to?.kind === "unix") {
		const { path } = to;
		// The system refuses with the same word where a file is no socket at all.
		if (code === "ECONNREFUSED" && isOtherFile(path)) return "is not a socket";
		if (code === "ENOENT" && !path.includes("/")) {
			return "no such socket in this folder; a host has its port behind it, as in 127.0.0.1:9000";
		}
	}
	return REASONS[code];
}

function isOtherFile(path: string): boolean {
	try {
		return !statSync(path).isSocket();
	} catch {
		return false;
	}
}
