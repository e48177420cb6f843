// The registry of web servers that `send` can look like: a line for each. A new one is a file beside this one, and a line.

import { FcgiInspectError } from "../../errors.js";
import { quoted } from "../quoted.js";
import { apache } from "./apache.js";
import { caddy } from "./caddy.js";
import { haproxy } from "./haproxy.js";
import { lighttpd } from "./lighttpd.js";
import { nginx, nginxSnippet } from "./nginx.js";
import type { ServerLikeness } from "./server-likeness.js";

/** All web servers. */
export const LIKENESSES: readonly ServerLikeness[] = [
	nginx,
	nginxSnippet,
	apache,
	lighttpd,
	caddy,
	haproxy,
];

/** The web server of a name. Throws FcgiInspectError where there is none. */
export function likenessOf(name: string): ServerLikeness {
	const found = LIKENESSES.find((one) => one.name === name);
	if (found !== undefined) return found;
	const names = LIKENESSES.map((one) => one.name).join(", ");
	throw new FcgiInspectError(
		"usage",
		`no web server ${quoted(name)}: ${names}`,
	);
}
