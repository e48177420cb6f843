// The checks, sorted by what they look at, so that looking at a record costs no more than the checks of its kind.

import { RECORD_TYPES, type RecordKind } from "../fastcgi/constants.js";
import { NOTHING } from "../stage.js";
import type { Check, Evidence } from "./check.js";
import type { BytesSkippedEvent, RecordEvent } from "./event.js";
import type { ConnectionFacts } from "./facts.js";
import type { Unexpected } from "./lifecycle.js";
import type { FcgiRequest } from "./request.js";

/** A check, as what looks at one kind of subject. All have the same shape: finding `look` in a shape of its own costs more. */
export interface Look<Subject> {
	readonly check: Check;
	/** As in `RequestCheck`. */
	readonly evenDamaged: boolean;
	readonly look: (
		subject: Subject,
		facts: ConnectionFacts,
	) => Evidence | undefined;
}

/** Checks by what they look at. */
export class CheckTable {
	readonly #ofKind = new Map<RecordKind, readonly Look<RecordEvent>[]>();
	readonly #ofReason = new Map<Unexpected, readonly Look<RecordEvent>[]>();
	readonly cutRecord: readonly Look<RecordEvent>[];
	readonly bytesSkipped: readonly Look<BytesSkippedEvent>[];
	readonly connectionOpened: readonly Look<ConnectionFacts>[];
	readonly connectionClosed: readonly Look<ConnectionFacts>[];
	readonly requestBegan: readonly Look<FcgiRequest>[];
	readonly paramsEnded: readonly Look<FcgiRequest>[];
	readonly responseHead: readonly Look<FcgiRequest>[];
	readonly requestEnded: readonly Look<FcgiRequest>[];

	/** Whether there are none. */
	readonly empty: boolean;

	constructor(checks: readonly Check[]) {
		this.empty = checks.length === 0;
		const kinds = new Set<RecordKind>(RECORD_TYPES.map(({ kind }) => kind));
		for (const kind of [...kinds, "unknown"] as const) {
			const its = checks.flatMap((check) =>
				check.on === "record" && (check.kinds?.includes(kind) ?? true)
					? [lookOf(check)]
					: [],
			);
			this.#ofKind.set(kind, its);
		}
		for (const check of checks) {
			if (check.on !== "unexpected") continue;
			for (const reason of check.reasons) {
				const its = this.#ofReason.get(reason) ?? NOTHING;
				this.#ofReason.set(reason, [...its, lookOf(check)]);
			}
		}
		this.cutRecord = on(checks, "cutRecord").map(lookOf);
		this.bytesSkipped = on(checks, "bytesSkipped").map(lookOf);
		this.connectionOpened = on(checks, "connectionOpened").map(lookOf);
		this.connectionClosed = on(checks, "connectionClosed").map(lookOf);
		this.requestBegan = on(checks, "requestBegan").map(lookOf);
		this.paramsEnded = on(checks, "paramsEnded").map(lookOf);
		this.responseHead = on(checks, "responseHead").map(lookOf);
		this.requestEnded = on(checks, "requestEnded").map(lookOf);
	}

	/** The checks of a kind of record. */
	ofKind(kind: RecordKind): readonly Look<RecordEvent>[] {
		return this.#ofKind.get(kind) ?? NOTHING;
	}

	/** The checks of records that are unexpected for a reason. */
	ofReason(reason: Unexpected): readonly Look<RecordEvent>[] {
		return this.#ofReason.get(reason) ?? NOTHING;
	}
}

/** The checks that look at one thing, but for those that choose among kinds and reasons. */
function on<On extends Check["on"]>(
	checks: readonly Check[],
	name: On,
): (Check & { on: On })[] {
	return checks.filter(
		(check): check is Check & { on: On } => check.on === name,
	);
}

function lookOf<Subject>(
	check: Check & Pick<Look<Subject>, "look">,
): Look<Subject> {
	const evenDamaged = "evenDamaged" in check && check.evenDamaged === true;
	return { check, evenDamaged, look: check.look };
}
