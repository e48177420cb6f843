// Whether a file that is to be written is one that is still to be read: its bytes would be gone before they are.

import { fstatSync, type Stats, statSync } from "node:fs";
import { FcgiInspectError } from "../errors.js";

/** Refuses an open file that is one of those that are read, `-` for standard input. Throws FcgiInspectError. */
export function refuseInput(
	path: string,
	stats: Stats,
	inputs: readonly string[],
): void {
	if (!stats.isFile() || !inputs.some((one) => isSameFile(stats, one))) return;
	throw new FcgiInspectError(
		"usage",
		`${path} is what is being read; write to another file`,
	);
}

/** Whether an open file is the one of a name. */
export function isSameFile(stats: Stats, name: string): boolean {
	try {
		const other = name === "-" ? fstatSync(0) : statSync(name);
		return other.dev === stats.dev && other.ino === stats.ino;
	} catch {
		return false;
	}
}
