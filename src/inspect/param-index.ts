// Finds parameters by their name. There are some twenty to a request and a dozen are asked for, so that making a Map of them
// costs more than all the answers: names are compared by a number first.

import type { Param } from "./request.js";

/** Beyond this many names, looking through them takes longer than making a Map of them. */
const MAX_COMPARED = 64;

/** The names of one request's parameters. */
export class ParamIndex {
	/** A number for each name, as far as they were looked at. */
	#keys: number[] | undefined;
	/** Where there are many: the values by name, of so many parameters. */
	#values: Map<string, string> | undefined;
	#mapped = 0;
	/** For how many names it was found out last whether one comes again, and whether one does. */
	#looked = 0;
	#repeated = false;

	/** The value of a parameter, of a repeated one the last. */
	find(parameters: readonly Param[], name: string): string | undefined {
		if (parameters.length > MAX_COMPARED)
			return this.#map(parameters).get(name);
		const keys = this.#keysOf(parameters);
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
		if (parameters.length > MAX_COMPARED) {
			return this.#map(parameters).size < parameters.length;
		}
		const keys = this.#keysOf(parameters);
		if (!mayRepeat(keys)) return false;
		const names = new Set(parameters.map(({ name }) => name));
		return names.size < parameters.length;
	}

	/** The numbers, continued: parameters come record by record. */
	#keysOf(parameters: readonly Param[]): readonly number[] {
		let keys = this.#keys;
		if (keys === undefined) {
			// Nearly always all parameters are there: a list of the right size does not grow.
			keys = new Array<number>(parameters.length);
			for (let i = 0; i < parameters.length; i++) {
				keys[i] = keyOf((parameters[i] as Param).name);
			}
			this.#keys = keys;
			return keys;
		}
		for (let i = keys.length; i < parameters.length; i++) {
			keys.push(keyOf((parameters[i] as Param).name));
		}
		return keys;
	}

	/** The Map, continued. */
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

/** The round in which each of 4,096 marks was set last: so many that the numbers of twenty names rarely meet. */
const marks = new Uint32Array(4096);
let round = 0;

/** False if no two numbers are the same, which can be told from the marks at a tenth of what a Set costs. */
function mayRepeat(keys: readonly number[]): boolean {
	round = round === 0xffffffff ? 1 : round + 1;
	if (round === 1) marks.fill(0);
	for (let i = 0; i < keys.length; i++) {
		const key = keys[i] as number;
		const mark = (key ^ (key >> 9)) & 4095;
		if (marks[mark] === round) return true;
		marks[mark] = round;
	}
	return false;
}
