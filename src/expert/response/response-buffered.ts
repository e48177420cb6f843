// Events for a browser that may come to it late: the times of the records tell whether the application or the web server
// holds them back.

import type { RequestCheck } from "../../inspect/check.js";
import { bodyLength, headField } from "../head-field.js";
import { duration } from "../words.js";

/** A wait that a person notices, in seconds: an application that sends all at once after it collects its output. */
const NOTICED = 1;

/** A stream of events that one side buffers. */
export const responseBuffered: RequestCheck = {
	code: "response-buffered",
	severity: "note",
	detail: true,
	summary:
		"A stream of events may reach the browser late, because one side buffers it",
	diagnosis:
		"Where the application streams, it is the web server that collects the events unless it is told not to. Where all of it comes at once, it is the application: output buffers, compression, a missing flush",
	remedies: {
		nginx:
			"fastcgi_buffering off for it, or have the application send X-Accel-Buffering: no; gzip off",
		Apache: 'flushpackets=on in the <Proxy "fcgi://…"> block',
		php: "output_buffering=0, zlib.output_compression=Off, and flush() after each event",
	},
	example:
		"the application streamed: text/event-stream in 3 bursts over 2.000 s, without X-Accel-Buffering: no",
	on: "requestEnded",
	look(request) {
		const { response, bursts, startedAt, firstByteAt, lastOutputAt } = request;
		if (response === undefined || lastOutputAt === undefined) return undefined;
		const type = headField(response, "content-type");
		if (type === undefined || !/^text\/event-stream\b/i.test(type)) {
			return undefined;
		}
		if (startedAt === undefined || firstByteAt === undefined) return undefined;
		const streamed = bursts > 1;
		if (!streamed) {
			const waited = firstByteAt - startedAt;
			if (waited < NOTICED || bodyLength(request, response) === 0) {
				return undefined;
			}
			return `the application sent text/event-stream in one burst, ${duration(waited)} after the request`;
		}
		const buffering = headField(response, "x-accel-buffering");
		if (buffering?.toLowerCase() === "no") return undefined;
		return `the application streamed: text/event-stream in ${bursts} bursts over ${duration(lastOutputAt - firstByteAt)}, without X-Accel-Buffering: no`;
	},
};
