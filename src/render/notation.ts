// Records in the specification's own notation (appendix B), one a line, so that `send --records` can read them back; who
// speaks, and on which connection, stands in directives between them.

import type { Peer } from "../fastcgi/constants.js";
import { formatNotation } from "../fastcgi/notation.js";
import type { Connection } from "../inspect/chunk.js";
import type {
	FcgiEvent,
	RecordEvent,
	SkippedPieceEvent,
} from "../inspect/event.js";
import { NOTHING, type Stage } from "../stage.js";
import type { RenderOptions } from "./options.js";
import { skippedWords } from "./skipped-words.js";
import { bytes, type Paint, palette, way } from "./words.js";

/** One record a line; a comment and a directive where direction or connection change. */
export function notation(options: RenderOptions): Stage<FcgiEvent, string> {
	const { dim } = palette(options.color);
	let last: { connection: Connection; from: Peer } | undefined;
	const turn = (event: RecordEvent | SkippedPieceEvent) => {
		const { connection, from } = event;
		if (last?.connection === connection && last.from === from) return "";
		last = { connection, from };
		const ends = dim(`# ${way(connection, from)}`);
		return `${ends}\n@from ${from} ${connection.number}\n`;
	};
	return {
		push(event) {
			switch (event.kind) {
				case "record":
					return [turn(event) + recordLines(event, dim)];
				case "skippedPiece":
					return [`${turn(event)}@raw ${hexPairs(event.bytes)}\n`];
				case "bytesSkipped":
					return [`${dim(`# ${skippedWords(event)}`)}\n`];
				default:
					return NOTHING;
			}
		},
		end: () => NOTHING,
	};
}

function recordLines({ record }: RecordEvent, dim: Paint): string {
	const short =
		record.missing > 0
			? `${dim(`# ${bytes(record.missing)} of the next record missing`)}\n`
			: "";
	return `${short}${formatNotation(record)}\n`;
}

function hexPairs(data: Buffer): string {
	return data.toString("hex").replace(/..(?=.)/g, "$& ");
}
