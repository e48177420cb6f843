// The scanners of one request's streams. Each is made when its stream begins, and let go at its end: what comes behind the end has
// no place, so it may be the rest of a secret.

import type { Peer, RecordKind } from "../fastcgi/constants.js";
import { BodyScanner } from "./body-scanner.js";
import { HeadScanner } from "./head-scanner.js";
import type { Mask } from "./mask.js";
import type { NameJudge } from "./name-judge.js";
import { PairScanner } from "./pair-scanner.js";
import { COVER_ALL, type Scanner } from "./scanner.js";
import { TextScanner } from "./text-scanner.js";

/** The scanners of one request. */
export class RequestScanners {
	readonly #judge: NameJudge;
	/** Whether a stream begins with the next of its records. */
	readonly #startsSeen: boolean;
	#params: PairScanner | undefined;
	#paramsEnded = false;
	#contentType = "";
	#stdin: Scanner | undefined;
	#data: Scanner | undefined;
	#stdout: Scanner | undefined;
	#stderr: TextScanner | undefined;
	#inputEnded = false;
	#dataEnded = false;
	#outputEnded = false;
	#lostInput = false;
	#lostOutput = false;

	/** Where BEGIN_REQUEST was not seen, its streams may have begun before. */
	constructor(judge: NameJudge, beginSeen: boolean) {
		this.#judge = judge;
		this.#startsSeen = beginSeen;
	}

	/** Looks for secrets in a piece of a stream. Returns the place from which on PARAMS cannot be told, or `to`. */
	scan(
		stream: RecordKind,
		bytes: Buffer,
		from: number,
		to: number,
		mask: Mask,
	): number {
		if (stream !== "params") {
			this.#open(stream)?.scan(bytes, from, to, mask);
			return to;
		}
		if (!this.#paramsEnded) {
			return this.#openParams().scan(bytes, from, to, mask);
		}
		mask.cover(from, to);
		return from;
	}

	/** Says that so many bytes of a stream are missing here. */
	skip(stream: RecordKind, count: number): void {
		if (stream !== "params") this.#open(stream)?.lose();
		else if (!this.#paramsEnded) this.#openParams().skip(count);
	}

	/** Says that records of a direction are missing: of any stream, and perhaps of another request. */
	lose(from: Peer): void {
		if (from === "webServer") {
			this.#lostInput = true;
			if (!this.#paramsEnded) this.#openParams().lose();
			this.#stdin = this.#data = COVER_ALL;
		} else {
			this.#lostOutput = true;
			if (this.#stdout instanceof HeadScanner && !this.#lostInput) {
				this.#stdout.loseRecords();
			} else this.#stdout = COVER_ALL;
			this.#open("stderr")?.lose();
		}
	}

	/** Takes a stream's empty record. */
	endStream(stream: RecordKind): void {
		if (stream === "params") {
			this.#contentType ||= this.#params?.contentType ?? "";
			this.#params = undefined;
			this.#paramsEnded = true;
		} else if (stream === "stdin") {
			this.#stdin = COVER_ALL;
			this.#inputEnded = true;
		} else if (stream === "data") {
			this.#data = COVER_ALL;
			this.#dataEnded = true;
		} else if (stream === "stdout") {
			this.#stdout = COVER_ALL;
			this.#outputEnded = true;
		} else this.#stderr?.lose();
	}

	/** Takes END_REQUEST: nothing more comes from the application. True if nothing more is to come at all. */
	endOutput(): boolean {
		this.#stdout = COVER_ALL;
		this.#stderr?.lose();
		this.#outputEnded = true;
		return this.#inputEnded;
	}

	/**
	 * Says that another request of the same id begins. Where nothing said that this one was over, what comes may go on with
	 * it: streams that are under way are covered in the other.
	 */
	replaceBy(request: RequestScanners): void {
		if (this.#outputEnded) return;
		const inputUnderWay =
			this.#params !== undefined ||
			(this.#stdin !== undefined && !this.#inputEnded) ||
			(this.#data !== undefined && !this.#dataEnded);
		if (inputUnderWay && !this.#lostInput) request.lose("webServer");
		if (this.#stdout !== undefined && !this.#lostOutput) {
			request.#stdout = COVER_ALL;
		}
	}

	#openParams(): PairScanner {
		this.#params ??= new PairScanner(this.#judge, this.#startsSeen);
		return this.#params;
	}

	#open(stream: RecordKind): Scanner | undefined {
		switch (stream) {
			case "stdin":
				this.#stdin ??= this.#newBody();
				return this.#stdin;
			case "data":
				this.#data ??= new BodyScanner(this.#judge, "", this.#startsSeen);
				return this.#data;
			case "stdout":
				this.#stdout ??= new HeadScanner(this.#judge, this.#startsSeen);
				return this.#stdout;
			case "stderr":
				this.#stderr ??= new TextScanner(this.#judge);
				return this.#stderr;
			default:
				return undefined;
		}
	}

	#newBody(): Scanner {
		const type = this.#params?.contentType ?? this.#contentType;
		return new BodyScanner(this.#judge, type, this.#startsSeen);
	}
}
