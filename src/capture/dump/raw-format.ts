// Bytes of FastCGI as they went over the wire, of one direction or of both, as a form of input.

import { FCGI_HEADER_LEN } from "../../fastcgi/constants.js";
import { recordEnd } from "../../fastcgi/header-search.js";
import type { CaptureFormat } from "../format.js";
import { HEAD_LENGTH, type Head } from "../head.js";
import { looksLikeAnyHeader } from "./mixed-header-search.js";
import { RawBytes } from "./raw-bytes.js";

/** What `nc -l`, a proxy's debug file or "save as raw" leave. */
export const raw: CaptureFormat = {
	name: "raw",
	summary: "bytes of FastCGI as they are, of one direction or of both",
	recognises: startsWithRecord,
	open(_options, report) {
		const rawBytes = new RawBytes(report);
		let begins = true;
		return {
			push(bytes) {
				const chunks = rawBytes.push({ bytes, missingBefore: 0, begins });
				begins = false;
				return chunks;
			},
			end: () => rawBytes.end(),
		};
	},
};

/** Whether a header starts the input, and another one or the end follows its record; or the record fills all of the head. */
function startsWithRecord({ bytes, whole }: Head): boolean {
	if (!looksLikeAnyHeader(bytes, 0)) return false;
	const next = recordEnd(bytes, 0);
	if (next + FCGI_HEADER_LEN <= bytes.length) {
		return looksLikeAnyHeader(bytes, next);
	}
	if (whole) return next === bytes.length;
	return bytes.length >= HEAD_LENGTH;
}
