// The conversation: what was said to the application (`>`), what came from it (`<`), and remarks (`*`), each line as soon
// as its event comes. A heading says which request the lines below belong to whenever that changes. Of a request, only
// what the event announces is read: the rest may be further on already, depending on how the input was cut.

import { NO_BYTES } from "../fastcgi/no-bytes.js";
import type { Connection } from "../inspect/chunk.js";
import type {
	BytesSkippedEvent,
	ConnectionEvent,
	FcgiEvent,
	RecordEvent,
	RequestEvent,
} from "../inspect/event.js";
import type { FcgiRequest } from "../inspect/request.js";
import { NOTHING, type Stage } from "../stage.js";
import { FindingCount } from "./finding-count.js";
import { FindingLines } from "./finding-lines.js";
import { SoftwareLines, serverAnswerLines } from "./flow-ends.js";
import {
	connectionHeading,
	continuedHeading,
	dayLine,
	requestHeading,
} from "./flow-heading.js";
import {
	cutOffLine,
	managementLine,
	streamEndLine,
	unexpectedText,
} from "./flow-records.js";
import { endLines, paramsLines, responseLines } from "./flow-request.js";
import type { RenderOptions } from "./options.js";
import { type LineStyle, remarkLine } from "./remark.js";
import { Repeats } from "./repeats.js";
import { skippedWords } from "./skipped-words.js";
import { StderrLines } from "./stderr-lines.js";
import { day, PEER_NAMES, palette } from "./words.js";

/** The conversation as text, a piece for each event that has something to say. */
export function flow(options: RenderOptions): Stage<FcgiEvent, string> {
	return new Flow(options);
}

/** What the lines above the one under way belong to. */
type Block = FcgiRequest | Connection;

/** What was said of an open request so far. */
interface Progress {
	/** Whether its heading was printed, so that the next one is a continuation. */
	headed: boolean;
	/** Of STDIN and DATA: non-empty records, and the first bytes. */
	readonly input: Record<"stdin" | "data", { records: number; start: Buffer }>;
	paramsSaid: boolean;
	readonly stderr: StderrLines;
}

class Flow implements Stage<FcgiEvent, string> {
	readonly #style: LineStyle;
	readonly #progress = new Map<FcgiRequest, Progress>();
	/** Connections with a request that did not end well: of these, how they closed is of interest. */
	readonly #suffering = new Set<Connection>();
	#block: Block | undefined;
	#day: string | undefined;
	#text = "";
	readonly #repeats = new Repeats();
	readonly #findings: FindingLines;
	readonly #count = new FindingCount();
	readonly #software: SoftwareLines;

	constructor(options: RenderOptions) {
		this.#style = { colors: palette(options.color), columns: options.columns };
		this.#findings = new FindingLines(this.#style);
		this.#software = new SoftwareLines(this.#style);
	}

