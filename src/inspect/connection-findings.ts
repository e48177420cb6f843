// Asks the checks about what the inspector says of one connection, and makes findings of their evidence. What is found again,
// in the same request or on the same connection, is counted and not said again.

import { NOTHING } from "../stage.js";
import type { Check, Evidence, RequestMoment } from "./check.js";
import type { CheckTable, Look } from "./check-table.js";
import type { BytesSkippedEvent, RecordEvent } from "./event.js";
import type { ConnectionFacts } from "./facts.js";
import type { Finding } from "./finding.js";
import type { Unexpected } from "./lifecycle.js";
import { remediesFor } from "./remedies.js";
import type { FcgiRequest } from "./request.js";

/** The findings of one connection. */
export class ConnectionFindings {
	readonly #checks: CheckTable;
	readonly #facts: ConnectionFacts;
	/** Those that concern no request, and those that are said once for the connection. */
	#ofConnection: Map<string, Finding> | undefined;

	constructor(checks: CheckTable, facts: ConnectionFacts) {
		this.#checks = checks;
		this.#facts = facts;
	}

	/** All that concern no single request, in the order in which they were found. */
	get ofConnection(): readonly Finding[] {
		return this.#ofConnection === undefined
			? NOTHING
			: [...this.#ofConnection.values()];
	}

	/** Looks at a record, returns what was not found before, and notes the record for those that look later. */
	lookAtRecord(event: RecordEvent): readonly Finding[] {
		if (this.#checks.empty) return NOTHING;
		const found = this.#foundAt(event);
		this.#facts.saw(event);
		return found;
	}

	#foundAt(event: RecordEvent): readonly Finding[] {
		const { record, request, unexpected, number } = event;
		const checks = this.#checks;
		const found = this.#ask(
			checks.ofKind(record.kind),
			event,
			true,
			request,
			number,
		);
		if (unexpected === undefined && record.missing === 0) return found;
		const reason =
			unexpected === undefined ? NOTHING : checks.ofReason(unexpected);
		const cut = record.missing === 0 ? NOTHING : checks.cutRecord;
		const concerned = request ?? this.#concernedBy(event);
		const more = this.#ask([...reason, ...cut], event, true, concerned, number);
		return more.length === 0 ? found : [...found, ...more];
	}

	/** The request that a record concerns which belongs to none: what it should have been is an answer to the only one there is. */
	#concernedBy({ from, unexpected }: RecordEvent): FcgiRequest | undefined {
		if (from === "webServer" || unexpected === undefined) return undefined;
		return STRAY.has(unexpected) ? this.#facts.onlyOpen : undefined;
	}

	/** Looks at a request at one of its moments. */
	lookAtRequest(
		moment: RequestMoment,
		request: FcgiRequest,
	): readonly Finding[] {
		const looks = this.#checks[moment];
		if (looks.length === 0) return NOTHING;
		return this.#ask(looks, request, isWhole(request), request, undefined);
	}

	/** Looks at bytes that no record was made of. */
	lookAtSkipped(event: BytesSkippedEvent): readonly Finding[] {
		const looks = this.#checks.bytesSkipped;
		return this.#ask(looks, event, true, this.#facts.onlyOpen, undefined);
	}

	/** Looks at the connection when it was opened, or when no more of it comes. */
	lookAtConnection(
		moment: "connectionOpened" | "connectionClosed",
	): readonly Finding[] {
		const looks = this.#checks[moment];
		return this.#ask(looks, this.#facts, true, undefined, undefined);
	}

	/** Asks checks about a subject, and returns what was not found before. */
	#ask<Subject>(
		looks: readonly Look<Subject>[],
		subject: Subject,
		whole: boolean,
		request: FcgiRequest | undefined,
		record: number | undefined,
	): readonly Finding[] {
		let found: Finding[] | undefined;
		for (let i = 0; i < looks.length; i++) {
			const { check, evenDamaged, look } = looks[i] as Look<Subject>;
			if (!whole && !evenDamaged) continue;
			const evidence = look(subject, this.#facts);
			if (evidence === undefined) continue;
			const finding = this.#note(check, evidence, request, record);
			if (finding === undefined) continue;
			if (found === undefined) found = [finding];
			else found.push(finding);
		}
		return found ?? NOTHING;
	}

	/** A finding of what a check found; undefined where it was found before, and is only counted. */
	#note(
		check: Check,
		evidence: Evidence,
		request: FcgiRequest | undefined,
		record: number | undefined,
	): Finding | undefined {
		const { code } = check;
		const ofRequest = check.once === "connection" ? undefined : request;
		const before =
			ofRequest === undefined
				? this.#ofConnection?.get(code)
				: ofRequest.findings.find((finding) => finding.code === code);
		if (before !== undefined) {
			before.count++;
			return undefined;
		}
		const said: Exclude<Evidence, string> =
			typeof evidence === "string" ? { message: evidence } : evidence;
		const detail = said.detail ?? check.detail === true;
		const finding: Finding = {
			code,
			severity: said.severity ?? check.severity,
			detail,
			section: check.section,
			message: said.message,
			diagnosis: said.diagnosis ?? check.diagnosis,
			remedies: remediesFor(
				said.remedies ?? check.remedies,
				this.#facts.webServer,
				this.#facts.application.software,
			),
			record,
			request: request?.number,
			connection: this.#facts.connection.number,
			count: 1,
		};
		if (ofRequest === undefined) {
			this.#ofConnection ??= new Map();
			this.#ofConnection.set(code, finding);
		} else ofRequest.findings.push(finding);
		return finding;
	}
}

/** What may be wrong with an answer so that it belongs to no request. */
const STRAY: ReadonlySet<Unexpected> = new Set<Unexpected>([
	"unknownType",
	"wrongDirection",
	"applicationWithoutId",
	"inactiveId",
]);

/** Whether the input has all of a request, as far as that can be told. */
function isWhole(request: FcgiRequest): boolean {
	return (
		request.beginSeen &&
		!request.damaged &&
		request.parametersDamaged !== "missing" &&
		request.params.missing === 0 &&
		request.stdin.missing === 0 &&
		request.data.missing === 0 &&
		request.stdout.missing === 0 &&
		request.stderr.missing === 0
	);
}
