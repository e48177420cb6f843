// Questions that are asked of an application rather than of what it serves: FCGI_GET_VALUES (specification, section 4.1),
// and the pages of php-fpm about itself. They carry what the answer needs, and nothing of the environment.

import { FcgiInspectError } from "../errors.js";
import {
	FCGI_MAX_LENGTH,
	FCGI_NULL_REQUEST_ID,
	GET_VALUES_NAMES,
} from "../fastcgi/constants.js";
import { NO_BYTES } from "../fastcgi/no-bytes.js";
import type { Script } from "../fastcgi/step.js";
import type { Framing } from "./framing.js";
import { encodeParams } from "./param.js";
import { quoted } from "./quoted.js";
import { RecordWriter } from "./record-writer.js";
import type { SentRequest } from "./request.js";
import { writesOf } from "./writes.js";

const GET_VALUES = 9;

/** Names with commas between them; those of the specification where there are none. Throws FcgiInspectError. */
export function valueNames(text: string | undefined): readonly string[] {
	if (text === undefined || text === "") return GET_VALUES_NAMES;
	const names = text.split(",");
	if (names.every((name) => name !== "")) return names;
	throw new FcgiInspectError(
		"usage",
		`${quoted(text)} is no list of names: ${GET_VALUES_NAMES.join(",")}`,
	);
}

/** Asks for the values of names. More than one record holds is a FcgiInspectError. */
export function getValues(names: readonly string[], framing: Framing): Script {
	const content = Buffer.concat(encodeParams(names.map((name) => [name, ""])));
	if (content.length > FCGI_MAX_LENGTH) {
		throw new FcgiInspectError(
			"usage",
			`the names make ${content.length} bytes; FCGI_GET_VALUES has at most ${FCGI_MAX_LENGTH}`,
		);
	}
	const writer = new RecordWriter(FCGI_NULL_REQUEST_ID, framing.padding);
	const writes = writesOf(framing);
	return [...writes.push(writer.record(GET_VALUES, content)), ...writes.end()];
}

/** Where php-fpm answers for itself, in the configuration that its manual shows. */
export const PING_PAGE = "/ping";
export const STATUS_PAGE = "/status";

/** Asks for a page of php-fpm: a path, and a query such as `full&json` behind a `?`. */
export function pageRequest(page: string): SentRequest {
	const [, path = "", query = ""] = /^([^?]*)\??(.*)$/s.exec(page) ?? [];
	if (!path.startsWith("/")) {
		throw new FcgiInspectError(
			"usage",
			`${quoted(page)} is no page: ${PING_PAGE}, or ${STATUS_PAGE}?full&json`,
		);
	}
	return {
		role: 1,
		params: [
			["REQUEST_METHOD", "GET"],
			["SCRIPT_NAME", path],
			["SCRIPT_FILENAME", path],
			["QUERY_STRING", query],
		],
		stdin: NO_BYTES,
		data: undefined,
	};
}
