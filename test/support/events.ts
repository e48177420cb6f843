// Conversations as a test writes them: records into bytes, bytes into chunks at given times, chunks through the inspector
// into events, events through an output format into text.

import { CHECKS } from "../../src/expert/index.js";
import type { Peer } from "../../src/fastcgi/constants.js";
import { recordKind } from "../../src/fastcgi/constants.js";
import { encodeNameValue } from "../../src/fastcgi/name-values.js";
import type { FcgiRecord, RecordDraft } from "../../src/fastcgi/record.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import type { Chunk, Closing, Connection } from "../../src/inspect/chunk.js";
import type { FcgiEvent, RecordEvent } from "../../src/inspect/event.js";
import type { Finding } from "../../src/inspect/finding.js";
import { Inspector } from "../../src/inspect/inspector.js";
import type { FcgiRequest, StreamState } from "../../src/inspect/request.js";
import { OUTPUT_FORMATS, type RenderOptions } from "../../src/render/index.js";

/** Options: no terminal, no colour, everything shown, unless told otherwise. */
export { completeOptions as options } from "../../src/render/options.js";

/** 2023-11-14, 22:13:20 UTC. */
export const START = 1_700_000_000;

const TYPES = {
	begin: 1,
	abort: 2,
	end: 3,
	params: 4,
	stdin: 5,
	stdout: 6,
	stderr: 7,
	data: 8,
	getValues: 9,
	getValuesResult: 10,
	unknownType: 11,
} as const;

/** One record as bytes, padded to eight bytes unless told otherwise. */
export function record(
	type: keyof typeof TYPES | number,
	requestId: number,
	content: Buffer | string = "",
	draft: Partial<RecordDraft> = {},
): Buffer {
	const contentData = Buffer.from(content);
	return encodeRecord({
		type: typeof type === "number" ? type : TYPES[type],
		requestId,
		contentData,
		paddingLength: -contentData.length & 7,
		...draft,
	});
}

/** BEGIN_REQUEST. */
export function begin(requestId: number, role = 1, flags = 0): Buffer {
	return record("begin", requestId, Buffer.of(0, role, flags, 0, 0, 0, 0, 0));
}

/** END_REQUEST. */
export function end(
	requestId: number,
	appStatus = 0,
	protocolStatus = 0,
): Buffer {
	const content = Buffer.alloc(8);
	content.writeUInt32BE(appStatus);
	content[4] = protocolStatus;
	return record("end", requestId, content);
}

/** Name-value pairs as content. */
export function pairs(values: Readonly<Record<string, string>>): Buffer {
	return Buffer.concat(
		Object.entries(values).map(([name, value]) => encodeNameValue(name, value)),
	);
}

/** All of PARAMS: one record and the empty one. */
export function params(
	requestId: number,
	values: Readonly<Record<string, string>>,
): Buffer {
	return Buffer.concat([
		record("params", requestId, pairs(values)),
		record("params", requestId),
	]);
}

/** A whole GET as nginx sends it. */
export function get(requestId: number, uri: string, flags = 0): Buffer {
	return Buffer.concat([
		begin(requestId, 1, flags),
		params(requestId, {
			REQUEST_METHOD: "GET",
			REQUEST_URI: uri,
			SCRIPT_FILENAME: "/srv/index.php",
			CONTENT_LENGTH: "",
		}),
		record("stdin", requestId),
	]);
}

/** An answer as php-fpm gives it: no empty STDOUT record. */
export function answer(requestId: number, text: string): Buffer {
	return Buffer.concat([record("stdout", requestId, text), end(requestId)]);
}

/** A connection with addresses. */
export function connection(
	number = 0,
	overrides: Partial<Connection> = {},
): Connection {
	return {
		number,
		webServer: `127.0.0.1:${40_000 + number}`,
		application: "127.0.0.1:9000",
		startSeen: true,
		...overrides,
	};
}

/** A chunk; `ms` after START, or without a time. */
export function chunk(
	where: Connection,
	from: Peer,
	bytes: Buffer,
	ms: number | "no time" = 0,
	more: { closes?: Closing; missingBefore?: number; frame?: number } = {},
): Chunk {
	return {
		connection: where,
		from,
		timestamp: ms === "no time" ? undefined : START + ms / 1000,
		bytes,
		frame: more.frame,
		missingBefore: more.missingBefore ?? 0,
		closes: more.closes,
	};
}

