// The scanners of one request's streams. Each is made when its stream begins, and let go at its end.

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
	#inputStarts: boolean;
	#outputStarts: boolean;
	#params: PairScanner | undefined;
	#contentType = "";
	#stdin: Scanner | undefined;
	#stdout: Scanner | undefined;
	#stderr: TextScanner | undefined;
	#inputEnded = false;

	/** Where BEGIN_REQUEST was not seen, its streams may have begun before. */
	constructor(judge: NameJudge, beginSeen: boolean) {
		this.#judge = judge;
		this.#inputStarts = this.#outputStarts = beginSeen;
	}

	/** Looks for secrets in a piece of a stream. */
	scan(
		stream: RecordKind,
		bytes: Buffer,
		from: number,
		to: number,
		mask: Mask,
	): void {
		if (stream === "params") this.#openParams().scan(bytes, from, to, mask);
		else this.#open(stream)?.scan(bytes, from, to, mask);
	}

	/** Says that so many bytes of a stream are missing here. */
	skip(stream: RecordKind, count: number): void {
		if (stream === "params") this.#openParams().skip(count);
		else this.#open(stream)?.lose();
	}

	/** Says that records of a direction are missing: of any stream, and perhaps of another request. */
	lose(from: Peer): void {
		if (from === "webServer") {
			this.#openParams().lose();
			this.#stdin = COVER_ALL;
		} else {
			this.#stdout = COVER_ALL;
			this.#open("stderr")?.lose();
		}
	}

	/** Takes a stream's empty record. What comes behind it has no place, so it may be anything. */
	endStream(stream: RecordKind): void {
		if (stream === "params") {
			this.#contentType = this.#params?.contentType ?? "";
			this.#params = undefined;
		} else if (stream === "stdin") {
			this.#stdin = undefined;
			this.#inputEnded = true;
		} else if (stream === "stdout") this.#stdout = undefined;
		else this.#stderr = undefined;
	}

	/** Takes END_REQUEST: what comes next from the application is another response. True if no more is to come at all. */
	endOutput(): boolean {
		this.#stdout = this.#stderr = undefined;
		return this.#inputEnded;
	}

	#openParams(): PairScanner {
		this.#params ??= new PairScanner(this.#judge, this.#inputStarts);
		return this.#params;
	}

	#open(stream: RecordKind): Scanner | undefined {
		switch (stream) {
			case "stdin":
				this.#stdin ??= this.#newBody();
				return this.#stdin;
			case "stdout":
				this.#stdout ??= new HeadScanner(this.#judge, this.#outputStarts);
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
		return new BodyScanner(this.#judge, type, this.#inputStarts);
	}
}
