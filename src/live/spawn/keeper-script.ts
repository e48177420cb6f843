// Where the keeper's program is: it is a file of its own, both as it is compiled and as it is bundled. Then this file is
// a part of another, in a folder that the bundler chooses, so it is searched for from there upwards.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Path of the script to run; `from` is the URL of the file that asks. */
export function keeperScript(from = import.meta.url): string {
	let folder = dirname(fileURLToPath(from));
	for (;;) {
		const script = join(folder, "live/spawn/keeper.js");
		if (existsSync(script)) return script;
		const above = dirname(folder);
		if (above === folder) throw new Error("live/spawn/keeper.js is missing");
		folder = above;
	}
}
