// A response whose body is longer than it declares, or than its status allows (RFC 9110, sections 6.4.1 and 8.6).

import type { RequestCheck } from "../../inspect/check.js";
import { bodyLength, declaredLength, hasOtherBody } from "../head-field.js";
import { counted } from "../words.js";

/** STDOUT carried more of a body than the head of the response allows. */
export const responseExcess: RequestCheck = {
	code: "response-excess",
	severity: "warning",
	section: "RFC 9110 8.6",
	summary: "The body of the response is longer than its head allows",
	diagnosis:
		"nginx and lighttpd cut it, Apache passes it on, and HAProxy refuses the response. A wrong length, a byte order mark or blank lines in front of the opening tag of a script, and a body after status 204 or 304 do that",
	remedies: {
		php: "leave Content-Length to the web server, and save scripts without a byte order mark and without text around their tags",
		any: "declare the length of what is written, in bytes, or none; write no body with status 204 and 304",
	},
	logs: {
		nginx: [
			'upstream sent more data than specified in "Content-Length" header while reading upstream',
			'upstream sent more data than specified in "Content-Length" header while reading response header from upstream',
		],
		HAProxy: ["PH--"],
	},
	example: "Content-Length declared 3, received 6, 3 too many",
	on: "requestEnded",
	look(request) {
		const { response } = request;
		if (response === undefined) return undefined;
		const received = bodyLength(request, response);
		if (received === 0) return undefined;
		const { status } = response;
		const declared = declaredLength(response);
		const bodiless = status === 204 || status === 304;
		if (!bodiless && (declared === undefined || received <= declared)) {
			return undefined;
		}
		if (hasOtherBody(request, response)) return undefined;
		const mark = startsWithMark(request.bodyStart)
			? "; it starts with a byte order mark (ef bb bf)"
			: "";
		return bodiless
			? `status ${status} has no body, received ${counted(received, "byte")}${mark}`
			: `Content-Length declared ${declared}, received ${received}, ${received - (declared ?? 0)} too many${mark}`;
	},
};

function startsWithMark(body: Buffer): boolean {
	return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
}
