// Counts what went by, for the summary at the end.

import type { Chunk, SourceReport } from "../inspect/chunk.js";
import type { FcgiEvent } from "../inspect/event.js";
import type { Finding, Severity } from "../inspect/finding.js";
import type { Summary, TypeCount } from "../render/summary.js";

/** The running counts of one run. */
export class Tally {
	#connections = 0;
	#requests = 0;
	#begun = 0;
	/** Requests that were open when the input ended. */
	openAtEnd = 0;
	#fragments = 0;
	#records = 0;
	#bytes = 0;
	#skippedBytes = 0;
	#missingBytes = 0;
	#truncated = false;
	readonly #recordsOfType = new Float64Array(256);
	readonly #contentOfType = new Float64Array(256);
	readonly #findings = { error: 0, warning: 0, note: 0 };

	/** Counts a chunk's bytes. */
	countChunk(chunk: Chunk): void {
		this.#bytes += chunk.bytes.length;
	}

	/** Counts an event. */
	count(event: FcgiEvent): void {
		for (let i = 0; i < event.findings.length; i++) {
			const { severity, detail } = event.findings[i] as Finding;
			if (!detail) this.#findings[severity]++;
		}
		switch (event.kind) {
			case "record": {
				const { record } = event;
				this.#records++;
				(this.#recordsOfType[record.type] as number)++;
				(this.#contentOfType[record.type] as number) +=
					record.contentData.length;
				// What a closing connection cuts off is not cut off by the input.
				if (!record.truncated) this.#missingBytes += record.missing;
				else if (event.timestamp === undefined) this.#truncated = true;
				return;
			}
			case "connectionOpened":
				this.#connections++;
				return;
			case "requestBegan":
				if (event.request.beginSeen) this.#begun++;
				return;
			case "requestEnded":
				if (event.request.beginSeen) this.#requests++;
				else this.#fragments++;
				return;
			case "bytesSkipped":
				if (event.reason === "missing") this.#missingBytes += event.length;
				else this.#skippedBytes += event.length;
				return;
		}
	}

	/** Requests that have ended. */
	get requests(): number {
		return this.#requests;
	}

	/** Requests that have begun, and have not ended. */
	get open(): number {
		return this.#begun - this.#requests;
	}

	/** What was found, by severity. */
	get findings(): Readonly<Record<Severity, number>> {
		return this.#findings;
	}

	/** Says that the input has ended: what is open now was cut off by that. */
	inputEnds(): void {
		this.openAtEnd = this.open;
	}

	/** The counts so far, with what the source says of itself. */
	summary(report: SourceReport): Summary {
		return {
			connections: this.#connections,
			requests: this.#requests,
			fragments: this.#fragments,
			records: this.#records,
			types: this.#types(),
			bytes: this.#bytes,
			findings: this.#findings,
			skippedBytes: this.#skippedBytes,
			missingBytes: this.#missingBytes,
			truncated: this.#truncated || report.truncated,
			otherConnections: report.otherConnections,
			format: report.format,
			remarks: report.remarks,
		};
	}

	#types(): TypeCount[] {
		const types: TypeCount[] = [];
		for (const [type, records] of this.#recordsOfType.entries()) {
			if (records === 0) continue;
			const contentBytes = this.#contentOfType[type] as number;
			types.push({ type, records, contentBytes });
		}
		return types;
	}
}
