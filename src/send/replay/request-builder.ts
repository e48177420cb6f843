// A recorded request while its records come in.

import { FCGI_KEEP_CONN } from "../../fastcgi/constants.js";
import type { FcgiRecord } from "../../fastcgi/record.js";
import type { RecordEvent } from "../../inspect/event.js";
import { inputStreams } from "../../inspect/lifecycle.js";
import type { FcgiRequest } from "../../inspect/request.js";
import type {
	RecordedAnswer,
	RecordedPause,
	RecordedRequest,
} from "./recorded-request.js";
import { type ByteStore, StoredBytes } from "./stored-bytes.js";

/** Characters of a URI that are kept: two lines of a wide terminal. */
const URI_CHARACTERS = 400;
/** What a masked value has, and hardly anything else. */
const MASK = Buffer.from("****");

/** Puts a request together. */
export class RequestBuilder implements RecordedRequest {
	readonly number: number;
	readonly connection: number;
	readonly requestId: number;
	readonly role: number | undefined;
	readonly keepConn: boolean;
	method: string | undefined;
	uri: string | undefined;
	readonly startedAt: number | undefined;
	endedAt: number | undefined;
	readonly input: StoredBytes;
	readonly pauses: RecordedPause[] = [];
	hasStdin = false;
	hasData = false;
	stdinBytes = 0;
	dataBytes = 0;
	paramsDecode = false;
	inputEnded = false;
	masked = false;
	leftOut: string | undefined;
	readonly #answer: {
		-readonly [Field in keyof RecordedAnswer]: RecordedAnswer[Field];
	};
	#outputType: number | undefined;
	#lastInputAt: number | undefined;
	#ended = false;

	constructor(request: FcgiRequest, store: ByteStore) {
		const { number, connection, requestId, role, flags, startedAt } = request;
		this.number = number;
		this.connection = connection.number;
		this.requestId = requestId;
		this.role = role;
		this.keepConn = ((flags ?? 0) & FCGI_KEEP_CONN) !== 0;
		this.startedAt = startedAt;
		this.input = new StoredBytes(store);
		this.#answer = {
			stdout: new StoredBytes(store),
			stderr: new StoredBytes(store),
			stdoutWhole: true,
			stderrWhole: true,
			rubbish: false,
			ending: "unknown",
			aborted: false,
			appStatus: undefined,
			protocolStatus: undefined,
		};
		if (!request.beginSeen) {
			this.leftOut = "its beginning is not in the recording";
		}
	}

	get answer(): RecordedAnswer {
		return this.#answer;
	}

	/** Takes a record of the web server, and its bytes. */
	takeInput(record: FcgiRecord, bytes: Buffer, event: RecordEvent): void {
		const { kind, contentLength } = record;
		if (record.missing > 0) this.loseInput("missing");
		if (kind === "abortRequest") this.#pause(event.timestamp);
		this.input.append(bytes);
		this.#lastInputAt = event.timestamp;
		if (kind === "stdin") {
			this.hasStdin = true;
			this.stdinBytes += contentLength;
		} else if (kind === "data") {
			this.hasData = true;
			this.dataBytes += contentLength;
		}
		this.masked ||= event.pairs.some(({ value }) => value.includes(MASK));
	}

	/** Takes a record of the application. */
	takeOutput(record: FcgiRecord): void {
		const { kind, contentLength, missing, contentData } = record;
		if (kind === "endRequest") {
			this.#ended = true;
			return;
		}
		if (kind !== "stdout" && kind !== "stderr") return;
		if (contentLength > 0) this.#outputType = record.type;
		const whole = kind === "stdout" ? "stdoutWhole" : "stderrWhole";
		if (!this.#answer[whole]) return;
		const there =
			missing === 0
				? contentData
				: contentData.subarray(0, record.holes[0]?.at ?? contentData.length);
		this.#answer[kind].append(there);
		if (there.length < contentLength) this.#answer[whole] = false;
	}

	/** Bytes of the web server, in front of what comes next, are missing, or are no records. */
	loseInput(reason: "missing" | "noRecord"): void {
		this.leftOut ??=
			reason === "missing"
				? "bytes of its input are not in the recording"
				: "there are bytes in its input that are no records";
	}

	/** The same of the application: what comes next cannot be compared. */
	loseOutput(reason: "missing" | "noRecord" = "missing"): void {
		if (reason === "noRecord") this.#answer.rubbish = true;
		this.#answer.stdoutWhole = false;
		this.#answer.stderrWhole = false;
	}

	/** The recording has no answers at all. */
	loseAnswer(): void {
		this.loseOutput();
		this.#answer.ending = "unknown";
	}

	/** All that can be known of it is known. */
	settle(request: FcgiRequest): void {
		const { appStatus, protocolStatus, abortSeen, closedBy } = request;
		this.endedAt = request.endedAt;
		this.method = shortened(request.param("REQUEST_METHOD"));
		this.uri = shortened(uriOf(request));
		const last = inputStreams(request.role).at(-1);
		this.inputEnded = last === undefined || request[last].ended;
		this.paramsDecode =
			request.parametersDamaged === undefined &&
			request.unfinishedPair === undefined;
		const answer = this.#answer;
		answer.appStatus = appStatus;
		answer.protocolStatus = protocolStatus;
		answer.aborted = abortSeen;
		if (this.#ended) answer.ending = "ended";
		else if (closedBy === "application") answer.ending = "closed";
		else this.loseOutput();
		if (!this.inputEnded && !this.#ended && !abortSeen) {
			this.leftOut ??= "its input has no end in the recording";
		}
	}

	#pause(at: number | undefined): void {
		const last = this.#lastInputAt;
		this.pauses.push({
			before: this.input.length,
			milliseconds:
				at === undefined || last === undefined
					? undefined
					: Math.max(at - last, 0) * 1000,
			output: this.#outputType,
		});
	}
}

function uriOf(request: FcgiRequest): string | undefined {
	return request.param("REQUEST_URI") || request.param("SCRIPT_NAME");
}

function shortened(text: string | undefined): string | undefined {
	return text === undefined || text.length <= URI_CHARACTERS
		? text
		: `${text.slice(0, URI_CHARACTERS)}...`;
}
