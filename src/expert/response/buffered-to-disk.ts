// A response that does not fit the buffers in memory, so that nginx writes it to a file while its client is slower.

import type { RequestCheck } from "../../inspect/check.js";
import { bodyLength, headField } from "../head-field.js";

/** `fastcgi_buffers 8 4k` and `fastcgi_buffer_size 4k`, the defaults where a page has 4 KiB. */
const DEFAULT_BUFFERS = 9 * 4096;

/** A body larger than the buffers that nginx has by default. */
export const bufferedToDisk: RequestCheck = {
	code: "buffered-to-disk",
	severity: "note",
	detail: true,
	once: "connection",
	summary: "A response is larger than the buffers that nginx has by default",
	diagnosis:
		"nginx writes what its client has not taken yet to a temporary file, and warns of it. It costs disk, not correctness",
	remedies: {
		nginx:
			"more fastcgi_buffers, fastcgi_max_temp_file_size 0, or X-Accel-Redirect for files",
	},
	logs: {
		nginx: [
			"an upstream response is buffered to a temporary file … while reading upstream",
		],
	},
	example:
		"the body has 40000 bytes; fastcgi_buffers and fastcgi_buffer_size hold 36864 by default",
	on: "requestEnded",
	look(request) {
		const { response, webServerSoftware } = request;
		if (response === undefined || request.stdout.bytes <= DEFAULT_BUFFERS) {
			return undefined;
		}
		if (webServerSoftware?.name !== "nginx") return undefined;
		const unbuffered =
			headField(response, "x-accel-buffering")?.toLowerCase() === "no" ||
			headField(response, "x-accel-redirect") !== undefined;
		const length = bodyLength(request, response);
		if (unbuffered || length <= DEFAULT_BUFFERS) return undefined;
		return `the body has ${length} bytes; fastcgi_buffers and fastcgi_buffer_size hold ${DEFAULT_BUFFERS} by default`;
	},
};