	push(event: FcgiEvent): readonly string[] {
		this.#count.add(event.findings);
		switch (event.kind) {
			case "record":
				this.#record(event);
				break;
			case "bytesSkipped":
				this.#skipped(event);
				break;
			case "skippedPiece":
				break;
			case "connectionClosed":
				this.#closed(event);
				break;
			case "connectionOpened":
				this.#say(
					event.connection,
					event.timestamp,
					this.#findings.of(event.findings),
				);
				break;
			default:
				this.#request(event);
		}
		return this.#take();
	}

	end(): readonly string[] {
		this.#sayRepeats();
		const overview = this.#count.lines(this.#style);
		if (overview.length > 0) this.#text += `\n${overview.join("\n")}\n`;
		return this.#take();
	}

	#take(): readonly string[] {
		if (this.#text === "") return NOTHING;
		const text = this.#text;
		this.#text = "";
		return [text];
	}

	#request(event: RequestEvent): void {
		const { kind, request, timestamp, findings } = event;
		const progress = this.#progressOf(request);
		switch (kind) {
			case "requestBegan":
				this.#under(request, timestamp);
				this.#say(request, timestamp, this.#findings.of(findings));
				break;
			case "paramsEnded":
				this.#say(request, timestamp, [
					...paramsLines(request, this.#style),
					...this.#findings.of(findings),
				]);
				progress.paramsSaid = true;
				break;
			case "responseHead":
				this.#say(request, timestamp, [
					...responseLines(request, this.#style),
					...this.#findings.of(findings),
				]);
				break;
			case "requestEnded": {
				const style = this.#style;
				const lines: string[] = [];
				progress.stderr.end(lines, style);
				lines.push(...endLines(request, style));
				lines.push(
					...this.#findings.of(event.findings),
					...this.#findings.repeated(request.findings, "in this request"),
					...this.#software.of(request),
					...serverAnswerLines(request, style),
				);
				this.#say(request, timestamp, lines);
				this.#progress.delete(request);
				if (request.protocolStatus === undefined) {
					this.#suffering.add(request.connection);
				}
			}
		}
	}

	#record(event: RecordEvent): void {
		const { record, request, connection, timestamp } = event;
		const style = this.#style;
		const block = request ?? connection;
		const lines: string[] = [];
		if (event.unexpected !== undefined) {
			if (event.findings.length === 0 && this.#repeats.isRepeat(event)) return;
			if (event.findings.length === 0) {
				lines.push(remarkLine(unexpectedText(event), "warning", style));
			}
		} else if (request !== undefined) {
			this.#piece(event, request, lines);
		} else {
			lines.push(managementLine(event, style));
		}
		if (record.missing > 0) lines.push(cutOffLine(event, style));
		lines.push(...this.#findings.of(event.findings));
		if (lines.length > 0) this.#say(block, timestamp, lines);
		if (event.unexpected !== undefined) this.#repeats.begin(event);
	}

	/** What is to be said at once of a record that belongs to a request. */
	#piece(event: RecordEvent, request: FcgiRequest, lines: string[]): void {
		const { record } = event;
		const style = this.#style;
		switch (record.kind) {
			case "stdin":
			case "data": {
				const input = this.#progressOf(request).input[record.kind];
				if (record.contentLength > 0) {
					input.records++;
					input.start = startWith(input.start, record.contentData);
				} else {
					const { records, start } = input;
					lines.push(streamEndLine(event, records, start, style));
				}
				break;
			}
			case "stderr":
				this.#progressOf(request).stderr.push(record.contentData, lines, style);
				break;
			case "abortRequest":
				lines.push(
					`${style.colors.toApplication(">")} ${style.colors.warning("ABORT_REQUEST")}`,
				);
		}
	}

	#skipped(event: BytesSkippedEvent): void {
		this.#say(event.connection, event.timestamp, [
			remarkLine(skippedWords(event), "warning", this.#style),
			...this.#findings.of(event.findings),
		]);
	}

	#closed(event: ConnectionEvent): void {
		const { connection, closedBy, closing } = event;
		this.#say(connection, event.timestamp, [
			...this.#findings.of(event.findings),
			...this.#findings.repeated(event.ofConnection, "on this connection"),
		]);
		const suffering = this.#suffering.delete(connection);
		const reset = closing === "rst";
		if (closedBy === undefined) return;
		if (!suffering && !(reset && closedBy === "application")) return;
		const words = `connection ${reset ? "reset" : "closed"} by ${PEER_NAMES[closedBy]}`;
		this.#say(connection, event.timestamp, [
			remarkLine(words, suffering ? "warning" : "note", this.#style),
		]);
	}

	#say(
		block: Block,
		timestamp: number | undefined,
		lines: readonly string[],
	): void {
		if (lines.length === 0) return;
		this.#under(block, timestamp);
		for (const line of lines) this.#text += `${line}\n`;
	}

	/** Makes `block` the one that the next line belongs to, with a heading where it is not so already. */
	#under(block: Block, timestamp: number | undefined): void {
		this.#sayRepeats();
		const current = this.#block;
		if (current === block) return;
		// A line about a connection may stand below a request of it.
		if (isConnection(block) && current !== undefined) {
			if (!isConnection(current) && current.connection === block) return;
		}
		if (current !== undefined) this.#text += "\n";
		this.#block = block;
		this.#sayDay(timestamp);
		this.#text += `${this.#heading(block, timestamp)}\n`;
	}

	#heading(block: Block, timestamp: number | undefined): string {
		if (isConnection(block)) {
			return connectionHeading(block, timestamp, this.#style);
		}
		const progress = this.#progressOf(block);
		if (progress.headed) {
			return continuedHeading(block, progress.paramsSaid, this.#style);
		}
		progress.headed = true;
		return requestHeading(block, this.#style);
	}

	#sayDay(timestamp: number | undefined): void {
		if (timestamp === undefined) return;
		const today = day(timestamp);
		if (today === this.#day) return;
		this.#day = today;
		this.#text += `${dayLine(today, this.#style)}\n`;
	}

	#progressOf(request: FcgiRequest): Progress {
		let progress = this.#progress.get(request);
		if (progress === undefined) {
			progress = {
				headed: false,
				input: {
					stdin: { records: 0, start: NO_BYTES },
					data: { records: 0, start: NO_BYTES },
				},
				paramsSaid: false,
				stderr: new StderrLines(),
			};
			this.#progress.set(request, progress);
		}
		return progress;
	}

	#sayRepeats(): void {
		const line = this.#repeats.end(this.#style);
		if (line !== undefined) this.#text += `${line}\n`;
	}
}

/** Bytes of a request's body that are shown: less than a line of a terminal. */
const START_BYTES = 64;

function startWith(start: Buffer, content: Buffer): Buffer {
	const room = START_BYTES - start.length;
	return room > 0 ? Buffer.concat([start, content.subarray(0, room)]) : start;
}

function isConnection(block: Block): block is Connection {
	return !("requestId" in block);
}
