// nginx 1.22 as Debian sets it up for PHP: with fastcgi_params and SCRIPT_FILENAME, as in captures/, and with
// snippets/fastcgi-php.conf, as in its default site.

import { FCGI_MAX_LENGTH } from "../../fastcgi/constants.js";
import type { FramingHabits } from "../framing.js";
import {
	fieldVariables,
	type HttpField,
	type Variable,
} from "../http-fields.js";
import { fieldValue, type HttpRequest } from "../http-request.js";
import { type Param, pairLength } from "../param.js";
import type { ServerLikeness } from "./server-likeness.js";

const FRAMING: FramingHabits = {
	padding: "align8",
	stdinSize: 32_768,
};

/** It sends all of PARAMS in one record (seen in captures/04-nginx-fpm-long-params.pcap). */
function refusal(params: readonly Param[]): string | undefined {
	const bytes = params.reduce((sum, param) => sum + pairLength(param), 0);
	if (bytes <= FCGI_MAX_LENGTH) return undefined;
	return `nginx would answer 500 by itself: these parameters have ${bytes} bytes, and it sends at most ${FCGI_MAX_LENGTH}`;
}

/**
 * With `fastcgi_split_path_info ^(.+?\.php)(/.*)$`, `include fastcgi_params`, SCRIPT_FILENAME of
 * `$document_root$fastcgi_script_name`, and `PATH_INFO $fastcgi_path_info if_not_empty`.
 */
export const nginx: ServerLikeness = {
	name: "nginx",
	summary: "nginx 1.22, fastcgi_params of Debian and SCRIPT_FILENAME",
	framing: FRAMING,
	refusal,
	variables(request) {
		const { uri, hostName, scriptFile, pathInfo, fields } = request;
		return withFields(
			[
				...fastcgiConf(request, uri),
				["HTTP_HOST", hostOf(fields) || hostName],
				["SCRIPT_FILENAME", scriptFile],
				...(pathInfo === "" ? [] : [["PATH_INFO", pathInfo] as const]),
			],
			fields.filter(([name]) => !/^host$/i.test(name)),
		);
	},
};

/** With `include snippets/fastcgi-php.conf`, whose PATH_INFO is there always. */
export const nginxSnippet: ServerLikeness = {
	name: "nginx-snippet",
	summary: "nginx 1.22, snippets/fastcgi-php.conf of Debian",
	framing: FRAMING,
	refusal,
	variables(request) {
		const { scriptName, scriptFile, pathInfo } = request;
		return withFields(
			[
				["PATH_INFO", pathInfo],
				["SCRIPT_FILENAME", scriptFile],
				...fastcgiConf(request, scriptName),
			],
			request.fields,
		);
	},
};

/** The lines of fastcgi.conf behind SCRIPT_FILENAME. */
function fastcgiConf(
	request: HttpRequest,
	documentUri: string,
): readonly Variable[] {
	const { fields, scheme } = request;
	return [
		["QUERY_STRING", request.query ?? ""],
		["REQUEST_METHOD", request.method],
		["CONTENT_TYPE", fieldValue(fields, "content-type") ?? ""],
		["CONTENT_LENGTH", fieldValue(fields, "content-length") ?? ""],
		["SCRIPT_NAME", request.scriptName],
		["REQUEST_URI", request.target],
		["DOCUMENT_URI", documentUri],
		["DOCUMENT_ROOT", request.root],
		["SERVER_PROTOCOL", request.protocol],
		["REQUEST_SCHEME", scheme],
		...(scheme === "https" ? [["HTTPS", "on"] as const] : []),
		["GATEWAY_INTERFACE", "CGI/1.1"],
		["SERVER_SOFTWARE", "nginx/1.22.1"],
		["REMOTE_ADDR", request.remoteAddress],
		["REMOTE_PORT", request.remotePort],
		["REMOTE_USER", request.user?.name ?? ""],
		["SERVER_ADDR", request.serverAddress],
		["SERVER_PORT", request.port],
		["SERVER_NAME", request.hostName],
		["REDIRECT_STATUS", "200"],
	];
}

/** `$host`: in lower case, without a port. */
function hostOf(fields: readonly HttpField[]): string {
	const host = fieldValue(fields, "host") ?? "";
	return host.toLowerCase().replace(/:\d*$/, "");
}

/** All fields follow, the two that tell of the body too; each of a repeated field for itself. */
function withFields(
	variables: readonly Variable[],
	fields: readonly HttpField[],
) {
	const made = fieldVariables(fields, {});
	return {
		variables: [...variables, ...made.variables],
		remarks: made.remarks,
	};
}
