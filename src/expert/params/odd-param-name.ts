// Names of parameters that are not as CGI has them (RFC 3875, section 4.1): capitals, digits and underscores.

import type { RequestCheck } from "../../inspect/check.js";
import type { Param } from "../../inspect/request.js";
import { quoted } from "../words.js";

/** A name with other characters, or none. */
export const oddParamName: RequestCheck = {
	code: "odd-param-name",
	severity: "note",
	section: "RFC 3875 4.1",
	summary: "A parameter's name has other characters than CGI's names",
	diagnosis:
		"Web servers make capitals and underscores of header fields, and only those; other names are the web server's own variables, such as Apache's proxy-nokeepalive, or come from an environment. An application may not be able to ask for them",
	remedies: { any: "use capitals, digits and underscores" },
	example: '1 of 2 names, first "proxy-nokeepalive"',
	detail: true,
	once: "connection",
	on: "paramsEnded",
	look({ parameters, parametersDamaged, onConnection }) {
		// A connection's requests have the same names; the first is enough to say so.
		if (onConnection > 1 || parametersDamaged !== undefined) return undefined;
		let odd = 0;
		let first = "";
		for (let i = 0; i < parameters.length; i++) {
			const { name } = parameters[i] as Param;
			if (isUsual(name)) continue;
			if (odd === 0) first = name;
			odd++;
		}
		return odd === 0
			? undefined
			: `${odd} of ${parameters.length} names, first ${quoted(first)}`;
	},
};

/** Whether a name is made of capitals, digits and underscores. */
function isUsual(name: string): boolean {
	for (let at = 0; at < name.length; at++) {
		const code = name.charCodeAt(at);
		const usual =
			(code >= 0x41 && code <= 0x5a) ||
			code === 0x5f ||
			(code >= 0x30 && code <= 0x39);
		if (!usual) return false;
	}
	return name.length > 0;
}
