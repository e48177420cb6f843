// Apache 2.4 with mod_proxy_fcgi as Debian's php8.2-fpm.conf sets it up: a SetHandler to a Unix socket; to an authorizer,
// mod_authnz_fcgi. PATH is not that of this environment but the one Debian starts Apache with.

import {
	CONTENT_NAMES,
	fieldVariables,
	PLAIN_NAME,
	type Variable,
} from "../http-fields.js";
import { fieldValue, type HttpRequest } from "../http-request.js";
import { nameOf, pairLength } from "../param.js";
import { quoted } from "../quoted.js";
import type { ServerLikeness, VariablesMade } from "./server-likeness.js";

/** Bytes of its buffer for PARAMS. */
const PARAMS_SIZE = 16_384;

/** With `SetHandler "proxy:unix:/run/php/php8.2-fpm.sock|fcgi://localhost"`. */
export const apache: ServerLikeness = {
	name: "apache",
	summary: "Apache 2.4, mod_proxy_fcgi with php8.2-fpm.conf of Debian",
	framing: {
		padding: "none",
		paramsSize: PARAMS_SIZE,
		stdinSize: 8192,
		writes: "each",
	},
	refusal(params) {
		const long = params.find((param) => pairLength(param) > PARAMS_SIZE);
		if (long === undefined) return undefined;
		return `Apache would leave ${quoted(nameOf(long))} out: it has more than ${PARAMS_SIZE} bytes`;
	},
	variables(request) {
		const { pathInfo, root } = request;
		return variablesOf(
			request,
			[["proxy-nokeepalive", "1"]],
			`proxy:fcgi://localhost${request.scriptFile}`,
			[],
			[
				["SCRIPT_NAME", request.scriptName],
				...(pathInfo === ""
					? []
					: ([
							["PATH_INFO", pathInfo],
							["PATH_TRANSLATED", root + pathInfo],
						] as const)),
			],
		);
	},
	authorizerVariables(request) {
		const { user, root, uri } = request;
		const fields = request.fields.filter(
			([name]) => !/^connection$/i.test(name),
		);
		return variablesOf(
			{ ...request, fields },
			[],
			root + uri,
			user === undefined
				? []
				: [
						["REMOTE_USER", user.name],
						["AUTH_TYPE", "Basic"],
					],
			[
				["FCGI_ROLE", "AUTHORIZER"],
				["FCGI_APACHE_ROLE", "AUTHENTICATOR"],
				...(user === undefined
					? []
					: [["REMOTE_PASSWD", user.password] as const]),
				["HTTP_CONNECTION", "close"],
			],
		);
	},
};

function variablesOf(
	request: HttpRequest,
	first: readonly Variable[],
	scriptFile: string,
	user: readonly Variable[],
	last: readonly Variable[],
): VariablesMade {
	const { root, fields } = request;
	const host = fieldValue(fields, "host") ?? request.authority;
	const { variables, remarks } = fieldVariables(fields, {
		takes: (name) => PLAIN_NAME.test(name) && !/^authorization$/i.test(name),
		named: CONTENT_NAMES,
		joint: () => ", ",
	});
	return {
		remarks,
		variables: [
			...first,
			...(request.scheme === "https" ? [["HTTPS", "on"] as const] : []),
			...variables,
			["PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
			["SERVER_SIGNATURE", ""],
			["SERVER_SOFTWARE", "Apache/2.4.71 (Debian)"],
			["SERVER_NAME", host.toLowerCase().replace(/:\d*$/, "")],
			["SERVER_ADDR", request.serverAddress],
			["SERVER_PORT", request.port],
			["REMOTE_ADDR", request.remoteAddress],
			["DOCUMENT_ROOT", root],
			["REQUEST_SCHEME", request.scheme],
			["CONTEXT_PREFIX", ""],
			["CONTEXT_DOCUMENT_ROOT", root],
			["SERVER_ADMIN", "[no address given]"],
			["SCRIPT_FILENAME", scriptFile],
			["REMOTE_PORT", request.remotePort],
			...user,
			["GATEWAY_INTERFACE", "CGI/1.1"],
			["SERVER_PROTOCOL", request.protocol],
			["REQUEST_METHOD", request.method],
			["QUERY_STRING", request.query ?? ""],
			["REQUEST_URI", request.target],
			...last,
		],
	};
}
