// Why the tap cannot listen at an address that was asked for, in one line with the way out.

import { dirname } from "node:path";
import { FcgiInspectError } from "../errors.js";
import { type Address, formatAddress } from "./address.js";

/** What the system says, as a refusal. What is one already stays as it is; a fault of the program is thrown on. */
export function refuseToListen(
	error: unknown,
	address: Address,
): FcgiInspectError {
	if (error instanceof FcgiInspectError) return error;
	const { code } = error as NodeJS.ErrnoException;
	if (code === undefined) throw error;
	return new FcgiInspectError(
		"connection-failed",
		`--listen ${formatAddress(address)}: ${reason(code, address) ?? `cannot listen there (${code})`}`,
	);
}

function reason(code: string, address: Address): string | undefined {
	switch (code) {
		case "EADDRINUSE":
		case "EEXIST":
			return "somebody listens there already; take another address";
		case "EADDRNOTAVAIL":
			return "this machine does not have that address; take one of its own, such as 127.0.0.1";
		case "ENOTFOUND":
		case "EAI_AGAIN":
			return "there is no such host; take an address of this machine";
		default:
			return address.kind === "unix"
				? folderReason(code, dirname(address.path))
				: code === "EACCES" || code === "EPERM"
					? "only root may listen at a port as low as this; take a higher one"
					: undefined;
	}
}

function folderReason(code: string, folder: string): string | undefined {
	switch (code) {
		case "ENOENT":
		case "ENOTDIR":
			return `there is no folder ${folder}; make it first`;
		case "EACCES":
		case "EPERM":
			return `no permission to write in ${folder}; take a path elsewhere`;
		case "EROFS":
			return `${folder} is on a read-only file system; take a path elsewhere`;
		default:
			return undefined;
	}
}
