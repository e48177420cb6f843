// Records in the specification's own notation (appendix B), one a line, so that `send --records` can read them back; who
// speaks to whom stands in comments between them.

import { formatNotation } from "../fastcgi/notation.js";
import type { FcgiEvent, RecordEvent } from "../inspect/event.js";
import { NOTHING, type Stage } from "../stage.js";
import type { RenderOptions } from "./options.js";
import { skippedWords } from "./skipped-words.js";
import { bytes, palette, way } from "./words.js";

/** One record a line; a comment where direction or connection change. */
export function notation(options: RenderOptions): Stage<FcgiEvent, string> {
	const colors = palette(options.color);
	const comment = (text: string) => `${colors.dim(`# ${text}`)}\n`;
	let last: RecordEvent | undefined;
	return {
		push(event) {
			if (event.kind === "bytesSkipped") return [comment(skippedWords(event))];
			if (event.kind !== "record") return NOTHING;
			const { record } = event;
			const turn =
				last?.connection !== event.connection || last.from !== event.from
					? comment(way(event.connection, event.from))
					: "";
			const short =
				record.missing > 0
					? comment(`${bytes(record.missing)} of the next record missing`)
					: "";
			last = event;
			return [`${turn}${short}${formatNotation(record)}\n`];
		},
		end: () => NOTHING,
	};
}
