// Events and findings as the lines of golden cases.

import { recordTypeName } from "../../src/fastcgi/constants.js";
import type { FcgiEvent } from "../../src/inspect/event.js";
import type { Finding } from "../../src/inspect/finding.js";

/** A finding as a line of a `findings` fence: severity, code, places, evidence. */
export function describeFinding(finding: Finding): string {
	const { severity, detail, code, record, request, message, count } = finding;
	const words = [`${detail ? "detail" : severity} ${code}`];
	if (record !== undefined) words.push(`record ${record}`);
	if (request !== undefined) words.push(`request ${request}`);
	if (count > 1) words.push(`${count} times`);
	return `${words.join(", ")}: ${message}`;
}

const MARK = { webServer: ">", application: "<" } as const;

/** An event as a line of an `events` fence; pieces of skipped bytes have none. */
export function describeEvent(
	event: Exclude<FcgiEvent, { kind: "skippedPiece" }>,
): string {
	switch (event.kind) {
		case "record": {
			const { record } = event;
			const words = [
				MARK[event.from],
				`@${record.offset}`,
				recordTypeName(record.type),
				`id=${record.requestId}`,
				`content=${record.contentLength}`,
				`padding=${record.paddingLength}`,
			];
			if (record.version !== 1) words.push(`version=${record.version}`);
			if (record.reserved !== 0) words.push(`reserved=${record.reserved}`);
			if (record.missing > 0) words.push(`missing=${record.missing}`);
			if (record.truncated) words.push("truncated");
			if (event.request) words.push(`request=${event.request.number}`);
			if (event.unexpected) words.push(`unexpected=${event.unexpected}`);
			return words.join(" ");
		}
		case "bytesSkipped":
			return `${MARK[event.from]} @${event.offset} skipped ${event.length} ${event.reason} ${event.firstBytes.toString("hex")}`.trim();
		case "connectionOpened":
			return "* opened";
		case "connectionClosed":
			return `* closed ${event.closedBy ? `${MARK[event.closedBy]} ${event.closing}` : "by the end of the input"}`;
		case "requestBegan":
			return `* request ${event.request.number} began role=${event.request.role} flags=${event.request.flags}`;
		case "paramsEnded": {
			const { request } = event;
			const pairs = request.parameters.map(
				({ name, value }) => `${name}=${JSON.stringify(value)}`,
			);
			const damaged = request.parametersDamaged;
			return `* request ${request.number} params ${pairs.join(" ")}${damaged ? ` (${damaged})` : ""}`.trim();
		}
		case "responseHead": {
			const { request } = event;
			const { status, headers } = request.response ?? { headers: [] };
			return `* request ${request.number} head status=${status} headers=${headers.length}`;
		}
		case "requestEnded": {
			const { request } = event;
			const streams = (["params", "stdin", "data", "stdout", "stderr"] as const)
				.map(
					(name) =>
						`${name}=${request[name].bytes}${request[name].ended ? "." : ""}`,
				)
				.join(" ");
			return `* request ${request.number} ${request.state} appStatus=${request.appStatus} records=${request.records} ${streams}`;
		}
	}
}
