// The registry of web servers that an answer can be shown to: a line for each. A new one is a file beside this one, and a line.

import { FcgiInspectError } from "../errors.js";
import type { FcgiEvent } from "../inspect/event.js";
import type { Stage } from "../stage.js";
import type { WebServer } from "./answer-model.js";
import { apache } from "./apache.js";
import { AsServer } from "./as-server.js";
import { haproxy } from "./haproxy.js";
import { lighttpd } from "./lighttpd.js";
import { nginx } from "./nginx.js";

export type { WebServer } from "./answer-model.js";

/** All web servers. */
export const WEB_SERVERS: readonly WebServer[] = [
	nginx,
	apache,
	lighttpd,
	haproxy,
];

/**
 * A stage that hands every event on as it is, and fills in `serverAnswer` of a request before it hands on that it ended:
 * what a web server of this name would have made of the answer. It stays undefined where the bytes do not tell.
 */
export function asServer(name: string): Stage<FcgiEvent, FcgiEvent> {
	const server = WEB_SERVERS.find((one) => one.name === name);
	if (server !== undefined) return new AsServer(server);
	const names = WEB_SERVERS.map((one) => one.name).join(", ");
	throw new FcgiInspectError("usage", `no web server ${name}: ${names}`);
}
