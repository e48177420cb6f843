// Who owns a file, by the name that people know, from /etc/passwd and /etc/group.

import { readFileSync } from "node:fs";

/** The name of a user; `user 1234` where there is none in /etc/passwd. */
export function userName(id: number): string {
	return nameIn("/etc/passwd", id) ?? `user ${id}`;
}

/** Who can do what only a user or root can: `www-data or root`. */
export function userOrRoot(id: number): string {
	return id === 0 ? "root" : `${userName(id)} or root`;
}

function nameIn(file: string, id: number): string | undefined {
	try {
		for (const line of readFileSync(file, "utf8").split("\n")) {
			const [name, , number] = line.split(":");
			if (number === String(id)) return name;
		}
	} catch {
		// A system without the file has numbers only.
	}
	return undefined;
}
