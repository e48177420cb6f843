// Guesses the software at the two ends of a connection out of what it sent: what it says of itself, else how it frames.

import type { FcgiRequest } from "./request.js";
import type { Software, SoftwareName } from "./software.js";

/** How SERVER_SOFTWARE begins (RFC 3875, section 4.1.17). */
const WEB_SERVERS: readonly SoftwareName[] = [
	"nginx",
	"Apache",
	"lighttpd",
	"HAProxy",
	"Caddy",
	"h2o",
];

/** The web server that a request came from. */
export function guessWebServer(request: FcgiRequest): Software | undefined {
	const text = request.param("SERVER_SOFTWARE");
	if (text !== undefined) {
		const lowerCase = text.toLowerCase();
		const name = WEB_SERVERS.find((known) =>
			lowerCase.startsWith(known.toLowerCase()),
		);
		if (name === undefined) return undefined;
		const version = /^[/ ]v?(\d[\w.+~-]*)/.exec(text.slice(name.length))?.[1];
		return { name, version, because: "SERVER_SOFTWARE" };
	}
	// It hands its whole environment on.
	const environment =
		request.param("PATH") !== undefined && request.param("PWD") !== undefined;
	if (!environment) return undefined;
	return {
		name: "cgi-fcgi",
		version: undefined,
		because: "PATH and PWD among the parameters",
	};
}

/** The application that a request is meant for, by the script that it names: a weak sign, which an answer overrides. */
export function supposeApplication(request: FcgiRequest): Software | undefined {
	if (request.param("SCRIPT_FILENAME")?.endsWith(".php") !== true) {
		return undefined;
	}
	return {
		name: "php",
		version: undefined,
		because: "SCRIPT_FILENAME ends in .php",
	};
}

/** The application that answered a request, once it has ended. */
export function guessApplication(request: FcgiRequest): Software | undefined {
	return (
		byWords(request) ??
		(request.state === "complete" ? byHabits(request) : undefined)
	);
}

function byWords({ response, stderrText }: FcgiRequest): Software | undefined {
	const poweredBy = response?.headers.find(
		([name]) => name.toLowerCase() === "x-powered-by",
	)?.[1];
	const php = /^PHP\/(\S+)/.exec(poweredBy ?? "");
	if (php !== null) {
		return { name: "php", version: php[1], because: "X-Powered-By" };
	}
	if (
		/^(PHP (message|Warning|Fatal|Notice|Deprecated|Parse)|Primary script unknown|Access to the script )/m.test(
			stderrText,
		)
	) {
		return { name: "php", version: undefined, because: "STDERR" };
	}
	return undefined;
}

/** By how it frames its answer; each of these was seen of one kind of application only. */
function byHabits(request: FcgiRequest): Software | undefined {
	const { response, stdout } = request;
	if (response === undefined || stdout.missing > 0 || request.damaged) {
		return undefined;
	}
	const { padding } = request;
	const because = (text: string) => ({ version: undefined, because: text });
	if (!stdout.ended) {
		if (padding !== "aligned" || request.stderr.ended) return undefined;
		return { name: "php", ...because("no empty STDOUT record, padded to 8") };
	}
	const statusFirst = response.headers[0]?.[0] === "Status";
	if (padding === "misaligned") {
		return { name: "ruby", ...because("padding that aligns nothing") };
	}
	if (padding === "none" && statusFirst) {
		return { name: "uWSGI", ...because("Status first, no padding") };
	}
	if (padding !== "aligned") return undefined;
	return statusFirst && request.stderr.records === 0
		? { name: "Go", ...because("Status first, padded to 8") }
		: { name: "libfcgi", ...because("an empty STDOUT record, padded to 8") };
}
