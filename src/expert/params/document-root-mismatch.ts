// A script that lies outside of the site's directory.

import type { RequestCheck } from "../../inspect/check.js";
import { quoted } from "../words.js";
import { isBelow, withoutPrefix } from "./script-filename.js";

/** SCRIPT_FILENAME is not below DOCUMENT_ROOT. */
export const documentRootMismatch: RequestCheck = {
	code: "document-root-mismatch",
	severity: "note",
	summary: "SCRIPT_FILENAME is not below DOCUMENT_ROOT",
	diagnosis:
		"The two name different directories: on purpose, as with an alias, or because the web server and the application see the site in different places, as in two containers. Then includes that start at DOCUMENT_ROOT fail",
	remedies: {
		any: "let both be as the application sees them",
		nginx:
			"fastcgi_param DOCUMENT_ROOT and SCRIPT_FILENAME from the same root; $realpath_root where it is a link",
	},
	example: 'SCRIPT_FILENAME is "/app/index.php", DOCUMENT_ROOT "/var/www/html"',
	on: "paramsEnded",
	look(request) {
		if (request.role !== RESPONDER) return undefined;
		const root = request.param("DOCUMENT_ROOT");
		if (root === undefined || !root.startsWith("/")) return undefined;
		const filename = request.param("SCRIPT_FILENAME");
		if (filename === undefined || isBelow(filename, root)) return undefined;
		// Programs of other kinds lie elsewhere by custom, such as in cgi-bin.
		if (!filename.includes(".php")) return undefined;
		// With mod_proxy_fcgi's `fcgi://localhost/`, two slashes stand where one is enough.
		const name = withoutPrefix(filename).replace(/\/{2,}/g, "/");
		if (!name.startsWith("/") || isBelow(name, root)) return undefined;
		return `SCRIPT_FILENAME is ${quoted(filename, 256)}, DOCUMENT_ROOT ${quoted(root, 256)}`;
	},
};

/** Number of FCGI_RESPONDER. */
const RESPONDER = 1;
