// Where a program of ours is that runs in a process or a thread of its own: it is a file, both as it is compiled and as it
// is bundled. Then this file is a part of another, in a folder that the bundler chooses, so it is searched for from there
// upwards.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Path of a compiled file, given by its name in `src`; `from` is the URL of the file that asks. */
export function programFile(name: string, from = import.meta.url): string {
	let folder = dirname(fileURLToPath(from));
	for (;;) {
		const file = join(folder, name);
		if (existsSync(file)) return file;
		const above = dirname(folder);
		if (above === folder) throw new Error(`${name} is missing`);
		folder = above;
	}
}
