// The same name twice among the parameters: applications differ in which value they take.

import type { RequestCheck } from "../../inspect/check.js";
import type { FcgiRequest, Param } from "../../inspect/request.js";
import { quoted } from "../evidence.js";

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
		const found = repeated(request, false);
		if (found === undefined) return undefined;
		const [name, first, last] = found;
		return `${quoted(name, 40).slice(1, -1)} is ${quoted(first)} first and ${quoted(last)} last; php and Go take the last, libfcgi the first`;
	},
};

/** One name twice with the same value. */
export const repeatedParam: RequestCheck = {
	code: "repeated-param",
	severity: "note",
	section: "3.4",
	summary: "A parameter is sent twice, with the same value",
	diagnosis: "It does no harm but for its bytes",
	remedies: {
		any: "send each name once",
		nginx: "leave out the fastcgi_param that an included file has already",
	},
	example: 'SERVER_NAME is "shop" both times',
	detail: true,
	once: "connection",
	on: "paramsEnded",
	look(request) {
		const found = repeated(request, true);
		if (found === undefined) return undefined;
		const [name, value] = found;
		return `${quoted(name, 40).slice(1, -1)} is ${quoted(value)} both times`;
	},
};

/** The first parameter that comes twice, with the same value or with another. */
function repeated(
	request: FcgiRequest,
	same: boolean,
): [name: string, first: string, last: string] | undefined {
	const { parameters } = request;
	if (!request.hasRepeatedNames) return undefined;
	const seen = new Map<string, string>();
	for (let i = 0; i < parameters.length; i++) {
		const { name, value } = parameters[i] as Param;
		const first = seen.get(name);
		if (first === undefined) seen.set(name, value);
		else if ((first === value) === same) {
			return [name, first, same ? value : (request.param(name) ?? value)];
		}
	}
	return undefined;
}
