// The answers by which php says that it does not run a script: its own words in STDERR, and its own pages.

import type { FcgiRequest } from "../../inspect/request.js";

/** What php says in STDERR of a script that is not there, or that it may not open. */
const STDERR_WORDS =
	/^(Primary script unknown|Unable to open primary script: )/m;

/** The whole bodies of its pages: php-fpm's two, and that of php-cgi. */
const PAGES = ["File not found.\n", "No input file specified.\n"];

/** What of a request's answer says that php found no script: a quotation; undefined where nothing does. */
export function noScriptWords(request: FcgiRequest): string | undefined {
	const status = request.response?.status;
	if (status !== 404 && status !== 403) return undefined;
	if (request.stderr.records > 0) {
		const text = request.stderrText;
		const found = STDERR_WORDS.exec(text);
		if (found !== null) {
			const end = text.indexOf("\n", found.index);
			const line = text.slice(found.index, end === -1 ? undefined : end);
			return `STDERR ${JSON.stringify(line)}`;
		}
	}
	if (status !== 404) return undefined;
	const body = request.bodyStart.toString("latin1");
	return PAGES.includes(body) ? `the page ${JSON.stringify(body)}` : undefined;
}

/** The file that php is asked to run: PATH_TRANSLATED where there is no SCRIPT_FILENAME. */
export function scriptFilename(request: FcgiRequest): string | undefined {
	return request.param("SCRIPT_FILENAME") ?? request.param("PATH_TRANSLATED");
}
