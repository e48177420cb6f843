// The same name twice among the parameters, with the same value.

import type { RequestCheck } from "../../inspect/check.js";
import { named, quoted } from "../words.js";
import { firstRepeated } from "./first-repeated.js";

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
		const found = firstRepeated(request, true);
		if (found === undefined) return undefined;
		const [name, value] = found;
		return `${named(name)} is ${quoted(value)} both times`;
	},
};
