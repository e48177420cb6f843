// The variables of a request as the CGI specification has them (RFC 3875, section 4.1), with those besides that PHP asks
// for. Each is sent where there is something to say; servers that send empty ones are in like/.

import {
	CONTENT_NAMES,
	commaOrCookie,
	fieldVariables,
	type Variable,
} from "./http-fields.js";
import { fieldValue, type HttpRequest } from "./http-request.js";
import type { VariablesMade } from "./like/server-likeness.js";

/** The variables of a request that is like no server's in particular. */
export function cgiVariables(request: HttpRequest): VariablesMade {
	const { root, pathInfo, fields } = request;
	const type = fieldValue(fields, "content-type");
	const length = fieldValue(fields, "content-length");
	const { variables, remarks } = fieldVariables(
		fields.filter(([name]) => CONTENT_NAMES[name.toLowerCase()] === undefined),
		{ joint: commaOrCookie },
	);
	const when = (name: string, value: string | undefined): Variable[] =>
		value === undefined || value === "" ? [] : [[name, value]];
	return {
		remarks,
		variables: [
			["GATEWAY_INTERFACE", "CGI/1.1"],
			["SERVER_SOFTWARE", "fcgi-inspect"],
			["SERVER_PROTOCOL", request.protocol],
			["SERVER_NAME", request.hostName],
			["SERVER_ADDR", request.serverAddress],
			["SERVER_PORT", request.port],
			["REMOTE_ADDR", request.remoteAddress],
			["REMOTE_PORT", request.remotePort],
			["REQUEST_METHOD", request.method],
			["REQUEST_SCHEME", request.scheme],
			...when("HTTPS", request.scheme === "https" ? "on" : ""),
			["REQUEST_URI", request.target],
			["DOCUMENT_ROOT", root],
			["DOCUMENT_URI", request.uri],
			["SCRIPT_NAME", request.scriptName],
			["SCRIPT_FILENAME", request.scriptFile],
			...when("PATH_INFO", pathInfo),
			...when("PATH_TRANSLATED", pathInfo && root + pathInfo),
			["QUERY_STRING", request.query ?? ""],
			...when("CONTENT_TYPE", type),
			...when("CONTENT_LENGTH", length),
			// php-cgi answers nothing without it where it was built with --enable-force-cgi-redirect.
			["REDIRECT_STATUS", "200"],
			...variables,
		],
	};
}
