// The headings of the conversation, which say what the lines below belong to.

import { roleName } from "../fastcgi/constants.js";
import type { Connection } from "../inspect/chunk.js";
import type { FcgiRequest } from "../inspect/request.js";
import type { LineStyle } from "./remark.js";
import { requestLine } from "./request-line.js";
import { clip } from "./width.js";
import { ends, shortName, timeOfDay } from "./words.js";

/** The line over a request: number, ends, id, role, flags, time of day. */
export function requestHeading(request: FcgiRequest, style: LineStyle): string {
	const { startedAt, flags } = request;
	const parts = [
		`#${request.number}`,
		ends(request.connection),
		`id ${request.requestId}`,
	];
	if (!request.beginSeen) parts.push("no BEGIN_REQUEST");
	else if (request.role === undefined) parts.push("no role");
	else parts.push(shortName(roleName(request.role)));
	if (flags !== undefined && flags > 1)
		parts.push(`flags 0x${flags.toString(16)}`);
	if (flags !== undefined && (flags & 1) === 1) parts.push("keep-conn");
	if (startedAt !== undefined) parts.push(timeOfDay(startedAt));
	return style.colors.heading(clip(parts.join("  "), style.columns));
}

/** The line over more of a request, when lines of others came in between; what it asks for, where that is known. */
export function continuedHeading(
	request: FcgiRequest,
	paramsKnown: boolean,
	style: LineStyle,
): string {
	const line = paramsKnown ? requestLine(request) : undefined;
	const asks = line === undefined ? "" : `  ${line}`;
	return style.colors.heading(
		clip(`#${request.number} (continued)${asks}`, style.columns),
	);
}

/** The line over what belongs to a connection and to no request. */
export function connectionHeading(
	connection: Connection,
	timestamp: number | undefined,
	style: LineStyle,
): string {
	const who = ends(connection);
	const name = `connection ${connection.number}`;
	const time = timestamp === undefined ? "" : `  ${timeOfDay(timestamp)}`;
	return style.colors.heading(
		clip((who === name ? name : `${name}  ${who}`) + time, style.columns),
	);
}

/** The line that says which day and time zone the times are of. */
export function dayLine(today: string, style: LineStyle): string {
	return style.colors.dim(`* times of ${today}`);
}
