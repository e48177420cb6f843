// A header block that does not fit the buffer that web servers read it into.

import type { CgiResponse } from "../../inspect/cgi-response.js";
import type { RequestCheck } from "../../inspect/check.js";
import { counted, named } from "../words.js";

/** What nginx allocates in steps of, and its `fastcgi_buffer_size` by default: a page. */
const PAGE = 4096;
/** Beyond it, Apache refuses a header line, and nginx everywhere needs another setting than its default. */
const SURELY_BIG = 2 * PAGE;
const RECORD_HEADER = 8;
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
		"nginx reads the header block, and the headers of the records that carry it, into one buffer of fastcgi_buffer_size (4k by default); HAProxy into tune.bufsize (16k) less tune.maxrewrite; Apache takes no header line above 8190 bytes. Beyond that the client gets status 502 or 500",
	remedies: {
		nginx:
			"fastcgi_buffer_size of at least the number named, and fastcgi_buffers and fastcgi_busy_buffers_size to fit it",
		HAProxy: "raise tune.bufsize",
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
	look(request) {
		const { response, headRecords } = request;
		if (response === undefined) return undefined;
		const needed = response.headBytes + RECORD_HEADER * headRecords;
		if (needed <= PAGE) return undefined;
		const fitting = Math.ceil(needed / PAGE) * (PAGE / 1024);
		return {
			severity: needed > SURELY_BIG ? "warning" : "note",
			message: `the header block has ${response.headBytes} bytes in ${counted(headRecords, "record")}: fastcgi_buffer_size ${fitting}k is the smallest that fits; largest: ${largest(response)}`,
		};
	},
};

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
