// What `send` is to send, as its options say: parameters from files, URLs and words, bodies from files and pipes, framing.

import {
	accessSync,
	constants,
	createReadStream,
	readFileSync,
	statSync,
} from "node:fs";
import { resolve } from "node:path";
import { FcgiInspectError } from "../errors.js";
import type { Script } from "../fastcgi/step.js";
import type { Job } from "../live/client.js";
import {
	type Body,
	type BodyFacts,
	type DataFacts,
	type Framing,
	formBody,
	formField,
	framingAt,
	framingOf,
	getValues,
	likenessOf,
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
	scriptOfNotation,
	valueNames,
} from "../send/index.js";
import { milliseconds } from "./duration.js";

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
}

/** What the options ask for. Throws FcgiInspectError where they contradict one another, or a file cannot be read. */
export async function planOf(options: PlanOptions): Promise<Plan> {
	refuseTwoThings(options);
	const framing = framingFrom(options);
	const { connections = 1 } = options;
	if (typeof options.records === "string") {
		const script = scriptOfNotation(readText(options.records));
		return repeated(options, framing, () => script, []);
	}
	if (options.getValues !== undefined) {
		const { getValues: names } = options;
		const asked = valueNames(names === true ? undefined : names);
		const script = [
			...(getValues(asked, framing) as Iterable<never>),
			{ kind: "waitFor", type: GET_VALUES_RESULT } as const,
		];
		// Who asks for values goes on with requests, or closes.
		return repeated(options, framing, () => script, [], { listenMs: 0 });
	}
	const { request, remarks } = await requestFrom(options);
	const { multiplex = 1 } = options;
	const of = (own: Framing): Script =>
		multiplex > 1
			? multiplexed(Array(multiplex).fill(request), own)
			: scriptOf(request, own);
	const pipe = options.body === "-" && !Buffer.isBuffer(request.stdin);
	if (pipe && (connections > 1 || moreThanOne(options))) {
		throw usage("what comes on stdin can be sent once only");
	}
	return repeated(options, framing, of, remarks);
}

const GET_VALUES_RESULT = 10;

/** As many jobs as are asked for; a script that does not depend on its number is made once. */
function repeated(
	{ requests = 1, connections = 1, multiplex = 1 }: PlanOptions,
	framing: Framing,
	of: (framing: Framing) => Script,
	remarks: readonly string[],
	more: Pick<Job, "listenMs"> = {},
): Plan {
	const { keepConn } = framing;
	const count = Math.ceil(requests / multiplex);
	const same = framing.idStep === 0 || !keepConn;
	const first = of(framing);
	return {
		connections: Math.min(connections, count),
		remarks,
		*jobs() {
			for (let i = 0; i < count; i++) {
				const script = same || i === 0 ? first : of(framingAt(framing, i));
				yield { script, keepConn, ...more };
			}
		},
	};
}

function framingFrom(options: PlanOptions): Framing {
	const { split, delay, abortAfter, padding, like } = options;
	if (delay !== undefined && split === undefined) {
		throw usage("--delay is for --split");
	}
	return framingOf({
		like: like === undefined ? undefined : likenessOf(like).framing,
		requestId: options.id,
		keepConn: options.keepConn,
		padding:
			padding === undefined ? undefined : parsePadding(padding, Date.now()),
		recordSize: options.recordSize,
		cutPairs: options.cutPairs,
		split:
			split === undefined ? undefined : { bytes: split, pause: delay ?? 1 },
		abort:
			abortAfter === undefined
				? undefined
				: /^\d+$/.test(abortAfter)
					? { records: Number(abortAfter) }
					: { milliseconds: milliseconds(abortAfter) },
	});
}

