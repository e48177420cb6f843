// A URL as it is typed into its parts (RFC 3986), as they are: nothing is decoded, and no `..` is taken away, because what
// a server makes of them is what somebody wants to see. Only characters that no request can have are written as %XX.

import { FcgiInspectError } from "../errors.js";
import { byteText } from "./byte-text.js";
import { quoted } from "./quoted.js";

/** A URL's parts, as byte texts. */
export interface HttpUrl {
	readonly scheme: "http" | "https";
	/** As it stands in the Host field: with a port where the URL has one. */
	readonly authority: string;
	/** In lower case, without a port; an IPv6 address keeps its brackets. */
	readonly hostName: string;
	/** The port, or that of the scheme. */
	readonly port: string;
	/** `name:password`, decoded; undefined where there is none. */
	readonly userInfo: string | undefined;
	/** Percent-encoded, `/` at least. */
	readonly path: string;
	/** Behind the `?`; undefined where there is none. */
	readonly query: string | undefined;
}

const WANTED = "a URL is http://example.test/index.php/info?x=1, or /index.php";

const PARTS =
	/^(?:([^/?#]*)@)?(\[[\da-f:.]+\]|[^/?#:@[\]]*)(?::(\d{0,5}))?(\/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$/i;

/** Takes a URL apart. Without `http://` it is one all the same, and without a host its host is localhost. */
export function parseUrl(text: string): HttpUrl {
	if (/[^\P{Cc}]| /u.test(text)) {
		throw refused(text, "it has a space or control character: write %20");
	}
	const [prefix = "", scheme = "http"] =
		/^([a-z][a-z\d+.-]*):\/\//i.exec(text) ?? [];
	const tls = scheme.toLowerCase() === "https";
	if (!tls && scheme.toLowerCase() !== "http") {
		throw refused(text, `${scheme} is not http`);
	}
	const parts = PARTS.exec(text.slice(prefix.length));
	if (parts === null) throw refused(text);
	const [, user, host = "", port, path, query] = parts;
	if (host === "" && (path === undefined || prefix !== "")) {
		throw refused(text, "it has no host");
	}
	if (port !== undefined && port !== "" && !inPortRange(port)) {
		throw refused(text, `there is no port ${port}`);
	}
	const name = escaped(host) || "localhost";
	return {
		scheme: tls ? "https" : "http",
		authority: port ? `${name}:${port}` : name,
		hostName: name.toLowerCase(),
		port: port || (tls ? "443" : "80"),
		userInfo: user === undefined ? undefined : percentDecoded(user, text),
		path: escaped(path ?? "/"),
		query: query === undefined ? undefined : escaped(query),
	};
}

/** The bytes that a percent-encoded text stands for, as byte text. Throws FcgiInspectError that names the whole. */
export function percentDecoded(encoded: string, whole: string): string {
	return byteText(encoded).replace(/%(..)?/gs, (found, hex?: string) => {
		if (hex === undefined || !/^[\da-f]{2}$/i.test(hex)) {
			throw refused(
				whole,
				`${quoted(found)} is no percent-encoding: write %25 for %`,
			);
		}
		return String.fromCharCode(Number.parseInt(hex, 16));
	});
}

function inPortRange(port: string): boolean {
	return Number(port) >= 1 && Number(port) <= 65535;
}

/** Bytes beyond ASCII as %XX, as browsers send them. */
function escaped(text: string): string {
	return byteText(text).replace(
		/[^\0-\x7f]/g,
		(byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}

function refused(text: string, why?: string): FcgiInspectError {
	return new FcgiInspectError(
		"usage",
		`${quoted(text)} is no URL${why === undefined ? "" : ` (${why})`}: ${WANTED}`,
	);
}
