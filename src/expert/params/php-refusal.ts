// The answers by which php says that it does not run a script: its own words in STDERR, and its own pages.

import type { FcgiRequest } from "../../inspect/request.js";
import { quoted } from "../words.js";

/** What php says in STDERR of a script that is not there, or that it may not open. */
const STDERR_WORDS =
	/(?:^|; )(Primary script unknown|Unable to open primary script: .*)/m;

/** Most characters shown of them: a file's name is among them. */
const MAX_WORDS = 320;

/** The whole bodies of its pages: php-fpm's two, and that of php-cgi. */
const PAGES = ["File not found.\n", "No input file specified.\n"];

/** What of a request's answer says that php found no script: a quotation; undefined where nothing does. */
export function noScriptWords(request: FcgiRequest): string | undefined {
	const status = request.response?.status;
	if (status !== 404 && status !== 403) return undefined;
	if (request.stderr.records > 0) {
		const words = STDERR_WORDS.exec(request.stderrText)?.[1];
		if (words !== undefined) return `STDERR ${quoted(words, MAX_WORDS)}`;
	}
	if (status !== 404) return undefined;
	const body = request.bodyStart.toString("latin1");
	return PAGES.includes(body) ? `the page ${JSON.stringify(body)}` : undefined;
}

/** The file that php is asked to run: PATH_TRANSLATED where there is no SCRIPT_FILENAME. */
export function scriptFilename(request: FcgiRequest): string | undefined {
	return request.param("SCRIPT_FILENAME") ?? request.param("PATH_TRANSLATED");
}
