// Where the keeper's program is: beside this file, or in the folder that the bundler gives it, below that of the chunk
// that this file becomes a part of.

import { fileURLToPath } from "node:url";

/** Path of the script to run; `from` is the URL of the file that asks. */
export function keeperScript(from = import.meta.url): string {
	const beside = /\/live\/spawn\/[^/]+$/.test(from);
	const script = beside ? "keeper.js" : "live/spawn/keeper.js";
	return fileURLToPath(new URL(script, from));
}
