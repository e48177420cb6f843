// A path behind the script's name that was not split off, so that php has to guess which part of it is the script
// (cgi.fix_pathinfo).

import type { RequestCheck } from "../../inspect/check.js";
import { quoted } from "../words.js";
import { isBelow, withoutPrefix } from "./script-filename.js";

/** A file that is no script, and behind it the name of one. */
const IN_A_FILE =
	/\.(?:jpe?g|png|gif|webp|svg|bmp|ico|pdf|txt|csv|zip|gz|docx?|mp[34]|avi)\/[^/]*\.php$/i;

/** A script, and behind it something else. */
const BEHIND_SCRIPT = /\.php\/./;

/** SCRIPT_FILENAME holds more than a script's name. */
export const pathInfoSuspicious: RequestCheck = {
	code: "path-info-suspicious",
	severity: "warning",
	summary: "SCRIPT_FILENAME has a path behind a file's name",
	diagnosis:
		"With cgi.fix_pathinfo=1, its default, php takes the first part of the path that is a file for the script: then an uploaded picture may be run as one, and PATH_INFO is php's guess",
	remedies: {
		any: "split the path before php gets it, and hand php only scripts that exist; cgi.fix_pathinfo=0 where nothing needs the guess",
		nginx:
			"fastcgi_split_path_info ^(.+\\.php)(/.+)$; with try_files $fastcgi_script_name =404;",
		Apache:
			"SetHandler in <FilesMatch \\.php$> in place of ProxyPass, so that Apache finds the file",
	},
	example:
		'SCRIPT_FILENAME is "/srv/shop/uploads/photo.jpg/x.php": behind a file that is no script stands the name of one',
	on: "paramsEnded",
	look(request) {
		const filename = request.param("SCRIPT_FILENAME");
		if (filename === undefined) return undefined;
		// Most names have no dot but in their last part.
		const dot = filename.indexOf(".");
		if (dot === -1 || dot > filename.lastIndexOf("/")) return undefined;
		const name = belowRoot(filename, request.param("DOCUMENT_ROOT"));
		const says = `SCRIPT_FILENAME is ${quoted(filename, 256)}`;
		if (IN_A_FILE.test(name)) {
			return `${says}: behind a file that is no script stands the name of one`;
		}
		const pathInfo = request.param("PATH_INFO");
		if (!BEHIND_SCRIPT.test(name) || (pathInfo ?? "") !== "") return undefined;
		const which =
			pathInfo === undefined ? "there is no PATH_INFO" : "PATH_INFO is empty";
		const message = `${says}: a path stands behind the script, and ${which}`;
		// Apache's ProxyPass leaves the guess to php by design.
		const byDesign = pathInfo === undefined && filename.startsWith("proxy:");
		return byDesign ? { severity: "note", message } : message;
	},
};

/** Names of directories above the site do not count. */
function belowRoot(filename: string, documentRoot: string | undefined): string {
	const name = withoutPrefix(filename);
	const below = documentRoot !== undefined && isBelow(name, documentRoot);
	return below ? name.slice(documentRoot.length) : name;
}
