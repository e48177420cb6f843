// Asks the checks about what the inspector says of one connection, and makes findings of their evidence. What is found again,
// in the same request or on the same connection, is counted and not said again.

import { NOTHING } from "../stage.js";
import type {
	Check,
	ConnectionCheck,
	CutRecordCheck,
	Evidence,
	RequestMoment,
	SkippedCheck,
} from "./check.js";
import type { CheckTable } from "./check-table.js";
import type { BytesSkippedEvent, RecordEvent } from "./event.js";
import type { ConnectionFacts } from "./facts.js";
import type { Finding } from "./finding.js";
import { remediesFor } from "./remedies.js";
import type { FcgiRequest } from "./request.js";

/** The findings of one connection. */
export class ConnectionFindings {
	readonly #checks: CheckTable;
	readonly #facts: ConnectionFacts;
	/** Those that concern no request, and those that are said once for the connection. */
	readonly #ofConnection = new Map<string, Finding>();

	constructor(checks: CheckTable, facts: ConnectionFacts) {
		this.#checks = checks;
		this.#facts = facts;
	}

	/** All that concern no single request, in the order in which they were found. */
	get ofConnection(): readonly Finding[] {
		return this.#ofConnection.size === 0
			? NOTHING
			: [...this.#ofConnection.values()];
	}

	/** Looks at a record, and returns what was not found before. */
	lookAtRecord(event: RecordEvent): readonly Finding[] {
		const { record, request, unexpected } = event;
		let found: Finding[] | undefined;
		const checks = this.#checks.ofKind(record.kind);
		for (let i = 0; i < checks.length; i++) {
			const check = checks[i] as (typeof checks)[number];
			const evidence = check.look(event, this.#facts);
			if (evidence === undefined) continue;
			found = this.#add(found, check, evidence, request, event.number);
		}
		if (unexpected !== undefined) {
			for (const check of this.#checks.ofReason(unexpected)) {
				const evidence = check.look(event, this.#facts);
				if (evidence === undefined) continue;
				found = this.#add(found, check, evidence, request, event.number);
			}
		}
		if (record.missing > 0) {
			for (const check of this.#checks.cutRecord) {
				const evidence = (check as CutRecordCheck).look(event, this.#facts);
				if (evidence === undefined) continue;
				found = this.#add(found, check, evidence, request, event.number);
			}
		}
		return found ?? NOTHING;
	}

	/** Looks at a request at one of its moments. */
	lookAtRequest(
		moment: RequestMoment,
		request: FcgiRequest,
	): readonly Finding[] {
		let found: Finding[] | undefined;
		const checks = this.#checks[moment];
		const whole = isWhole(request);
		for (let i = 0; i < checks.length; i++) {
			const check = checks[i] as (typeof checks)[number];
			if (!whole && check.evenDamaged !== true) continue;
			const evidence = check.look(request, this.#facts);
			if (evidence === undefined) continue;
			found = this.#add(found, check, evidence, request, undefined);
		}
		return found ?? NOTHING;
	}

	/** Looks at bytes that no record was made of. */
	lookAtSkipped(event: BytesSkippedEvent): readonly Finding[] {
		let found: Finding[] | undefined;
		for (const check of this.#checks.bytesSkipped) {
			const evidence = (check as SkippedCheck).look(event, this.#facts);
			if (evidence === undefined) continue;
			found = this.#add(found, check, evidence, undefined, undefined);
		}
		return found ?? NOTHING;
	}

	/** Looks at the connection when it was opened, or when no more of it comes. */
	lookAtConnection(
		moment: "connectionOpened" | "connectionClosed",
	): readonly Finding[] {
		let found: Finding[] | undefined;
		for (const check of this.#checks[moment]) {
			const evidence = (check as ConnectionCheck).look(this.#facts);
			if (evidence === undefined) continue;
			found = this.#add(found, check, evidence, undefined, undefined);
		}
		return found ?? NOTHING;
	}

	#add(
		found: Finding[] | undefined,
		check: Check,
		evidence: Evidence,
		request: FcgiRequest | undefined,
		record: number | undefined,
	): Finding[] | undefined {
		const { code } = check;
		const ofRequest = check.once === "connection" ? undefined : request;
		const before =
			ofRequest === undefined
				? this.#ofConnection.get(code)
				: ofRequest.findings.find((finding) => finding.code === code);
		if (before !== undefined) {
			before.count++;
			return found;
		}
		const said =
			typeof evidence === "string"
				? { severity: check.severity, message: evidence }
				: evidence;
		const finding: Finding = {
			code,
			severity: said.severity,
			detail: check.detail === true,
			section: check.section,
			message: said.message,
			diagnosis: check.diagnosis,
			remedies: remediesFor(
				check.remedies,
				this.#facts.webServer,
				this.#facts.application.software,
			),
			record,
			request: request?.number,
			connection: this.#facts.connection.number,
			count: 1,
		};
		if (ofRequest === undefined) this.#ofConnection.set(code, finding);
		else ofRequest.findings.push(finding);
		if (found === undefined) return [finding];
		found.push(finding);
		return found;
	}
}

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
