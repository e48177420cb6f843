// Holds what `decode` prints of a capture against the truth kept beside it: numbers that were computed from the same
// packets by other means (see captures/README.md).

import { createHash, type Hash } from "node:crypto";
import { Tally } from "../../src/cli/tally.js";
import type { SourceReport } from "../../src/inspect/chunk.js";
import { OUTPUT_FORMATS } from "../../src/render/index.js";
import { eachEvent } from "./decoded.js";

/** What is known of one request, independently of this project. */
export interface TrueRequest {
	readonly conn: number;
	readonly id: number;
	readonly role: string;
	readonly keep_conn: boolean;
	readonly SCRIPT_NAME: string | null;
	readonly SCRIPT_FILENAME: string | null;
	readonly REQUEST_METHOD: string | null;
	readonly REQUEST_URI: string | null;
	readonly params: number;
	readonly params_bytes: number;
	readonly params_ended: boolean;
	readonly stdin_bytes: number;
	readonly stdin_sha: string;
	readonly stdin_records: number;
	readonly stdin_ended: boolean;
	readonly data_bytes: number;
	readonly data_records: number;
	readonly data_ended: boolean;
	readonly abort: boolean;
	readonly stdout_bytes: number;
	readonly stdout_sha: string;
	readonly stdout_records: number;
	readonly stdout_ended: boolean;
	readonly stderr_bytes: number;
	readonly stderr_sha: string;
	readonly stderr_records: number;
	readonly stderr_ended: boolean;
	readonly http_status_line: number | null;
	readonly app_status: number | null;
	readonly protocol_status: string | null;
	readonly complete: boolean;
	readonly t_begin?: number;
	readonly t_end?: number;
	readonly t_first_response?: number;
	readonly touched_by_loss?: boolean;
}

/** The counts of a file. */
export interface TrueCounts {
	readonly records: number;
	readonly requests: number;
	readonly connections: number;
	readonly by_type: Readonly<Record<string, number>>;
	readonly complete: number;
	readonly incomplete: number;
}

/** What is known of one capture file. */
export interface TrueFile {
	readonly file: string;
	readonly truth: TrueCounts & {
		readonly conns: readonly { readonly client: string }[];
		readonly request_list: readonly TrueRequest[];
	};
	/** True where bytes of the conversation are not in the file: then the truth is of the undamaged original. */
	readonly damaged?: boolean;
	/** What the bytes that are present decode to, where that is known. */
	readonly visible?: TrueCounts;
}

type Json = Record<string, unknown>;

/** Decodes the file and returns every disagreement, as a line. */
export async function disagreements(
	path: string,
	known: TrueFile,
	ports: readonly number[] = [],
): Promise<string[]> {
	const { requests, records, summary, streams } = await decoded(path, ports);
	const out: string[] = [];
	const same = (what: string, ours: unknown, theirs: unknown) => {
		if (ours !== theirs) out.push(`${what}: ${ours}, truth ${theirs}`);
	};
	const counts = known.visible ?? (known.damaged ? undefined : known.truth);
	if (counts !== undefined) {
		same("records", summary.records, counts.records);
		same("requests", summary.requests, counts.requests);
		const ended = requests.filter((request) => "appStatus" in request);
		same("complete", ended.length, counts.complete);
		same("incomplete", requests.length - ended.length, counts.incomplete);
		const byType: Record<string, number> = {};
		for (const record of records) {
			const name = String(record.typeName).replace("FCGI_", "");
			byType[name] = (byType[name] ?? 0) + 1;
		}
		same("by type", sorted(byType), sorted(counts.by_type));
	}
	const left = [...requests];
	for (const [index, truth] of known.truth.request_list.entries()) {
		const client = known.truth.conns[truth.conn]?.client;
		const at = left.findIndex(
			(request) =>
				request.webServer === client &&
				request.requestId === truth.id &&
				(truth.t_begin === undefined ||
					Math.abs(Number(request.startedAt) - truth.t_begin) < 2e-6),
		);
		if (known.damaged && (truth.touched_by_loss || known.visible)) continue;
		if (at === -1) {
			out.push(`request ${index} of ${client} not found`);
			continue;
		}
		const [request] = left.splice(at, 1) as [Json];
		const of = `request ${index}`;
		compareRequest(
			of,
			request,
			truth,
			streams.get(Number(request.number)),
			same,
		);
	}
	return out;
}

