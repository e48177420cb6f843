// How a connection ended, in words.

import type { Closing } from "../../inspect/chunk.js";

/** The flag of the packet that said so. */
export function closeWord(closing: Closing | undefined): string {
	return closing === "rst" ? "RST" : "FIN";
}
