// Caddy 2.6 with `php_fastcgi`. Its order is another for each request; here it is that of the alphabet. It says that
// X-Forwarded-* come from the client's own address, and writes an empty HTTP_USER_AGENT where there is none.

import type { Variable } from "../http-fields.js";
import { commaOrCookie, fieldVariables } from "../http-fields.js";
import { fieldValue } from "../http-request.js";
import type { ServerLikeness } from "./server-likeness.js";

/** With `root` and `php_fastcgi`. */
export const caddy: ServerLikeness = {
	name: "caddy",
	summary: "Caddy 2.6, php_fastcgi",
	framing: {
		padding: "align8",
		paramsSize: 65_500,
		stdinSize: 65_500,
		writes: "each",
	},
	variables(request) {
		const { root, pathInfo, fields } = request;
		const made = fieldVariables(fields, {
			takes: () => true,
			joint: (name) => (name === "host" ? "" : commaOrCookie(name)),
		});
		const host = fieldValue(fields, "host") ?? request.authority;
		const variables: readonly Variable[] = [
			["AUTH_TYPE", ""],
			["CONTENT_LENGTH", contentLength(request)],
			["CONTENT_TYPE", fieldValue(fields, "content-type") ?? ""],
			["DOCUMENT_ROOT", root],
			["DOCUMENT_URI", request.scriptName],
			["GATEWAY_INTERFACE", "CGI/1.1"],
			["HTTP_X_FORWARDED_FOR", request.remoteAddress],
			["HTTP_X_FORWARDED_HOST", host],
			["HTTP_X_FORWARDED_PROTO", request.scheme],
			["PATH_INFO", pathInfo],
			...(pathInfo === ""
				? []
				: [["PATH_TRANSLATED", root + pathInfo] as const]),
			["QUERY_STRING", request.query ?? ""],
			["REMOTE_ADDR", request.remoteAddress],
			["REMOTE_HOST", request.remoteAddress],
			["REMOTE_IDENT", ""],
			["REMOTE_PORT", request.remotePort],
			["REMOTE_USER", ""],
			["REQUEST_METHOD", request.method],
			["REQUEST_SCHEME", request.scheme],
			["REQUEST_URI", request.target],
			["SCRIPT_FILENAME", request.scriptFile],
			["SCRIPT_NAME", request.scriptName],
			...(request.scheme === "https" ? [["HTTPS", "on"] as const] : []),
			["SERVER_NAME", host.replace(/:\d*$/, "")],
			["SERVER_PORT", request.port],
			["SERVER_PROTOCOL", request.protocol],
			["SERVER_SOFTWARE", "Caddy/2.6.2"],
		];
		const own = new Set(variables.map(([name]) => name));
		const agent = made.variables.some(([name]) => name === "HTTP_USER_AGENT");
		const all: readonly Variable[] = [
			...variables,
			...(agent ? [] : [["HTTP_USER_AGENT", ""] as const]),
			...made.variables.filter(([name]) => !own.has(name)),
		];
		return {
			remarks: made.remarks,
			variables: [...all].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
		};
	},
};

/** -1 for a body whose end is not known. */
function contentLength(request: Parameters<typeof caddy.variables>[0]): string {
	return (
		fieldValue(request.fields, "content-length") ??
		(request.hasBody ? "-1" : "0")
	);
}
