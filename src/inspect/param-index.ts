// Finds parameters by their name. There are some twenty to a request and a dozen are asked for, so that making a Map of them
// costs more than all the answers: names are compared by a number first.

import type { Param } from "./request.js";

/** Beyond this many names, looking through them takes longer than making a Map of them. */
const MAX_COMPARED = 64;

/** The names of one request's parameters. */
export class ParamIndex {
	readonly #keys: number[] = [];
	/** Where there are many: the values by name, of so many parameters. */
	#values: Map<string, string> | undefined;
	#mapped = 0;
	/** For how many names it was found out last whether one comes again, and whether one does. */
	#looked = 0;
	#repeated = false;

	/** Takes the name of the next parameter. */
	add(name: string): void {
		this.#keys.push(keyOf(name));
	}

	/** The value of a parameter, of a repeated one the last. */
	find(parameters: readonly Param[], name: string): string | undefined {
		const keys = this.#keys;
		if (keys.length > MAX_COMPARED) return this.#map(parameters).get(name);
		const key = keyOf(name);
		for (let i = keys.length - 1; i >= 0; i--) {
			if (keys[i] !== key) continue;
			const param = parameters[i];
			if (param?.name === name) return param.value;
		}
		return undefined;
	}

	/** Whether a name comes more than once. */
	hasRepeated(parameters: readonly Param[]): boolean {
		if (this.#looked !== parameters.length) {
			this.#looked = parameters.length;
			this.#repeated = this.#findRepeated(parameters);
		}
		return this.#repeated;
	}

	#findRepeated(parameters: readonly Param[]): boolean {
		const keys = this.#keys;
		if (keys.length > MAX_COMPARED) {
			return this.#map(parameters).size < parameters.length;
		}
		for (let i = 1; i < keys.length; i++) {
			const key = keys[i];
			for (let j = 0; j < i; j++) {
				if (keys[j] !== key) continue;
				if (parameters[i]?.name === parameters[j]?.name) return true;
			}
		}
		return false;
	}

	/** The Map, continued: parameters come record by record. */
	#map(parameters: readonly Param[]): ReadonlyMap<string, string> {
		this.#values ??= new Map();
		for (; this.#mapped < parameters.length; this.#mapped++) {
			const { name, value } = parameters[this.#mapped] as Param;
			this.#values.set(name, value);
		}
		return this.#values;
	}
}

/** A small integer that differs for most names: of the length, and of the last and the middle character. */
function keyOf(name: string): number {
	const { length } = name;
	if (length === 0) return 0;
	return (
		((length & 0xff) << 16) ^
		(name.charCodeAt(length - 1) << 8) ^
		name.charCodeAt(length >> 1)
	);
}
