// Makes redactors: what replaces the secrets in records by `*`, byte for byte, so that lengths and offsets stay true. Names decide
// what is a secret (secret-names), never values.

import type { Redactor } from "../inspect/redactor.js";
import { ConnectionRedactor } from "./connection-redactor.js";
import { NameJudge } from "./name-judge.js";

/**
 * A redactor for one connection. `extraNames` are secrets besides those of the tables, be they names of parameters, header
 * fields, cookies or fields of forms; case does not count, and `-` is like `_`. Redactors with the same list share what they
 * learn of names, so it should be one list for all connections, and not change.
 */
export function createRedactor(
	extraNames: readonly string[] = NO_NAMES,
): Redactor {
	let judge = JUDGES.get(extraNames);
	if (judge === undefined) {
		judge = new NameJudge(extraNames);
		JUDGES.set(extraNames, judge);
	}
	return new ConnectionRedactor(judge);
}

const NO_NAMES: readonly string[] = [];

/** The judge for each list: many connections have one request, and the same names. */
const JUDGES = new WeakMap<readonly string[], NameJudge>();
