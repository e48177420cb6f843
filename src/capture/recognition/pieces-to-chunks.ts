// Pieces of conversations become chunks of those among them that are FastCGI. What is left is counted in the report.

import type { Chunk, SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import type { Piece } from "./flow.js";
import { WhichEnd } from "./which-end.js";

/** Recognises FastCGI among conversations, and tells which end is the web server. */
export class PiecesToChunks implements Stage<Piece, Chunk> {
	readonly #whichEnd: WhichEnd;
	readonly #report: SourceReport;

	/** On `ports`, an application is listening whatever the bytes look like. The report is settled by `end`. */
	constructor(ports: readonly number[], report: SourceReport) {
		this.#whichEnd = new WhichEnd(ports);
		this.#report = report;
	}

	push(piece: Piece): readonly Chunk[] {
		const chunks: Chunk[] = [];
		this.#whichEnd.take(piece, chunks);
		return chunks.length === 0 ? NOTHING : chunks;
	}

	end(): readonly Chunk[] {
		const chunks: Chunk[] = [];
		this.#whichEnd.end(chunks);
		this.#report.otherConnections = this.#whichEnd.otherConnections;
		return chunks;
	}
}
