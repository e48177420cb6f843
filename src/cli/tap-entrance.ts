import type { Entrance, Say } from "../live/entrance.js";
export interface EntranceOptions {
	readonly inherit?: boolean;
	readonly write?: string;
}
export async function entranceFor(
	_a: string | undefined,
	_w: readonly string[],
	_o: EntranceOptions,
	_say: Say,
): Promise<Entrance | undefined> {
	return undefined;
}
