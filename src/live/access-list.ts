// Whether a file has an access control list (acl(5)), which neither Node nor its permissions tell, so ls is asked. The
// permissions of a group mean something else then, so a file with the same ones might let in others.

import { execFile } from "node:child_process";

/** ls looks at one file; what takes longer has a file system behind it that hangs. */
const LS_MAY_TAKE_MS = 2000;

/** Whether ls shows a list behind the permissions; no where there is no ls that could. */
export function hasAccessList(path: string): Promise<boolean> {
	return new Promise((resolve) => {
		execFile(
			"ls",
			["-ld", "--", path],
			{ timeout: LS_MAY_TAKE_MS },
			(error, stdout) => resolve(error === null && stdout[10] === "+"),
		);
	});
}