/** A finding. */
export function newFinding(fields: Partial<Finding> = {}): Finding {
	return {
		code: "a-code",
		severity: "error",
		detail: false,
		section: "3.3",
		message: "evidence",
		diagnosis: "what it means",
		remedies: [],
		record: undefined,
		request: undefined,
		connection: 0,
		count: 1,
		...fields,
	};
}

/** What the inspector says of chunks, findings included, each event seen when it was said. */
export function inspect(
	chunks: readonly Chunk[],
	see: (event: FcgiEvent) => void,
): void {
	const inspector = new Inspector({ checks: CHECKS });
	for (const one of chunks) for (const event of inspector.push(one)) see(event);
	for (const event of inspector.end()) see(event);
}

/** What a format makes of chunks. */
export function render(
	name: string,
	chunks: readonly Chunk[],
	overrides: Partial<RenderOptions> = {},
): string {
	const stage = formatNamed(name).create(overrides);
	let text = "";
	inspect(chunks, (event) => {
		text += stage.push(event).join("");
	});
	return text + stage.end().join("");
}

/** What a format makes of events that were made by hand. */
export function renderEvents(
	name: string,
	events: readonly FcgiEvent[],
	overrides: Partial<RenderOptions> = {},
): string {
	const stage = formatNamed(name).create(overrides);
	const text = events.flatMap((event) => stage.push(event)).join("");
	return text + stage.end().join("");
}

/** A format of the registry. */
export function formatNamed(name: string): (typeof OUTPUT_FORMATS)[number] {
	const format = OUTPUT_FORMATS.find((one) => one.name === name);
	if (format === undefined) throw new Error(`no format ${name}`);
	return format;
}

/** A request that has ended, with nothing in it but what is given. */
export function endedRequest(overrides: Partial<FcgiRequest>): FcgiRequest {
	return {
		number: 1,
		connection: connection(),
		requestId: 1,
		beginSeen: true,
		role: 1,
		flags: 0,
		params: stream(true),
		stdin: stream(true),
		data: stream(false),
		stdout: stream(true),
		stderr: stream(false),
		parameters: [],
		hasRepeatedNames:
			new Set(overrides.parameters?.map(({ name }) => name)).size <
			(overrides.parameters?.length ?? 0),
		unfinishedPair: undefined,
		parametersDamaged: undefined,
		response: undefined,
		bodyStart: Buffer.alloc(0),
		stderrText: "",
		stderrOmitted: 0,
		state: "complete",
		abortSeen: false,
		appStatus: 0,
		protocolStatus: 0,
		records: 0,
		damaged: false,
		bytesMissing: false,
		closedBy: undefined,
		closedAt: undefined,
		quietBeforeClose: undefined,
		closing: undefined,
		startedAt: undefined,
		inputEndedAt: undefined,
		firstByteAt: undefined,
		lastRecordAt: undefined,
		endedAt: undefined,
		findings: [],
		onConnection: 1,
		idleBefore: undefined,
		idleConnections: 0,
		openBeside: 0,
		openElsewhere: 0,
		unfinishedHead: Buffer.alloc(0),
		headRecords: 1,
		padding: undefined,
		lastOutputAt: undefined,
		bursts: 1,
		longestGap: undefined,
		longestGapBefore: undefined,
		webServerSoftware: undefined,
		applicationSoftware: undefined,
		serverAnswer: undefined,
		param: (name) =>
			overrides.parameters?.findLast((param) => param.name === name)?.value,
		...overrides,
	};
}

function stream(ended: boolean): StreamState {
	return { bytes: 0, records: 0, ended, missing: 0 };
}

/** An event of a record without a request. */
export function recordEvent(
	fields: Partial<FcgiRecord> & { readonly type: number },
	overrides: Partial<RecordEvent> = {},
): RecordEvent {
	const contentData = fields.contentData ?? Buffer.alloc(0);
	const paddingData = fields.paddingData ?? Buffer.alloc(0);
	return {
		kind: "record",
		number: 1,
		connection: connection(),
		from: "webServer",
		timestamp: undefined,
		frame: undefined,
		record: {
			kind: recordKind(fields.type),
			offset: 0,
			version: 1,
			requestId: 1,
			contentLength: contentData.length,
			paddingLength: paddingData.length,
			reserved: 0,
			contentData,
			paddingData,
			missing: 0,
			truncated: false,
			body: undefined,
			...fields,
		} as FcgiRecord,
		request: undefined,
		streamOffset: 0,
		pairs: [],
		unexpected: undefined,
		findings: [],
		...overrides,
	};
}
