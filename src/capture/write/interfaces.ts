// The interfaces of a capture: one for each application, so that its name, such as the path of a Unix socket, is in the
// file and beside each packet.

import type { Connection } from "../../inspect/chunk.js";
import { INVENTED } from "./ends.js";
import { printable } from "./finding-comments.js";
import type { PcapngBlocks } from "./pcapng-blocks.js";

/** Interfaces in a file: more applications than a machine has. Those beyond are with those that have no name. */
const MAX_INTERFACES = 1024;

/** Where nothing else is known, and in a file without packets. */
const UNNAMED = "FastCGI";

/** Describes interfaces as they are needed. */
export class Interfaces {
	readonly #blocks: PcapngBlocks;
	readonly #linkType: number;
	readonly #ids = new Map<string, number>();
	readonly #unnamed: number;

	/** Describes the first. */
	constructor(blocks: PcapngBlocks, linkType: number) {
		this.#blocks = blocks;
		this.#linkType = linkType;
		this.#unnamed = this.#describe(UNNAMED);
	}

	/** The number of the interface on which a connection is. */
	of({ application }: Connection): number {
		if (application === undefined) return this.#unnamed;
		const known = this.#ids.get(application);
		if (known !== undefined) return known;
		if (this.#ids.size >= MAX_INTERFACES) return this.#unnamed;
		const id = this.#describe(printable(application));
		this.#ids.set(application, id);
		return id;
	}

	#describe(name: string): number {
		return this.#blocks.interface({
			linkType: this.#linkType,
			name,
			description: `FastCGI; addresses in ${INVENTED} stand for ends that have none`,
		});
	}
}
