// What is probably at the two ends of a connection, and what another web server would have made of an answer.

import type { FcgiRequest, ServerAnswer } from "../inspect/request.js";
import type { Software } from "../inspect/software.js";
import { type LineStyle, remarkLine, wrapped } from "./remark.js";
import { visible } from "./words.js";

/** Most pairs of web server and application that are remembered as told. */
const MAX_TOLD = 256;

/** Tells what is probably at the two ends, once for each pair. */
export class SoftwareLines {
	readonly #style: LineStyle;
	readonly #told = new Set<string>();

	constructor(style: LineStyle) {
		this.#style = style;
	}

	/** The line, if it was not told before and something is known. */
	of(request: FcgiRequest): string[] {
		const text = softwareText(request);
		if (text === undefined || this.#told.has(text)) return [];
		if (this.#told.size < MAX_TOLD) this.#told.add(text);
		return [remarkLine(text, "dim", this.#style)];
	}
}

/** `web server: probably nginx 1.22.1 (SERVER_SOFTWARE); application: ...`; undefined where nothing is known. */
function softwareText(request: FcgiRequest): string | undefined {
	const parts: string[] = [];
	const { webServerSoftware, applicationSoftware } = request;
	if (webServerSoftware !== undefined) {
		parts.push(`web server: ${probably(webServerSoftware)}`);
	}
	if (applicationSoftware !== undefined) {
		parts.push(`application: ${probably(applicationSoftware)}`);
	}
	return parts.length === 0 ? undefined : parts.join("; ");
}

function probably({ name, version, because }: Software): string {
	const what = version === undefined ? name : `${name} ${visible(version)}`;
	return `probably ${what} (${because})`;
}

/** What another web server would have answered and logged; nothing where all went well. */
export function serverAnswerLines(
	request: FcgiRequest,
	style: LineStyle,
): string[] {
	const { serverAnswer } = request;
	if (serverAnswer === undefined || wentWell(request, serverAnswer)) return [];
	const paint = style.colors.strong;
	const log =
		serverAnswer.log.length === 0
			? ["its log has nothing of it"]
			: serverAnswer.log;
	return [
		...wrapped("* ", 2, serverAnswerText(serverAnswer), { ...style, paint }),
		...log.flatMap((line) => wrapped("*   ", 4, visible(line), style)),
	];
}

/** Whether there is nothing to tell: the client gets what the application answered, and nothing was found wrong. */
function wentWell(request: FcgiRequest, answer: ServerAnswer): boolean {
	const { findings, response, stderr } = request;
	return (
		findings.every(({ severity }) => severity === "note") &&
		stderr.bytes === 0 &&
		answer.remark === "" &&
		answer.status === String(response?.status)
	);
}

/** `as nginx: the HTTP client gets 502 (cut)`. */
function serverAnswerText(answer: ServerAnswer): string {
	const { server, status, remark } = answer;
	const oddity = remark === "" ? "" : ` (${remark})`;
	return `as ${server}: the HTTP client gets ${visible(status)}${oddity}`;
}
