// The table of requests: a line for each request when it ends.

import { protocolStatusName } from "../fastcgi/constants.js";
import type { FcgiEvent } from "../inspect/event.js";
import type { Finding, Severity } from "../inspect/finding.js";
import { type FcgiRequest, paramValue } from "../inspect/request.js";
import { NOTHING, type Stage } from "../stage.js";
import { type Cell, type Column, Columns } from "./columns.js";
import type { RenderOptions } from "./options.js";
import { requestMethod, requestUri } from "./request-line.js";
import {
	duration,
	type Palette,
	palette,
	SEVERITY_LETTERS,
	shortName,
	shortSize,
	statusPaint,
	visible,
} from "./words.js";

/** Number, connection and id, method, URI, script, status, sizes, time to first byte, duration, state or worst finding. */
export function requests(options: RenderOptions): Stage<FcgiEvent, string> {
	const colors = palette(options.color);
	const fields = fieldsFor(options.columns);
	const table = new Columns(
		columnsFor(fields, options.columns),
		options.columns !== undefined,
	);
	let head = `${colors.strong(table.head())}\n`;
	return {
		push(event) {
			if (event.kind !== "requestEnded") return NOTHING;
			const cells = fields.map(({ cell }) => cell(event.request, colors));
			const text = `${head}${table.row(cells)}\n`;
			head = "";
			return [text];
		},
		end: () => NOTHING,
	};
}

interface Field {
	readonly head: string;
	/** Columns that it takes; at least, where it shares what is left over. */
	readonly width: number;
	/** Share of what is left over. */
	readonly grows: number;
	readonly align: "left" | "right";
	/** The narrowest terminal that it is shown on. */
	readonly from: number;
	cell(request: FcgiRequest, colors: Palette): Cell;
}

const FIELDS: readonly Field[] = [
	{
		head: "#",
		width: 4,
		grows: 0,
		align: "right",
		from: 0,
		cell: (request) => ({ text: String(request.number) }),
	},
	{
		head: "conn/id",
		width: 7,
		grows: 0,
		align: "left",
		from: 100,
		cell: (request) => ({
			text: `${request.connection.number}/${request.requestId}`,
		}),
	},
	{
		head: "method",
		width: 6,
		grows: 0,
		align: "left",
		from: 0,
		cell: (request) => ({ text: visible(requestMethod(request) ?? "-") }),
	},
	{
		head: "URI",
		width: 12,
		grows: 3,
		align: "left",
		from: 0,
		cell: (request) => ({ text: visible(requestUri(request) ?? "-") }),
	},
	{
		head: "script",
		width: 20,
		grows: 2,
		align: "left",
		from: 140,
		cell: (request) => ({
			text: visible(paramValue(request, "SCRIPT_FILENAME") || "-"),
		}),
	},
	{
		head: "status",
		width: 6,
		grows: 0,
		align: "right",
		from: 0,
		cell: statusCell,
	},
	{
		head: "in",
		width: 5,
		grows: 0,
		align: "right",
		from: 100,
		cell: ({ stdin, data }) => ({ text: shortSize(stdin.bytes + data.bytes) }),
	},
	{
		head: "out",
		width: 5,
		grows: 0,
		align: "right",
		from: 0,
		cell: ({ stdout }) => ({ text: shortSize(stdout.bytes) }),
	},
	{
		head: "first",
		width: 8,
		grows: 0,
		align: "right",
		from: 100,
		cell: (request) => ({ text: since(request, request.firstByteAt) }),
	},
	{
		head: "total",
		width: 8,
		grows: 0,
		align: "right",
		from: 0,
		cell: (request) => ({
			text: since(request, request.endedAt ?? request.lastRecordAt),
		}),
	},
	{
		head: "state",
		width: 12,
		grows: 1,
		align: "left",
		from: 0,
		cell: stateCell,
	},
];

/** What a table is laid out for where there is no terminal to fit. */
const GENEROUS_COLUMNS = 160;

function fieldsFor(columns: number | undefined): readonly Field[] {
	return FIELDS.filter(({ from }) => from <= (columns ?? GENEROUS_COLUMNS));
}

function columnsFor(
	fields: readonly Field[],
	terminal: number | undefined,
): readonly Column[] {
	const used = fields.reduce((sum, { width }) => sum + width + 2, -2);
	const shares = fields.reduce((sum, { grows }) => sum + grows, 0);
	const spare = Math.max((terminal ?? GENEROUS_COLUMNS) - used, 0);
	return fields.map(({ head, width, grows, align }) => ({
		head,
		width: width + Math.floor((spare * grows) / shares),
		align,
	}));
}

function statusCell(request: FcgiRequest, colors: Palette): Cell {
	const status = request.response?.status;
	if (status === undefined) return { text: "-" };
	return { text: String(status), paint: statusPaint(status, colors) };
}

/** How long after its start; where the start was not seen, that is not known. */
function since(request: FcgiRequest, time: number | undefined): string {
	const { startedAt, beginSeen } = request;
	if (!beginSeen || startedAt === undefined || time === undefined) return "-";
	return duration(time - startedAt);
}

const SEVERITIES: readonly Severity[] = ["error", "warning", "note"];

function stateCell(request: FcgiRequest, colors: Palette): Cell {
	const finding = worst(request.findings);
	const state =
		request.state === "rejected" && request.protocolStatus !== undefined
			? `rejected ${shortName(protocolStatusName(request.protocolStatus))}`
			: request.state;
	if (finding === undefined) {
		return request.state === "complete"
			? { text: state }
			: { text: state, paint: colors.error };
	}
	const code = `${SEVERITY_LETTERS[finding.severity]} ${visible(finding.code)}`;
	return {
		text: request.state === "complete" ? code : `${state}, ${code}`,
		paint: colors[finding.severity],
	};
}

function worst(findings: readonly Finding[]): Finding | undefined {
	for (const severity of SEVERITIES) {
		const finding = findings.find((one) => one.severity === severity);
		if (finding !== undefined) return finding;
	}
	return undefined;
}
