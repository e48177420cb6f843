// The parameters of a request while PARAMS come in (specification, section 3.4): pieces of the stream into pairs, and why
// they are not all there.

import { NameValueDecoder } from "../fastcgi/name-value-decoder.js";
import type { NameValue } from "../fastcgi/name-values.js";
import type { FcgiRecord } from "../fastcgi/record.js";
import { NOTHING } from "../stage.js";
import { ParamIndex } from "./param-index.js";
import type { Param, StreamState, UnfinishedPair } from "./request.js";

/** Most PARAMS bytes that are kept of one request: twice what Linux lets a whole environment hold (ARG_MAX, 2 MiB). */
export const MAX_PARAMS_BYTES = 4 * 1024 * 1024;

/** What keeping a pair costs besides its bytes, so that the number of empty ones is bounded, too. */
const PARAM_COST = 64;

/** Who says whether there is room. */
interface Keeper {
	/** Counts bytes that are about to be kept; false where there is no room for them. */
	keep(bytes: number): boolean;
}

/** The parameters of one request. */
export class RequestParams {
	/** In the order sent, repeated names included. */
	readonly all: Param[] = [];
	/** As `parametersDamaged` of a request. */
	damage: "missing" | "malformed" | "too-long" | undefined;
	readonly #index = new ParamIndex();
	readonly #nameValues = new NameValueDecoder({
		maxPairLength: MAX_PARAMS_BYTES,
	});
	#kept = 0;
	/** Whether nothing of PARAMS can be told any more. */
	#lost = false;
	/** Whether that is because the rest of them is covered. */
	#covered = false;

	/** The value of a parameter, of a repeated one the last. */
	find(name: string): string | undefined {
		return this.#index.find(this.all, name);
	}

	/** Whether a name comes more than once. */
	get hasRepeatedNames(): boolean {
		return this.#index.hasRepeated(this.all);
	}

	/** The pair of which the end is not there. */
	get unfinished(): UnfinishedPair | undefined {
		return this.#nameValues.pending;
	}

	/** Takes a piece of PARAMS and returns the pairs that end in it, or in its `legible` bytes. */
	take(
		record: FcgiRecord,
		keeper: Keeper,
		legible?: number,
	): readonly NameValue[] {
		if (this.#lost) return NOTHING;
		if (legible !== undefined) {
			const contentData = record.contentData.subarray(0, legible);
			const holes = record.holes.filter(({ at }) => at <= legible);
			const pairs = this.take({ ...record, contentData, holes }, keeper);
			this.#covered = !this.#lost;
			if (this.#covered) this.#lose("missing");
			return pairs;
		}
		if (!keeper.keep(record.contentData.length)) {
			this.#lose("too-long");
			return NOTHING;
		}
		const pairs = this.#pairsOf(record);
		for (let i = 0; i < pairs.length; i++) {
			this.all.push(paramOf(pairs[i] as NameValue));
		}
		const cost = PARAM_COST * pairs.length;
		this.#kept += record.contentData.length + cost;
		if (this.#kept > MAX_PARAMS_BYTES || !keeper.keep(cost))
			this.#lose("too-long");
		else if (this.#nameValues.tooLong) this.#lose("too-long");
		return pairs;
	}

	/** The pairs that end in a piece of PARAMS; of one with holes, those that are whole and whose place is known. */
	#pairsOf({ contentData, holes }: FcgiRecord): readonly NameValue[] {
		if (holes.length === 0) return this.#nameValues.push(contentData);
		this.damage = "missing";
		const pairs: NameValue[] = [];
		let from = 0;
		for (const { at, length } of holes) {
			pairs.push(...this.#nameValues.push(contentData.subarray(from, at)));
			from = at;
			if (this.#nameValues.skip(length)) continue;
			this.#lost = true;
			return pairs;
		}
		pairs.push(...this.#nameValues.push(contentData.subarray(from)));
		return pairs;
	}

	#lose(damage: "missing" | "too-long"): void {
		this.damage = damage;
		this.#lost = true;
	}

	/** Says that bytes of PARAMS are missing, and nobody knows how many. */
	loseRest(): void {
		this.damage ??= "missing";
		this.#lost = true;
	}

	/** Says that no more PARAMS follow; `requestDamaged` where records of the request may be missing. */
	end(params: StreamState, requestDamaged: boolean): void {
		const pending = this.unfinished;
		if (pending === undefined) return;
		const whole = !requestDamaged && params.ended && params.missing === 0;
		if (!this.#nameValues.tooLong && !this.#covered) {
			this.damage ??= whole ? "malformed" : "missing";
		} else if (whole && endOf(pending) > params.bytes) {
			// It was given up for its length, or by the redactor, and there never were so many bytes.
			this.damage = "malformed";
		}
	}
}

/** Where a pair ends at the earliest: bytes since the start of PARAMS. */
function endOf({ offset, nameLength, valueLength }: UnfinishedPair): number {
	return offset + (nameLength ?? 0) + (valueLength ?? 0);
}

function paramOf(pair: NameValue): Param {
	const name = pair.nameText;
	const value = pair.valueText;
	return {
		name: name.text,
		value: value.text,
		latin1: name.latin1 || value.latin1,
	};
}
