// Options of `send` that would do nothing beside the others: they are refused, as who typed one expects it to be sent. What
// is said here is what the options are for; what they say themselves is looked at in send-plan.

import { FcgiInspectError } from "../../errors.js";
import type { PlanOptions } from "./send-plan.js";

type Names = Readonly<Partial<Record<keyof PlanOptions, string>>>;

/** What says what a URL becomes. */
const OF_URLS: Names = {
	root: "--root",
	script: "--script",
	method: "-X",
	header: "-H",
};

/** What says what a request of parameters becomes. */
const OF_REQUESTS: Names = {
	...OF_URLS,
	unset: "--unset",
	exact: "--exact",
	data: "--data",
	role: "--role",
};

/** What says how a request becomes records. */
const OF_FRAMING: Names = {
	like: "--like",
	id: "--id",
	padding: "--padding",
	recordSize: "--record-size",
	cutPairs: "--cut-pairs",
	split: "--split",
	abortAfter: "--abort-after",
	multiplex: "--multiplex",
};

/** Throws FcgiInspectError where an option would do nothing, or two read stdin. */
export function refuseUnusedOptions(options: PlanOptions): void {
	if (typeof options.records === "string") {
		const why = "--records sends what is written, just as it is";
		refuse(options, { ...OF_REQUESTS, ...OF_FRAMING }, why);
	}
	for (const [name, option] of [
		["getValues", "--get-values"],
		["ping", "--ping"],
		["status", "--status"],
	] as const) {
		if (options[name] === undefined) continue;
		refuse(options, OF_REQUESTS, `${option} is all of the request`);
	}
	if (options.url === undefined) {
		const why = "there is no --url; -P and --unset change parameters";
		refuse(options, OF_URLS, why);
	}
	const { params = [], body } = options;
	const readers = params.filter((file) => file === "-").length;
	if (readers + (body === "-" ? 1 : 0) > 1) {
		throw usage("stdin can be read once only: one of --params - and -d -");
	}
	// Who names a role may send to it what is not of that role.
	if (options.data !== undefined && options.role === undefined) {
		throw usage(
			"--data is the file that a filter works on, with --role filter; the body of a request is -d",
		);
	}
}

function refuse(options: PlanOptions, names: Names, why: string): void {
	for (const [name, option] of Object.entries(names)) {
		if (options[name as keyof PlanOptions] === undefined) continue;
		throw usage(`${option} would do nothing: ${why}`);
	}
}

function usage(message: string): FcgiInspectError {
	return new FcgiInspectError("usage", message);
}