function compareRequest(
	of: string,
	request: Json,
	truth: TrueRequest,
	streams: Record<string, string> | undefined,
	same: (what: string, ours: unknown, theirs: unknown) => void,
): void {
	const params = request.params as Record<string, string>;
	const stream = (name: string) => request[name] as Json;
	same(`${of} role`, roleOf(request.roleName), truth.role);
	same(`${of} keepConn`, request.keepConn, truth.keep_conn);
	for (const name of [
		"SCRIPT_NAME",
		"SCRIPT_FILENAME",
		"REQUEST_METHOD",
		"REQUEST_URI",
	] as const) {
		same(`${of} ${name}`, params[name] ?? null, truth[name]);
	}
	same(`${of} params`, countParams(request), truth.params);
	same(`${of} paramsBytes`, request.paramsBytes, truth.params_bytes);
	same(`${of} paramsEnded`, request.paramsEnded, truth.params_ended);
	for (const name of ["stdin", "data", "stdout", "stderr"] as const) {
		const ours =
			name === "data" ? (request.data as Json | undefined) : stream(name);
		same(`${of} ${name} bytes`, ours?.bytes ?? 0, truth[`${name}_bytes`]);
		same(`${of} ${name} records`, ours?.records ?? 0, truth[`${name}_records`]);
		same(`${of} ${name} ended`, ours?.ended ?? false, truth[`${name}_ended`]);
		if (name !== "data") {
			same(
				`${of} ${name} sha`,
				streams?.[name] ?? EMPTY_SHA,
				truth[`${name}_sha`],
			);
		}
	}
	const response = request.response as Json | undefined;
	if (truth.http_status_line !== null) {
		same(`${of} status`, response?.status, truth.http_status_line);
	}
	same(`${of} appStatus`, request.appStatus ?? null, truth.app_status);
	same(
		`${of} protocolStatus`,
		String(request.protocolStatusName ?? null).replace("FCGI_", ""),
		String(truth.protocol_status),
	);
	same(`${of} ended`, "appStatus" in request, truth.complete);
	same(`${of} aborted`, request.state === "aborted", truth.abort);
	sameTime(
		`${of} t_end`,
		request,
		"endedAt",
		truth.complete ? truth.t_end : undefined,
		same,
	);
	sameTime(
		`${of} first byte`,
		request,
		"firstByteAt",
		truth.t_first_response,
		same,
	);
}

function sameTime(
	what: string,
	request: Json,
	name: string,
	truth: number | undefined,
	same: (what: string, ours: unknown, theirs: unknown) => void,
): void {
	if (truth === undefined) return;
	const ours = Number(request[name]);
	if (Math.abs(ours - truth) >= 2e-6) same(what, ours, truth);
}

function countParams(request: Json): number {
	const duplicates = (request.duplicateParams as unknown[] | undefined) ?? [];
	return Object.keys(request.params as Json).length + duplicates.length;
}

function roleOf(name: unknown): string {
	return String(name).replace("FCGI_", "");
}

const EMPTY_SHA = shaOf(createHash("sha256"));

function shaOf(hash: Hash): string {
	return hash.digest("hex").slice(0, 16);
}

function sorted(counts: Readonly<Record<string, number>>): string {
	return JSON.stringify(Object.entries(counts).sort());
}

/** The objects that `decode -T ndjson` prints of a file, with and without `--records`, and each stream's digest. */
async function decoded(path: string, ports: readonly number[]) {
	const source: { report?: SourceReport } = {};
	const tally = new Tally();
	const format = OUTPUT_FORMATS.find(({ name }) => name === "ndjson");
	if (format === undefined) throw new Error("no format ndjson");
	const create = (records: boolean) =>
		format.create({
			columns: undefined,
			color: false,
			hex: false,
			records,
			content: false,
			summary: () => tally.summary(source.report as SourceReport),
		});
	const renderers = [create(false), create(true)] as const;
	const hashes = new Map<number, Record<string, Hash>>();
	let text = "";
	source.report = await eachEvent(
		path,
		(event) => {
			tally.count(event);
			for (const renderer of renderers) text += renderer.push(event).join("");
			if (event.kind !== "record" || event.request === undefined) return;
			const ofRequest = hashes.get(event.request.number) ?? {};
			hashes.set(event.request.number, ofRequest);
			ofRequest[event.record.kind] ??= createHash("sha256");
			ofRequest[event.record.kind]?.update(event.record.contentData);
		},
		ports,
	);
	for (const renderer of renderers) text += renderer.end().join("");
	const objects = text
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line) as Json);
	const streams = new Map<number, Record<string, string>>();
	for (const [number, ofRequest] of hashes) {
		const digests = Object.entries(ofRequest).map(
			([kind, hash]) => [kind, shaOf(hash)] as const,
		);
		streams.set(number, Object.fromEntries(digests));
	}
	return {
		requests: objects.filter(({ kind }) => kind === "request"),
		records: objects.filter(({ kind }) => kind === "record"),
		summary: objects.find(({ kind }) => kind === "summary") as Json,
		streams,
	};
}
