// php-fpm was asked to run a file whose extension it does not run.

import type { RequestCheck } from "../../inspect/check.js";
import { quoted } from "../words.js";

/** What php-fpm says in STDERR. */
const WORDS = /(?:^|; )(Access to the script '[^']*' has been denied)/m;

/** php-fpm's security.limit_extensions denies the script. */
export const accessDeniedExtension: RequestCheck = {
	code: "access-denied-extension",
	severity: "warning",
	summary: "php-fpm does not run files with this extension",
	diagnosis:
		"security.limit_extensions lists the extensions that php-fpm runs, .php by default, so that an uploaded picture is not run as a script. Either the web server hands php what it should serve itself, or the name was led astray by a path behind the script's",
	remedies: {
		any: "let the web server hand only *.php to php; do not empty security.limit_extensions",
		nginx:
			"location ~ \\.php$ with try_files $fastcgi_script_name =404; check alias and root",
	},
	logs: {
		nginx: [
			"FastCGI sent in stderr: \"Access to the script '…' has been denied (see security.limit_extensions)\" while reading response header from upstream",
		],
		Apache: [
			"AH01071: Got error 'Access to the script '…' has been denied (see security.limit_extensions)'",
		],
		lighttpd: [
			"FastCGI-stderr:Access to the script '…' has been denied (see security.limit_extensions)",
		],
		php: [
			"Access to the script '…' has been denied (see security.limit_extensions)",
			"Access denied.",
		],
	},
	example:
		'SCRIPT_FILENAME is "/srv/shop/logo.png"; php-fpm answered 403: "Access to the script \'/srv/shop/logo.png\' has been denied"',
	on: "requestEnded",
	look(request) {
		if (request.response?.status !== 403 || request.stderr.records === 0) {
			return undefined;
		}
		const words = WORDS.exec(request.stderrText)?.[1];
		if (words === undefined) return undefined;
		const filename = request.param("SCRIPT_FILENAME") ?? "";
		return `SCRIPT_FILENAME is ${quoted(filename, 256)}; php-fpm answered 403: ${quoted(words, 256)}`;
	},
};
