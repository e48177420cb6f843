// What `send` is to send, as its options say: parameters from files, URLs and words, bodies from files and pipes, framing.

import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { FcgiInspectError } from "../../errors.js";
import type { Script } from "../../fastcgi/step.js";
import type { Job } from "../../live/client.js";
import {
	type Framing,
	type FramingOptions,
	formField,
	framingAt,
	framingOf,
	getValues,
	likenessOf,
	MAX_PARAMS_FILE_BYTES,
	multiplexed,
	type Param,
	PING_PAGE,
	pageRequest,
	parsePadding,
	parseRole,
	readParamsFile,
	refuseLongParamsFile,
	requestOf,
	type SentRequest,
	STATUS_PAGE,
	scriptOf,
	valueNames,
} from "../../send/index.js";
import { milliseconds } from "../duration.js";
import { attempt, readBytes, streamFrom } from "./input-file.js";
import { stdinFrom } from "./send-body.js";
import { recordsPlan } from "./send-records.js";

/** The options that say what is sent. */
export interface PlanOptions {
	readonly params?: readonly string[];
	readonly param?: readonly string[];
	readonly unset?: readonly string[];
	readonly url?: string;
	readonly root?: string;
	readonly script?: string;
	readonly method?: string;
	readonly header?: readonly string[];
	readonly like?: string;
	readonly body?: string;
	readonly form?: readonly string[];
	readonly data?: string;
	readonly exact?: boolean;
	readonly records?: string | boolean;
	readonly getValues?: string | true;
	readonly ping?: string | true;
	readonly status?: string | true;
	readonly role?: string;
	readonly id?: number;
	readonly keepConn?: boolean;
	readonly padding?: string;
	readonly recordSize?: number;
	readonly cutPairs?: boolean;
	readonly split?: number;
	readonly delay?: number;
	readonly abortAfter?: string;
	readonly requests?: number;
	readonly connections?: number;
	readonly multiplex?: number;
}

/** What is to be sent. */
export interface Plan {
	/** In their order; they can be asked for once. */
	readonly jobs: () => Iterable<Job>;
	/** At a time. */
	readonly connections: number;
	readonly remarks: readonly string[];
	/** What is still read while it is sent; to be destroyed then, as a read that waits keeps the process alive. */
	readonly pipes?: readonly Readable[];
}

/** What the options ask for. Throws FcgiInspectError where they contradict one another, or a file cannot be read. */
export async function planOf(options: PlanOptions): Promise<Plan> {
	refuseNoFile(options);
	refuseTwoThings(options);
	const framing = framingFrom(options);
	const { connections = 1 } = options;
	if (typeof options.records === "string") {
		return recordsPlan(options.records, options);
	}
	if (options.getValues !== undefined) {
		const { getValues: names } = options;
		const asked = valueNames(names === true ? undefined : names);
		const script = [
			...(getValues(asked, framing) as Iterable<never>),
			{ kind: "waitFor", type: GET_VALUES_RESULT } as const,
		];
		// Who asks for values goes on with requests, or closes.
		return repeated(options, framing, () => script, [], {
			listenMs: 0,
			ifLate: "libfcgi, and fcgiwrap with it, never answer it",
		});
	}
	const { request, remarks, pipes } = await requestFrom(options);
	const { multiplex = 1 } = options;
	if (multiplex > MAX_IDS) {
		throw usage(`--multiplex is at most ${MAX_IDS}: so many ids there are`);
	}
	const of = (own: Framing, together: number): Script =>
		together > 1
			? multiplexed(Array(together).fill(request), own)
			: scriptOf(request, own);
	if (pipes.length > 0 && (connections > 1 || moreThanOne(options))) {
		throw usage("what comes on a pipe can be sent once only");
	}
	// Of several at once, one may have ended before the next has begun.
	const isRequest = multiplex === 1;
	const plan = repeated(options, framing, of, remarks, { isRequest });
	return { ...plan, pipes };
}

/** Ids of requests that may be under way at once on a connection; 0 is that of management records. */
const MAX_IDS = 0xffff;

const GET_VALUES_RESULT = 10;

/** As many jobs as are asked for; a script that does not depend on its number is made once. */
function repeated(
	{ multiplex = 1, requests = multiplex, connections = 1 }: PlanOptions,
	framing: Framing,
	of: (framing: Framing, together: number) => Script,
	remarks: readonly string[],
	more: Pick<Job, "listenMs" | "ifLate" | "isRequest"> = {},
): Plan {
	const { keepConn } = framing;
	const count = Math.ceil(requests / multiplex);
	const same = framing.idStep === 0 || !keepConn;
	const first = of(framing, Math.min(multiplex, requests));
	return {
		connections: Math.min(connections, count),
		remarks,
		*jobs() {
			for (let i = 0; i < count; i++) {
				const together = Math.min(multiplex, requests - i * multiplex);
				const script =
					i === 0 || (same && together === multiplex)
						? first
						: of(framingAt(framing, i), together);
				yield { script, keepConn, ...more };
			}
		},
	};
}

