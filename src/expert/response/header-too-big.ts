// A header block that does not fit the buffer that web servers read it into.

import type { CgiResponse } from "../../inspect/cgi-response.js";
import type { Evidence, RequestCheck } from "../../inspect/check.js";
import type { SoftwareName } from "../../inspect/software.js";
import { counted, named } from "../words.js";

/** What nginx allocates in steps of, and its `fastcgi_buffer_size` by default: a page. */
const PAGE = 4096;
/** Beyond it, nginx everywhere needs another setting than its default: systems with pages of 8k have this one. */
const SURELY_BIG = 2 * PAGE;
const RECORD_HEADER = 8;
/** The longest line of a header block that Apache takes, as measured. */
const APACHE_LINE = 8189;
/** The longest header block that lighttpd takes, as measured. */
const LIGHTTPD_BLOCK = 65_535;
/** Fields that HAProxy takes: `tune.http.maxhdr`, of which one is none. */
const HAPROXY_FIELDS = 100;
/** Room for them in HAProxy's buffer, as measured, and what each takes besides its name and value. */
const HAPROXY_ROOM = 15_256;
const HAPROXY_FIELD = 8;
/** Header fields that are named, largest first. */
const NAMED = 3;

/** The header block is larger than the default buffers of web servers. */
export const headerTooBig: RequestCheck = {
	code: "header-too-big",
	severity: "warning",
	section: "RFC 3875 6.2",
	summary:
		"The header block of the response is larger than web servers take by default",
	diagnosis:
		"nginx reads the header block, and the headers of the records that carry it, into one buffer of fastcgi_buffer_size (4k by default); HAProxy takes 100 fields (tune.http.maxhdr) in tune.bufsize (16k) less tune.maxrewrite; Apache takes no header line above 8189 bytes; lighttpd takes 64 KB. Beyond that the client gets status 502 or 500",
	remedies: {
		nginx:
			"fastcgi_buffer_size of at least the number named, and fastcgi_buffers of as much each: fastcgi_buffer_size 16k; fastcgi_buffers 8 16k;",
		HAProxy:
			"tune.http.maxhdr above the number of fields; tune.bufsize above the size of the block",
		any: "send less in header fields: fewer and smaller cookies, no debugging or timing headers",
	},
	logs: {
		nginx: [
			"upstream sent too big header while reading response header from upstream",
		],
		lighttpd: ["response headers too large for …"],
		Apache: [
			"AH01070: Error parsing script headers",
			"End of script output before headers: …",
			"Premature end of script headers: …",
		],
		HAProxy: ["PH--"],
	},
	example:
		"the header block has 10702 bytes in 101 records: fastcgi_buffer_size 12k is the smallest that fits; largest: X-Debug 9600 bytes in 100 lines",
	on: "responseHead",
	look(request, { webServer }) {
		const { response, headRecords } = request;
		if (response === undefined) return undefined;
		const needed = response.headBytes + RECORD_HEADER * headRecords;
		const fields = response.headers.length;
		if (needed <= PAGE && fields <= HAPROXY_FIELDS) return undefined;
		const trouble = troubleOf(webServer?.name, response, needed);
		if (trouble === undefined) return undefined;
		const many = fields > HAPROXY_FIELDS ? ` of ${fields} fields` : "";
		return {
			...trouble,
			message: `the header block${many} has ${response.headBytes} bytes in ${counted(headRecords, "record")}: ${trouble.message}; largest: ${largest(response)}`,
		};
	},
};

/** What the web server does not take of it, as far as it is known; of one that is not, what nginx would not. */
function troubleOf(
	webServer: SoftwareName | undefined,
	response: CgiResponse,
	needed: number,
): Exclude<Evidence, string> | undefined {
	switch (webServer) {
		case "Apache": {
			const line = longestLine(response);
			return line <= APACHE_LINE
				? undefined
				: {
						message: `a line has ${line} bytes, Apache takes ${APACHE_LINE}`,
					};
		}
		case "HAProxy":
			return haproxyTrouble(response);
		case "lighttpd":
			return response.headBytes <= LIGHTTPD_BLOCK
				? undefined
				: { message: `lighttpd takes ${LIGHTTPD_BLOCK} bytes` };
		case "Caddy":
		case "cgi-fcgi":
			return undefined;
		default:
			return nginxTrouble(needed, webServer === "nginx");
	}
}

function nginxTrouble(
	needed: number,
	known: boolean,
): Exclude<Evidence, string> | undefined {
	if (needed <= PAGE) return undefined;
	const fitting = `${Math.ceil(needed / PAGE) * (PAGE / 1024)}k`;
	const which = known ? "" : "in nginx ";
	const pair = `fastcgi_buffer_size ${fitting}; fastcgi_buffers 8 ${fitting};`;
	return {
		severity: known && needed > SURELY_BIG ? "warning" : "note",
		message: `${which}fastcgi_buffer_size ${fitting} is the smallest that fits`,
		remedies: {
			...headerTooBig.remedies,
			nginx: `${pair} the two together: with the first alone nginx may not start, for its busy buffers`,
		},
	};
}

function haproxyTrouble({
	headers,
}: CgiResponse): Exclude<Evidence, string> | undefined {
	if (headers.length > HAPROXY_FIELDS) {
		return {
			message: `HAProxy takes ${HAPROXY_FIELDS} fields, as tune.http.maxhdr says by default`,
		};
	}
	let room = 0;
	for (const [name, value] of headers) {
		room += name.length + value.length + HAPROXY_FIELD;
	}
	return room <= HAPROXY_ROOM
		? undefined
		: {
				message: `it takes ${room} bytes of HAProxy's buffer, which has room for ${HAPROXY_ROOM} by default`,
			};
}

/** Bytes of the longest line, with the colon and the blank behind its name. */
function longestLine({ headers }: CgiResponse): number {
	let longest = 0;
	for (const [name, value] of headers) {
		longest = Math.max(longest, name.length + value.length + 2);
	}
	return longest;
}

/** The names that take most of the block, with the bytes of all their lines. */
function largest({ headers }: CgiResponse): string {
	const sizes = new Map<string, { bytes: number; times: number }>();
	for (const [name, value] of headers) {
		const size = sizes.get(name) ?? { bytes: 0, times: 0 };
		size.bytes += value.length;
		size.times++;
		sizes.set(name, size);
	}
	return [...sizes]
		.sort(([, a], [, b]) => b.bytes - a.bytes)
		.slice(0, NAMED)
		.filter(([, { bytes }], i) => i === 0 || bytes >= PAGE / 16)
		.map(
			([name, { bytes, times }]) =>
				`${named(name)} ${bytes} bytes${times > 1 ? ` in ${times} lines` : ""}`,
		)
		.join(", ");
}
