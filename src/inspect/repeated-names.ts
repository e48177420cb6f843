// Whether a name is among the parameters of a request more than once. It is asked of each request, and hardly ever so.

import type { Param } from "./request.js";

/** Whether two parameters have the same name. */
export function hasRepeatedName(parameters: readonly Param[]): boolean {
	return mayRepeat(parameters) && doesRepeat(parameters);
}

/** Marks of names by a number made of three of their characters: 4,096 of them, so that twenty names rarely meet. */
const marks = new Uint32Array(4096);
let round = 0;

/** False if no name is repeated; that can be told from the marks without a Set, which takes ten times as long. */
function mayRepeat(parameters: readonly Param[]): boolean {
	round = round === 0xffffffff ? 1 : round + 1;
	if (round === 1) marks.fill(0);
	for (const { name } of parameters) {
		const { length } = name;
		const mark =
			(length * 1021 +
				name.charCodeAt(0) * 31 +
				name.charCodeAt(length >> 1) * 257 +
				name.charCodeAt(length - 2) * 67) &
			4095;
		if (marks[mark] === round) return true;
		marks[mark] = round;
	}
	return false;
}

function doesRepeat(parameters: readonly Param[]): boolean {
	const names = new Set<string>();
	for (const param of parameters) names.add(param.name);
	return names.size !== parameters.length;
}