function framingFrom(options: PlanOptions): Framing {
	return framingOf(framingOptions(options));
}

/** What the options say of framing. Throws FcgiInspectError. */
export function framingOptions(options: PlanOptions): FramingOptions {
	const { split, delay, abortAfter, padding, like } = options;
	if (delay !== undefined && split === undefined) {
		throw usage("--delay is for --split");
	}
	return {
		like: like === undefined ? undefined : likenessOf(like).framing,
		requestId: options.id,
		keepConn: options.keepConn,
		padding:
			padding === undefined ? undefined : parsePadding(padding, Date.now()),
		recordSize: options.recordSize,
		cutPairs: options.cutPairs,
		split:
			split === undefined ? undefined : { bytes: split, pause: delay ?? 1 },
		abort: abortAfter === undefined ? undefined : abortOf(abortAfter),
	};
}

function abortOf(text: string): FramingOptions["abort"] {
	if (/^\d{1,9}$/.test(text)) return { records: Number(text) };
	try {
		return { milliseconds: milliseconds(text) };
	} catch {
		throw usage(
			`'${text}' is no time and no number of records: 50ms, 2s, or 3`,
		);
	}
}

async function requestFrom(options: PlanOptions): Promise<{
	readonly request: SentRequest;
	readonly remarks: readonly string[];
	readonly pipes: readonly Readable[];
}> {
	const page =
		pageOf(options.ping, PING_PAGE) ?? pageOf(options.status, STATUS_PAGE);
	if (page !== undefined) {
		return { request: pageRequest(page), remarks: [], pipes: [] };
	}
	const stdin = await stdinFrom(options);
	const data =
		options.data === undefined ? undefined : await streamFrom(options.data);
	const pipes = [stdin?.pipe, data?.pipe].filter((one) => one !== undefined);
	const { like, role } = options;
	const made = requestOf(
		{
			...(options.url === undefined ? {} : { url: options.url }),
			root: options.root === undefined ? undefined : resolve(options.root),
			script: options.script,
			method: options.method,
			headers: options.header,
			exact: options.exact,
			like: like === undefined ? undefined : likenessOf(like),
			role: role === undefined ? undefined : parseRole(role),
			params: (options.params ?? []).flatMap((file) => [
				...paramsIn(file, options.exact ?? false),
			]),
			set: options.param,
			unset: options.unset,
			body: stdin?.facts,
			data: data?.facts,
		},
		{ stdin: stdin?.body, data: data?.body },
	);
	return { ...made, pipes };
}

/** Files that are read when they are sent, `-` for standard input. Those of parameters have been read by then. */
export function inputsOf(options: PlanOptions): readonly string[] {
	const { body, form = [], data, records } = options;
	const files = form
		.map(formField)
		.flatMap((field) => (field.kind === "file" ? [field.path] : []));
	if (body === "-") files.push(body);
	if (body?.startsWith("@")) files.push(body.slice(1));
	if (data !== undefined) files.push(data);
	if (typeof records === "string") files.push(records);
	return files;
}

function pageOf(given: string | true | undefined, usual: string) {
	return given === true ? usual : given;
}

function paramsIn(file: string, exact: boolean): readonly Param[] {
	if (file !== "-") {
		refuseLongParamsFile(file, attempt(file, () => statSync(file)).size);
	}
	const name = file === "-" ? "stdin" : file;
	return readParamsFile(name, readBytes(file, MAX_PARAMS_FILE_BYTES), {
		exact,
	});
}

/** Elsewhere, `--records` is what is called `--each-record` here. */
function refuseNoFile({ records }: PlanOptions): void {
	if (records !== true) return;
	throw usage(
		"--records FILE sends the records of a file, or of stdin with -; an object for each record in JSON is --each-record here",
	);
}

/** What is sent is said in one way. */
function refuseTwoThings(options: PlanOptions): void {
	const ways = [
		["--records", typeof options.records === "string"],
		["--get-values", options.getValues !== undefined],
		["--ping", options.ping !== undefined],
		["--status", options.status !== undefined],
		[
			"a request of parameters",
			(options.url ??
				options.params ??
				options.param ??
				options.body ??
				options.form) !== undefined,
		],
	].filter(([, given]) => given);
	if (ways.length > 1) {
		throw usage(`${ways[0]?.[0]} and ${ways[1]?.[0]} are two things to send`);
	}
	if (ways.length === 0) {
		throw usage(
			"nothing to send: --params, --url, -P, --records, --replay, --get-values, --ping or --status says what",
		);
	}
	if (options.body !== undefined && options.form !== undefined) {
		throw usage("-d and --form are two bodies");
	}
}

function moreThanOne({ requests = 1, multiplex = 1 }: PlanOptions): boolean {
	return requests > 1 || multiplex > 1;
}

function usage(message: string): FcgiInspectError {
	return new FcgiInspectError("usage", message);
}
