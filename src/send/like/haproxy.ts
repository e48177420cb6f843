// HAProxy 2.6 with an fcgi-app that has `docroot`, `index index.php` and the `path-info` of its manual. It follows no dots
// in a path, sends no empty QUERY_STRING, and takes the Host field for the server's name.

import {
	CONTENT_NAMES,
	fieldVariables,
	PLAIN_NAME,
	type Variable,
} from "../http-fields.js";
import { fieldValue } from "../http-request.js";
import { percentDecoded } from "../http-url.js";
import type { ServerLikeness } from "./server-likeness.js";

/** Ids of one connection are 1, 3, 5, ..., and the connection is always asked to be kept. */
export const haproxy: ServerLikeness = {
	name: "haproxy",
	summary: "HAProxy 2.6, an fcgi-app with docroot, index and path-info",
	framing: {
		padding: "none",
		stdinSize: 16_320,
		keepConn: true,
		idStep: 2,
	},
	variables(request) {
		const { root, query, fields } = request;
		const path = percentDecoded(request.path, request.path);
		const whole = path.endsWith("/") ? `${path}index.php` : path;
		const parts = /^(\/.+\.php)(\/.*)$/s.exec(path);
		const scriptName = parts?.[1] ?? whole;
		const pathInfo = parts?.[2] ?? "";
		const { variables, remarks } = fieldVariables(
			fields.filter(([name]) => !DROPPED.test(name)),
			{ takes: (name) => PLAIN_NAME.test(name), named: CONTENT_NAMES },
		);
		const length = fieldValue(fields, "content-length");
		const user: readonly Variable[] =
			request.user === undefined
				? []
				: [
						["AUTH_TYPE", "Basic"],
						["REMOTE_USER", request.user.name],
					];
		return {
			remarks,
			variables: [
				...variables,
				...user,
				["GATEWAY_INTERFACE", "CGI/1.1"],
				["DOCUMENT_ROOT", root],
				["SCRIPT_NAME", scriptName],
				...(pathInfo === "" ? [] : [["PATH_INFO", pathInfo] as const]),
				["REQUEST_URI", request.target],
				["REQUEST_METHOD", request.method],
				...(query ? [["QUERY_STRING", query] as const] : []),
				["SERVER_NAME", fieldValue(fields, "host") ?? request.authority],
				["SERVER_PORT", request.port],
				["SERVER_PROTOCOL", request.protocol],
				["REMOTE_ADDR", request.remoteAddress],
				["REMOTE_PORT", request.remotePort],
				["SCRIPT_FILENAME", root + scriptName],
				...(pathInfo === ""
					? []
					: [["PATH_TRANSLATED", root + pathInfo] as const]),
				...(request.scheme === "https" ? [["HTTPS", "on"] as const] : []),
				...(length === undefined && !request.hasBody
					? [["CONTENT_LENGTH", "0"] as const]
					: []),
				["SERVER_SOFTWARE", "HAProxy 2.6.12-1+deb12u4"],
			],
		};
	},
};

/** Fields of one hop, and the one that AUTH_TYPE and REMOTE_USER are made of. */
const DROPPED = /^(?:connection|keep-alive|transfer-encoding|authorization)$/i;
