// lighttpd 1.4.69 as Debian sets it up for php-fpm: with `broken-scriptfilename`, which puts the path info, or a slash,
// behind SCRIPT_FILENAME.

import {
	commaOrCookie,
	fieldVariables,
	type HttpField,
	type Variable,
} from "../http-fields.js";
import { fieldValue, type HttpRequest } from "../http-request.js";
import { normalised } from "../script-place.js";
import type { ServerLikeness, VariablesMade } from "./server-likeness.js";

/** `15-fastcgi-php-fpm.conf`. */
export const lighttpd: ServerLikeness = {
	name: "lighttpd",
	summary: "lighttpd 1.4.69, fastcgi-php-fpm of Debian",
	framing: { padding: "none", stdinSize: 65_535, authorizerStdin: true },
	variables(request) {
		const { pathInfo, scriptFile } = request;
		return variablesOf(request, scriptFile + (pathInfo || "/"));
	},
	authorizerVariables(request) {
		const { root, uri } = request;
		return variablesOf(request, root + uri);
	},
};

function variablesOf(request: HttpRequest, scriptFile: string): VariablesMade {
	const { root, pathInfo, fields } = request;
	const [path, query] = [
		normalised(rewritten(request.path).replaceAll("%2F", "/")),
		request.query === undefined ? undefined : rewritten(request.query),
	];
	const target = query === undefined ? path : `${path}?${query}`;
	const lower = fields.map(
		([name, value]): HttpField =>
			/^host$/i.test(name) ? [name, value.toLowerCase()] : [name, value],
	);
	const { variables, remarks } = fieldVariables(lower, {
		// Another character than a letter or digit becomes an underscore.
		takes: () => true,
		named: { "content-type": "CONTENT_TYPE" },
		joint: commaOrCookie,
		empty: false,
	});
	return {
		remarks,
		variables: [
			...lengthOf(request),
			["QUERY_STRING", query ?? ""],
			["REQUEST_URI", request.target],
			...(target === request.target ? [] : [["REDIRECT_URI", target] as const]),
			["REDIRECT_STATUS", "200"],
			["SCRIPT_NAME", request.scriptName],
			...(pathInfo === ""
				? []
				: ([
						["PATH_INFO", pathInfo],
						["PATH_TRANSLATED", root + pathInfo],
					] as const)),
			["SCRIPT_FILENAME", scriptFile],
			["DOCUMENT_ROOT", root],
			["REQUEST_METHOD", request.method],
			["SERVER_PROTOCOL", request.protocol],
			["SERVER_SOFTWARE", "lighttpd/1.4.69"],
			["GATEWAY_INTERFACE", "CGI/1.1"],
			["REQUEST_SCHEME", request.scheme],
			...(request.scheme === "https" ? [["HTTPS", "on"] as const] : []),
			["SERVER_PORT", request.port],
			["SERVER_ADDR", request.serverAddress],
			["SERVER_NAME", request.hostName],
			["REMOTE_ADDR", request.remoteAddress],
			["REMOTE_PORT", request.remotePort],
			...variables,
		],
	};
}

/** It reads a body to its end first, so that it always knows; a length that is not known here is left out. */
function lengthOf({ fields, hasBody }: HttpRequest): readonly Variable[] {
	const length = fieldValue(fields, "content-length");
	if (length === undefined && hasBody) return [];
	return [["CONTENT_LENGTH", length ?? "0"]];
}

/** Its `url-normalize`: what need not be encoded is not, and the digits of the rest are upper case. */
function rewritten(encoded: string): string {
	return encoded.replace(/%([\da-f]{2})/gi, (found, hex: string) => {
		const character = String.fromCharCode(Number.parseInt(hex, 16));
		return /[\w.~-]/.test(character) ? character : found.toUpperCase();
	});
}
