// php was asked to run a file that it does not find.

import type { Remedies, RequestCheck } from "../../inspect/check.js";
import { quoted } from "../words.js";
import { noScriptWords, scriptFilename } from "./php-refusal.js";
import { oddities, withoutPrefix } from "./script-filename.js";

/** php finds no file under SCRIPT_FILENAME. */
export const scriptNotFound: RequestCheck = {
	code: "script-not-found",
	severity: "error",
	summary: "php does not find the script that SCRIPT_FILENAME names",
	diagnosis:
		"The name is put together by the web server and looked up by php, which may see other files: in another container, in a chroot, under another mount, or as a user who may not enter the directories",
	remedies: {
		any: "look for the file under this very name where php runs, as the user that php runs as",
		nginx:
			"fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name; with root set to the directory that php sees; try_files $fastcgi_script_name =404 in front",
		Apache:
			"the path behind ProxyPassMatch or SetHandler has to be one that php sees; ProxyFCGISetEnvIf can rewrite SCRIPT_FILENAME",
		Caddy: "root in the site, and root in php_fastcgi where php sees another",
		HAProxy: "docroot in the fcgi-app section",
		lighttpd: "docroot in fastcgi.server where php sees another",
	},
	logs: {
		nginx: [
			'FastCGI sent in stderr: "Primary script unknown" while reading response header from upstream',
			'FastCGI sent in stderr: "Unable to open primary script: …" while reading response header from upstream',
			'FastCGI sent in stderr: "PHP message: …; Unable to open primary script: …" while reading response header from upstream',
		],
		Apache: [
			"AH01071: Got error 'Primary script unknown'",
			"AH01071: Got error 'Unable to open primary script: …'",
			"AH01071: Got error 'PHP message: …; Unable to open primary script: …'",
		],
		lighttpd: [
			"FastCGI-stderr:Primary script unknown",
			"FastCGI-stderr:Unable to open primary script: …",
		],
		php: [
			"Primary script unknown",
			"Unable to open primary script: …",
			"File not found.",
			"No input file specified.",
		],
	},
	example:
		'SCRIPT_FILENAME is "/srv/shop/nope.php"; php answered 404 with STDERR "Primary script unknown"; nothing is odd about the name, so the file is not there, or php sees other files than the web server',
	on: "requestEnded",
	look(request) {
		const words = noScriptWords(request);
		if (words === undefined) return undefined;
		const filename = scriptFilename(request);
		if (filename === undefined) return undefined;
		const name =
			request.param("SCRIPT_FILENAME") === undefined
				? "PATH_TRANSLATED"
				: "SCRIPT_FILENAME";
		const odd = oddities(filename, request.param("DOCUMENT_ROOT"));
		const why = odd.length === 0 ? nothingOdd(words) : odd.join(", ");
		const prefix = apachePrefix(filename, words);
		const message = `${name} is ${quoted(filename, MAX_NAME)}${prefix}; php answered ${request.response?.status} with ${words}; ${why}`;
		return filename.endsWith("/")
			? { message, remedies: FOR_A_DIRECTORY }
			: message;
	},
};

/** Where the name is that of a directory. */
const FOR_A_DIRECTORY: Remedies = {
	nginx:
		"fastcgi_index index.php; or index index.php in front of the location; or try_files $uri $uri/ /index.php",
	Apache: "DirectoryIndex index.php",
	Caddy: "try_files {path} {path}/index.php index.php",
	lighttpd: 'index-file.names = ( "index.php" )',
	HAProxy: "index index.php in the fcgi-app section",
	any: "name a script: php runs no directory",
};

function nothingOdd(words: string): string {
	return words.includes("(Permission denied)")
		? "the file is there, and php's user may not read it"
		: "nothing is odd about the name, so the file is not there, or php sees other files than the web server";
}

/** What php makes of the prefix that Apache puts in front of the file; empty where there is none. */
function apachePrefix(filename: string, words: string): string {
	const path = withoutPrefix(filename);
	if (path === filename) return "";
	return words.includes("No input file")
		? ", with Apache's proxy: prefix, which php-fpm strips and php-cgi does not"
		: `, of which php-fpm looks for ${quoted(path, MAX_NAME)}`;
}

/** Most characters shown of a file's name: it is what matters here. */
const MAX_NAME = 256;
