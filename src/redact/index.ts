// Makes redactors: what replaces the secrets in records by `*`, byte for byte, so that lengths and offsets stay true. Names decide
// what is a secret (secret-names), never values.

import type { Redactor } from "../inspect/redactor.js";
import { ConnectionRedactor } from "./connection-redactor.js";
import { NameJudge } from "./name-judge.js";

/**
 * A redactor for one connection. `extraNames` are secrets besides those of the tables, be they names of parameters, header
 * fields, cookies or fields of forms; case does not count, and `-` is like `_`.
 */
export function createRedactor(extraNames: readonly string[] = []): Redactor {
	return new ConnectionRedactor(new NameJudge(extraNames));
}
