// Two CGI heads (RFC 3875, section 6.3) compared: their statuses and their fields. The order of different fields has no
// meaning, and some fields are another each time.

import type { CgiResponse } from "../../inspect/cgi-response.js";
import type { Difference } from "../../inspect/comparison.js";

/** Fields that differ from one answer to the next of the same application, so that they tell nothing. */
export const ALWAYS_OTHER: readonly string[] = [
	// Times: of the answer, of its end, and of files that were installed at another time.
	"date",
	"expires",
	"last-modified",
	// Sessions begin anew, and cookies carry times.
	"set-cookie",
	// Which version runs is what is tried out, as a rule.
	"x-powered-by",
];

/** What is not the same; `ignored` has names in lower case. */
export function headDifferences(
	recorded: CgiResponse,
	replayed: CgiResponse,
	ignored: ReadonlySet<string>,
): readonly Difference[] {
	const differences: Difference[] = [];
	if (recorded.status !== replayed.status) {
		differences.push({
			kind: "status",
			recorded: recorded.status,
			replayed: replayed.status,
		});
	}
	const before = fieldsOf(recorded, ignored);
	const now = fieldsOf(replayed, ignored);
	for (const key of new Set([...before.keys(), ...now.keys()])) {
		const [was, is] = [before.get(key), now.get(key)];
		if (was?.value === is?.value) continue;
		differences.push({
			kind: "header",
			name: was?.name ?? is?.name ?? "",
			recorded: was?.value,
			replayed: is?.value,
		});
	}
	return differences;
}

interface Field {
	readonly name: string;
	/** All its values, in their order. */
	readonly value: string;
}

/** The fields by their names in lower case; the lines that are none, under an empty name. The status is compared apart. */
function fieldsOf(
	{ headers, badLines }: CgiResponse,
	ignored: ReadonlySet<string>,
): ReadonlyMap<string, Field> {
	const fields = new Map<string, Field>();
	const add = (name: string, value: string) => {
		const key = name.toLowerCase();
		if (key === "status" || ignored.has(key)) return;
		const before = fields.get(key);
		fields.set(
			key,
			before === undefined
				? { name, value }
				: { ...before, value: `${before.value}\n${value}` },
		);
	};
	for (const [name, value] of headers) add(name, value);
	for (const line of badLines) add("", line);
	return fields;
}
