// What a request asks for, in one line, out of its parameters.

import type { FcgiRequest } from "../inspect/request.js";
import { visible } from "./words.js";

/** `REQUEST_METHOD`; undefined where it was not sent. */
export function requestMethod(request: FcgiRequest): string | undefined {
	return request.param("REQUEST_METHOD") || undefined;
}

/** `REQUEST_URI`, else `SCRIPT_NAME`, `PATH_INFO` and `QUERY_STRING` put together; undefined where none was sent. */
export function requestUri(request: FcgiRequest): string | undefined {
	const uri = request.param("REQUEST_URI");
	if (uri) return uri;
	const path =
		(request.param("SCRIPT_NAME") ?? "") + (request.param("PATH_INFO") ?? "");
	const query = request.param("QUERY_STRING");
	if (path === "") return undefined;
	return query ? `${path}?${query}` : path;
}

/** `GET /index.php?a=1`, with `-` for one that was not sent; undefined where neither was. Fit to be printed. */
export function requestLine(request: FcgiRequest): string | undefined {
	const method = requestMethod(request);
	const uri = requestUri(request);
	if (method === undefined && uri === undefined) return undefined;
	return `${visible(method ?? "-")} ${visible(uri ?? "-")}`;
}
