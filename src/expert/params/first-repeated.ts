// Names that come twice among the parameters.

import type { FcgiRequest, Param } from "../../inspect/request.js";

/** The first parameter that comes twice, with the same value or with another. */
export function firstRepeated(
	request: FcgiRequest,
	same: boolean,
): [name: string, first: string, last: string] | undefined {
	const { parameters } = request;
	if (request.parametersDamaged !== undefined) return undefined;
	if (!request.hasRepeatedNames) return undefined;
	const seen = new Map<string, string>();
	for (let i = 0; i < parameters.length; i++) {
		const { name, value } = parameters[i] as Param;
		const first = seen.get(name);
		if (first === undefined) seen.set(name, value);
		else if ((first === value) === same) {
			return [name, first, same ? value : (request.param(name) ?? value)];
		}
	}
	return undefined;
}
