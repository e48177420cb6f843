// Only what is wrong: the findings of each request when it has ended, and of each connection when it has closed; at the end
// how often each was made, and where.

import type { FcgiEvent } from "../inspect/event.js";
import type { Finding } from "../inspect/finding.js";
import { NOTHING, type Stage } from "../stage.js";
import { FindingCount } from "./finding-count.js";
import { FindingLines } from "./finding-lines.js";
import { connectionHeading, requestHeading } from "./flow-heading.js";
import type { RenderOptions } from "./options.js";
import { requestLine } from "./request-line.js";
import { cut } from "./width.js";
import { palette } from "./words.js";

/** A block for each request and connection of which something was found; then the overview. */
export function findings(options: RenderOptions): Stage<FcgiEvent, string> {
	const style = { colors: palette(options.color), columns: options.columns };
	const lines = new FindingLines(style);
	const count = new FindingCount();
	let gap = "";
	const block = (
		heading: readonly string[],
		found: readonly Finding[],
		where: string,
	): readonly string[] => {
		const its = [...lines.of(found), ...lines.repeated(found, where)];
		if (its.length === 0) return NOTHING;
		const text = `${gap}${[...heading, ...its].join("\n")}\n`;
		gap = "\n";
		return [text];
	};
	return {
		push(event) {
			count.add(event.findings);
			if (event.kind === "requestEnded") {
				const { request } = event;
				const line = requestLine(request);
				const heading = [
					requestHeading(request, style),
					...(line === undefined ? [] : [`> ${cut(line, options.columns)}`]),
				];
				return block(heading, request.findings, "in this request");
			}
			if (event.kind !== "connectionClosed") return NOTHING;
			const { connection, timestamp, ofConnection } = event;
			const heading = connectionHeading(connection, timestamp, style);
			return block([heading], ofConnection, "on this connection");
		},
		end() {
			const overview = count.lines(style);
			return overview.length === 0
				? NOTHING
				: [`${gap}${overview.join("\n")}\n`];
		},
	};
}
