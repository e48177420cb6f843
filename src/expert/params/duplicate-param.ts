// The same name twice among the parameters, with different values: applications differ in which one they take.

import type { RequestCheck } from "../../inspect/check.js";
import { named, quoted } from "../words.js";
import { firstRepeated } from "./first-repeated.js";

/** One name with two values. */
export const duplicateParam: RequestCheck = {
	code: "duplicate-param",
	severity: "note",
	section: "3.4",
	summary: "A parameter is sent twice, with different values",
	diagnosis:
		"php and Go take the last value, programs on libfcgi the first. A fastcgi_param that stands beside an included file is the usual cause; two header fields that become the same variable, X-A and X_A, are another, and may be an attempt to smuggle one in",
	remedies: {
		any: "send each name once",
		nginx:
			"put a fastcgi_param of your own into a copy of the included file, not beside it; underscores_in_headers off",
	},
	example:
		'SCRIPT_NAME is "/a.php" first and "/b.php" last; php and Go take the last, libfcgi the first',
	on: "paramsEnded",
	look(request) {
		const found = firstRepeated(request, false);
		if (found === undefined) return undefined;
		const [name, first, last] = found;
		return `${named(name)} is ${quoted(first)} first and ${quoted(last)} last; php and Go take the last, libfcgi the first`;
	},
};
