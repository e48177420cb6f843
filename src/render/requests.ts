// The table of requests: a line for each request when it ends.

import { protocolStatusName } from "../fastcgi/constants.js";
import type { FcgiEvent } from "../inspect/event.js";
import type { Finding, Severity } from "../inspect/finding.js";
import type { FcgiRequest } from "../inspect/request.js";
import { NOTHING, type Stage } from "../stage.js";
import { type Cell, type Column, Columns } from "./columns.js";
import { placedFindingLines } from "./finding-lines.js";
import { serverAnswerLines } from "./flow-ends.js";
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
	timeOfDay,
	visible,
} from "./words.js";

/** Number, time, connection, id, application, status, sizes, time to first byte, duration, state or worst finding, URI. */
export function requests(options: RenderOptions): Stage<FcgiEvent, string> {
	const colors = palette(options.color);
	const fields = fieldsFor(options.columns);
	const table = new Columns(
		columnsFor(fields, options.columns),
		options.columns !== undefined,
	);
	const style = { colors, columns: options.columns };
	let head = `${colors.strong(table.head())}\n`;
	return {
		push(event) {
			let text = "";
			if (event.kind === "requestEnded") {
				const cells = fields.map(({ cell }) => cell(event.request, colors));
				text = `${table.row(cells)}\n`;
				for (const line of serverAnswerLines(event.request, style)) {
					text += `${line}\n`;
				}
			} else if (event.kind === "connectionClosed") {
				for (const line of placedFindingLines(event.ofConnection, style)) {
					text += `${line}\n`;
				}
			}
			if (text === "") return NOTHING;
			text = head + text;
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
	/** The narrowest that it is no longer shown on. */
	readonly until?: number;
	cell(request: FcgiRequest, colors: Palette): Cell;
}

/** What varies in width comes last, so that columns stand under each other where nothing is cut. */
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
		head: "time",
		width: 12,
		grows: 0,
		align: "left",
		from: 100,
		cell: ({ startedAt }) => ({
			text: startedAt === undefined ? "-" : timeOfDay(startedAt),
		}),
	},
	{
		head: "conn",
		width: 4,
		grows: 0,
		align: "right",
		from: 120,
		cell: ({ connection }) => ({ text: String(connection.number) }),
	},
	{
		head: "id",
		width: 3,
		grows: 0,
		align: "right",
		from: 120,
		cell: ({ requestId }) => ({ text: String(requestId) }),
	},
	{
		head: "application",
		width: 21,
		grows: 0,
		align: "left",
		from: 160,
		cell: ({ connection }) => ({
			text: visible(connection.application ?? "-"),
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
		cell: (request) => ({ text: since(request, request.endedAt) }),
	},
	{
		head: "state",
		width: 13,
		grows: 0,
		align: "left",
		from: 0,
		until: 120,
		cell: (request, colors) => stateCell(request, shortState(request), colors),
	},
	{
		head: "state",
		width: 26,
		grows: 0,
		align: "left",
		from: 120,
		cell: (request, colors) => stateCell(request, longState(request), colors),
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
			text: visible(request.param("SCRIPT_FILENAME") || "-"),
		}),
	},
];

/** What a table is laid out for where there is no terminal to fit: all columns, as wide as what is usual in them. */
const GENEROUS_COLUMNS = 200;

function fieldsFor(columns = GENEROUS_COLUMNS): readonly Field[] {
	return FIELDS.filter(
		({ from, until = Infinity }) => from <= columns && columns < until,
	);
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

function stateCell(request: FcgiRequest, state: string, colors: Palette): Cell {
	const good = request.state === "complete";
	const finding = worst(request.findings);
	if (finding === undefined) {
		if (!good) return { text: state, paint: colors.error };
		if (request.damaged) return { text: state, paint: colors.warning };
		return { text: state };
	}
	const code = `${SEVERITY_LETTERS[finding.severity]} ${visible(finding.code)}`;
	return {
		// What is cut off on a narrow terminal is what the finding implies.
		text: good ? code : `${code}, ${state}`,
		paint: colors[finding.severity],
	};
}

/** The state, or of a request that was refused, how. */
function shortState({ state, protocolStatus }: FcgiRequest): string {
	return state === "rejected" && protocolStatus !== undefined
		? shortName(protocolStatusName(protocolStatus))
		: state;
}

/** With what is missing, and who ended the connection before the request had ended. */
function longState(request: FcgiRequest): string {
	const { closedBy, closing, beginSeen } = request;
	const missing = STREAMS.reduce((sum, name) => sum + request[name].missing, 0);
	let text = shortState(request);
	if (!beginSeen) text = `fragment, ${text}`;
	if (missing > 0) text += `, ${shortSize(missing)} missing`;
	else if (request.damaged) text += ", damaged";
	if (closedBy === undefined) return text;
	const by = closedBy === "application" ? "app" : "web server";
	return `${text}, ${by} ${closing === "rst" ? "reset" : "closed"}`;
}

const STREAMS = ["params", "stdin", "data", "stdout", "stderr"] as const;

function worst(findings: readonly Finding[]): Finding | undefined {
	for (const severity of SEVERITIES) {
		const finding = findings.find(
			(one) => one.severity === severity && !one.detail,
		);
		if (finding !== undefined) return finding;
	}
	return undefined;
}
