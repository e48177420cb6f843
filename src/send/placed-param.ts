// A parameter of a file and where it stands, for those who read files and those who say what is wrong with them.

import type { Param } from "./param.js";

/** A parameter and the line it begins on, from 1. */
export interface PlacedParam {
	readonly param: Param;
	readonly line: number;
}

/** Throws the one error of a file's reader. */
export type Refuse = (line: number, message: string) => never;
