// Name-value pairs in one line.

import type { NameValue } from "../fastcgi/name-values.js";
import { visibleBytes } from "./words.js";

/** `FCGI_MAX_CONNS  FCGI_MPXS_CONNS=0`: a name alone where its value is empty. */
export function pairsText(pairs: readonly NameValue[]): string {
	let text = "";
	for (const { name, value } of pairs) {
		if (text !== "") text += "  ";
		text += visibleBytes(name);
		if (value.length > 0) text += `=${visibleBytes(value)}`;
	}
	return text;
}