async function requestFrom(options: PlanOptions): Promise<{
	readonly request: SentRequest;
	readonly remarks: readonly string[];
}> {
	const page =
		pageOf(options.ping, PING_PAGE) ?? pageOf(options.status, STATUS_PAGE);
	if (page !== undefined) return { request: pageRequest(page), remarks: [] };
	const stdin = await stdinFrom(options);
	const data = options.data === undefined ? undefined : fileFrom(options.data);
	const { like, role } = options;
	return requestOf(
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
}

function pageOf(given: string | true | undefined, usual: string) {
	return given === true ? usual : given;
}

function paramsIn(file: string, exact: boolean): readonly Param[] {
	if (file !== "-") {
		refuseLongParamsFile(file, attempt(file, () => statSync(file)).size);
	}
	const name = file === "-" ? "stdin" : file;
	return readParamsFile(name, readBytes(file), { exact });
}

interface Stream {
	readonly body: Body;
	readonly facts: BodyFacts & DataFacts;
}

async function stdinFrom({
	body,
	form,
}: PlanOptions): Promise<Stream | undefined> {
	if (form !== undefined) return formFrom(form);
	if (body === undefined) return undefined;
	const type = "application/x-www-form-urlencoded";
	const known = { lastModified: undefined, type };
	if (body === "-") {
		const { bytes, rest } = await beginningOf(process.stdin);
		return rest === undefined
			? { body: bytes, facts: { ...known, length: bytes.length } }
			: { body: rest, facts: { ...known, length: undefined } };
	}
	if (body.startsWith("@")) {
		const { body: bytes, facts } = fileFrom(body.slice(1));
		return { body: bytes, facts: { ...facts, type } };
	}
	const bytes = Buffer.from(body);
	return { body: bytes, facts: { ...known, length: bytes.length } };
}

/** What is read of a pipe before anything is sent, so that its length is known where it is short: php wants to know. */
const AHEAD_BYTES = 8 * 2 ** 20;

/** The bytes of a pipe that ends soon; else what it brings, these included. */
async function beginningOf(pipe: AsyncIterable<Buffer>): Promise<{
	readonly bytes: Buffer;
	readonly rest?: AsyncIterable<Buffer>;
}> {
	const pieces: Buffer[] = [];
	let length = 0;
	const more = pipe[Symbol.asyncIterator]();
	for (;;) {
		const { value, done } = await more.next();
		if (done) return { bytes: Buffer.concat(pieces) };
		pieces.push(value);
		length += value.length;
		if (length > AHEAD_BYTES) break;
	}
	const rest = async function* () {
		yield* pieces.splice(0);
		yield* { [Symbol.asyncIterator]: () => more };
	};
	return { bytes: Buffer.alloc(0), rest: rest() };
}

/** The bytes of a file: read anew each time that they are sent. */
function fileFrom(path: string): Stream {
	const { size, mtimeMs } = attempt(path, () => statSync(path));
	attempt(path, () => accessSync(path, constants.R_OK));
	return {
		body: { [Symbol.asyncIterator]: () => piecesOf(path) },
		facts: { length: size, lastModified: Math.floor(mtimeMs / 1000) },
	};
}

async function* piecesOf(path: string): AsyncGenerator<Buffer> {
	yield* createReadStream(path, { highWaterMark: FILE_PIECE });
}

/** Bytes that are read of a file at once: some records. */
const FILE_PIECE = 256 * 1024;

function formFrom(fields: readonly string[]): Stream {
	const boundary = `fcgi-inspect-${Date.now().toString(36)}-${process.pid.toString(36)}`;
	const { type, parts } = formBody(fields.map(formField), boundary);
	const streams = parts.map((part) =>
		Buffer.isBuffer(part) ? part : fileFrom(part.path),
	);
	const length = streams.reduce(
		(sum, one) =>
			sum + (Buffer.isBuffer(one) ? one.length : (one.facts.length ?? 0)),
		0,
	);
	return {
		body: {
			async *[Symbol.asyncIterator]() {
				for (const one of streams) {
					if (Buffer.isBuffer(one)) yield one;
					else yield* one.body as AsyncIterable<Buffer>;
				}
			},
		},
		facts: { length, type, lastModified: undefined },
	};
}

function readText(path: string): string {
	return readBytes(path).toString("utf8");
}

function readBytes(path: string): Buffer {
	return attempt(path, () => readFileSync(path === "-" ? 0 : path));
}

function attempt<T>(path: string, work: () => T): T {
	try {
		return work();
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		if (code === undefined) throw error;
		throw usage(`${path}: ${REASONS[code] ?? message}`);
	}
}

const REASONS: Readonly<Record<string, string>> = {
	ENOENT: "no such file",
	EACCES: "permission denied",
	EISDIR: "is a directory",
};

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
			"nothing to send: --params, --url, -P, --records, --get-values, --ping or --status says what",
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
