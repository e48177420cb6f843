// STDIN that goes on behind the body's end (section 6.2).

import type { RecordCheck } from "../../inspect/check.js";
import { announcedLength } from "../content-length.js";
import { hasBody } from "./has-body.js";

/** STDIN carries more bytes than CONTENT_LENGTH says. */
export const stdinLonger: RecordCheck = {
	code: "stdin-longer-than-content-length",
	severity: "error",
	section: "6.2",
	summary: "STDIN has more bytes than CONTENT_LENGTH says",
	diagnosis:
		"The application reads as many bytes as CONTENT_LENGTH says and never sees the rest, or takes it for something else",
	remedies: {
		any: "announce the length of what is sent; where a filter changes the body on its way, set CONTENT_LENGTH anew",
	},
	example:
		"CONTENT_LENGTH says 4, STDIN has 10 bytes with this record: 6 are too many",
	on: "record",
	kinds: ["stdin"],
	look({ record, request, unexpected, streamOffset }) {
		const { contentLength } = record;
		if (contentLength === 0 || unexpected !== undefined) return undefined;
		const announced = announcedLength(request);
		if (announced === undefined) return undefined;
		const bytes = streamOffset + contentLength;
		// What follows the record that goes beyond says nothing new.
		if (bytes <= announced || streamOffset > announced) return undefined;
		if (request === undefined || !hasBody(request)) return undefined;
		return `CONTENT_LENGTH says ${announced}, STDIN has ${bytes} bytes with this record: ${bytes - announced} are too many`;
	},
};
