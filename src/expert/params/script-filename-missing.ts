// php was not told which file to run.

import type { RequestCheck } from "../../inspect/check.js";
import { quoted } from "../words.js";
import { noScriptWords, scriptFilename } from "./php-refusal.js";

/** There is no SCRIPT_FILENAME, and php says that it has no script. */
export const scriptFilenameMissing: RequestCheck = {
	code: "script-filename-missing",
	severity: "error",
	summary: "The web server did not say which script php is to run",
	diagnosis:
		"php goes by SCRIPT_FILENAME, which CGI/1.1 does not know: the web server has to add it. nginx's fastcgi_params lacks it, fastcgi.conf has it",
	remedies: {
		any: "send SCRIPT_FILENAME with the script's absolute path",
		nginx:
			"include fastcgi.conf; or fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;",
	},
	logs: {
		nginx: [
			'FastCGI sent in stderr: "Primary script unknown" while reading response header from upstream',
		],
		Apache: ["AH01071: Got error 'Primary script unknown'"],
		lighttpd: ["FastCGI-stderr:Primary script unknown"],
		php: [
			"Primary script unknown",
			"File not found.",
			"No input file specified.",
		],
	},
	example:
		'3 parameters, and neither SCRIPT_FILENAME nor PATH_TRANSLATED is among them; SCRIPT_NAME is "/index.php"; php answered 404 with the page "No input file specified.\\n"',
	on: "requestEnded",
	look(request) {
		const words = noScriptWords(request);
		if (words === undefined || !request.params.ended) return undefined;
		if (request.parametersDamaged !== undefined) return undefined;
		if (scriptFilename(request) !== undefined) return undefined;
		const scriptName = request.param("SCRIPT_NAME");
		const has =
			scriptName === undefined ? "" : `; SCRIPT_NAME is ${quoted(scriptName)}`;
		return `${request.parameters.length} parameters, and neither SCRIPT_FILENAME nor PATH_TRANSLATED is among them${has}; php answered ${request.response?.status} with ${words}`;
	},
};
