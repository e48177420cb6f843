// Any input that `decode` reads, into the requests that are recorded in it.

import { openCapture } from "../../capture/open-capture.js";
import { FcgiInspectError } from "../../errors.js";
import { Inspector } from "../../inspect/inspector.js";
import { count, visible } from "../../render/words.js";
import {
	type ByteStore,
	type RecordedRequest,
	Recording,
	type RequestNumbers,
} from "../../send/index.js";
import { fileArguments, type ReplayOptions } from "./replay-options.js";

/** What is in a recording. */
export interface Recorded {
	/** Those that were asked for, in the order of their numbers. */
	readonly requests: readonly RecordedRequest[];
	/** A line each, for stderr. */
	readonly remarks: readonly string[];
}

/** Reads a recording. Rejects with a FcgiInspectError where it cannot be read, or has not what is asked for. */
export async function readRecording(
	file: string,
	options: ReplayOptions,
	numbers: RequestNumbers,
	store: ByteStore,
): Promise<Recorded> {
	const source = await openCapture(file, fileArguments(options));
	const inspector = new Inspector();
	const recording = new Recording(store, (number) => numbers.has(number));
	for await (const chunks of source) {
		for (const chunk of chunks) {
			for (const event of inspector.push(chunk)) recording.push(event);
		}
	}
	for (const event of inspector.end()) recording.push(event);
	const name = file === "-" ? "stdin" : file;
	const remarks = source.report.remarks.map((remark) => `${name}: ${remark}`);
	if (recording.total === 0) {
		const why = source.report.remarks.map((remark) => `; ${remark}`).join("");
		throw new FcgiInspectError(
			"no-fastcgi",
			visible(`${name}: no FastCGI request in it${why}`),
		);
	}
	numbers.refuseBeyond(recording.total);
	const { requests, stray } = recording;
	if (stray > 0) {
		remarks.push(
			`${count(stray, "record")} of the web server belong${stray === 1 ? "s" : ""} to no request, such as FCGI_GET_VALUES, and ${stray === 1 ? "is" : "are"} not sent`,
		);
	}
	const masked = requests.filter((request) => request.masked);
	if (masked.length > 0) {
		remarks.push(
			`${count(masked.length, "request")} (the first is ${masked[0]?.number}) seem${masked.length === 1 ? "s" : ""} to have masked values, and ${masked.length === 1 ? "is" : "are"} sent with them; -P NAME=VALUE puts real ones in`,
		);
	}
	return { requests, remarks };
}
