// The checks, sorted by what they look at, so that looking at a record costs no more than the checks of its kind.

import { RECORD_TYPES, type RecordKind } from "../fastcgi/constants.js";
import { NOTHING } from "../stage.js";
import type {
	Check,
	ConnectionCheck,
	CutRecordCheck,
	RecordCheck,
	RequestCheck,
	SkippedCheck,
	UnexpectedCheck,
} from "./check.js";
import type { Unexpected } from "./lifecycle.js";

/** Checks by what they look at. */
export class CheckTable {
	readonly #ofKind = new Map<RecordKind, RecordCheck[]>();
	readonly #ofReason = new Map<Unexpected, UnexpectedCheck[]>();
	readonly cutRecord: readonly CutRecordCheck[];
	readonly bytesSkipped: readonly SkippedCheck[];
	readonly connectionOpened: readonly ConnectionCheck[];
	readonly connectionClosed: readonly ConnectionCheck[];
	readonly requestBegan: readonly RequestCheck[];
	readonly paramsEnded: readonly RequestCheck[];
	readonly responseHead: readonly RequestCheck[];
	readonly requestEnded: readonly RequestCheck[];

	constructor(checks: readonly Check[]) {
		const kinds = new Set<RecordKind>(RECORD_TYPES.map(({ kind }) => kind));
		kinds.add("unknown");
		for (const check of checks) {
			if (check.on === "record") {
				for (const kind of check.kinds ?? kinds) {
					addTo(this.#ofKind, kind, check);
				}
			} else if (check.on === "unexpected") {
				for (const reason of check.reasons) {
					addTo(this.#ofReason, reason, check);
				}
			}
		}
		const on = <On extends Check["on"]>(name: On) =>
			checks.filter((check): check is Check & { on: On } => check.on === name);
		this.cutRecord = on("cutRecord");
		this.bytesSkipped = on("bytesSkipped");
		this.connectionOpened = on("connectionOpened");
		this.connectionClosed = on("connectionClosed");
		this.requestBegan = on("requestBegan");
		this.paramsEnded = on("paramsEnded");
		this.responseHead = on("responseHead");
		this.requestEnded = on("requestEnded");
	}

	/** The checks of a kind of record. */
	ofKind(kind: RecordKind): readonly RecordCheck[] {
		return this.#ofKind.get(kind) ?? NOTHING;
	}

	/** The checks of records that are unexpected for a reason. */
	ofReason(reason: Unexpected): readonly UnexpectedCheck[] {
		return this.#ofReason.get(reason) ?? NOTHING;
	}
}

function addTo<Key, Value>(
	map: Map<Key, Value[]>,
	key: Key,
	value: Value,
): void {
	const values = map.get(key);
	if (values === undefined) map.set(key, [value]);
	else values.push(value);
}
