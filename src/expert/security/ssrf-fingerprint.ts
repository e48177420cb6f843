// What known tools for attacks on php-fpm leave as they come: bytes that a web server was tricked into sending
// (server-side request forgery), or a script that talks to the port itself.

import type { RecordCheck } from "../../inspect/check.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { quoted } from "../words.js";

/** One sign alone may be a tool of the house: health checks and cache tools use the same libraries. */
const SIGNS_NEEDED = 2;

/** A request bears the signs of a tool for attacks. */
export const ssrfFingerprint: RecordCheck = {
	code: "ssrf-fingerprint",
	severity: "error",
	summary: "The request looks like one of a known tool for attacks on php-fpm",
	diagnosis:
		"No web server sends these together. Gopherus and scripts like it make such requests, to be sent over gopher:// by a program that fetches addresses it is given, or straight to a port that is open",
	remedies: {
		php: "listen on a Unix socket, which no such program reaches, or set listen.allowed_clients",
		any: "find the program that connected: it fetches addresses that its users give it",
	},
	example:
		'SERVER_SOFTWARE "go / fcgiclient ", SCRIPT_FILENAME "/usr/share/php/PEAR.php" that most installations of php have, DOCUMENT_ROOT "/", STDIN starts with "<?php"',
	on: "record",
	kinds: ["stdin"],
	look({ record, request, streamOffset }, { webServer }) {
		// Asked once, of the first record of STDIN, where no web server has given its name.
		if (streamOffset > 0 || request === undefined) return undefined;
		if (webServer !== undefined) return undefined;
		if (request.stdin.ended && record.contentLength > 0) return undefined;
		const signs = signsOf(request);
		const { contentData } = record;
		// A script as the body is a sign only beside another: editors save scripts, too.
		if (signs.length > 0 && contentData.subarray(0, 5).equals(PHP_TAG)) {
			signs.push('STDIN starts with "<?php"');
		}
		return signs.length >= SIGNS_NEEDED ? signs.join(", ") : undefined;
	},
};

const PHP_TAG = Buffer.from("<?php");

function signsOf(request: FcgiRequest): string[] {
	const signs: string[] = [];
	const software = request.param("SERVER_SOFTWARE");
	if (software !== undefined && /^(?:go|php) ?\/ ?fcgiclient/.test(software)) {
		signs.push(`SERVER_SOFTWARE ${quoted(software)}`);
	}
	const script = request.param("SCRIPT_FILENAME");
	if (script?.endsWith(".php") === true && LIBRARY_FILE.test(script)) {
		signs.push(
			`SCRIPT_FILENAME ${quoted(script)} that most installations of php have`,
		);
	}
	if (request.param("DOCUMENT_ROOT") === "/") signs.push('DOCUMENT_ROOT "/"');
	if (/php:\/\/input/.test(request.param("PHP_VALUE") ?? "")) {
		signs.push("PHP_VALUE with php://input");
	}
	return signs;
}

const LIBRARY_FILE =
	/^\/usr\/(?:share|local\/lib|lib)\/(?:php\d*|pear|php\/pear)\/(?:PEAR|System|pearcmd|peclcmd)\.php$/;
