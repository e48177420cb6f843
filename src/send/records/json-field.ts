// Fields of a JSON object as what they have to be. What is wrong is said with the path of the field.

import type { JsonObject } from "./json-objects.js";

/** Says what is wrong with a field, and throws. */
export type RefuseField = (path: string, message: string) => never;

/** A whole number from 0 to `most`; undefined where the field is left out. */
export function numberAt(
	object: JsonObject,
	field: string,
	most: number,
	refuse: RefuseField,
	path = field,
): number | undefined {
	const value = object[field];
	if (value === undefined) return undefined;
	if (typeof value === "number" && Number.isInteger(value)) {
		if (value >= 0 && value <= most) return value;
	}
	return refuse(path, `a whole number from 0 to ${most}, not ${shown(value)}`);
}

/** A number, or a name of a table that stands for one; undefined where the field is left out. */
export function nameOrNumberAt(
	object: JsonObject,
	field: string,
	table: readonly { readonly name: string; readonly number: number }[],
	most: number,
	refuse: RefuseField,
	path = field,
): number | undefined {
	const value = object[field];
	const row = table.find(({ name }) => name === value);
	if (row !== undefined) return row.number;
	if (typeof value !== "string") {
		return numberAt(object, field, most, refuse, path);
	}
	const example = table[0]?.name ?? "";
	return refuse(
		path,
		`a name such as ${example} or a number from 0 to ${most}, not ${shown(value)}`,
	);
}

/** An object; undefined where the field is left out. */
export function objectAt(
	object: JsonObject,
	field: string,
	refuse: RefuseField,
): JsonObject | undefined {
	const value = object[field];
	if (value === undefined) return undefined;
	if (typeof value === "object" && value !== null && !Array.isArray(value)) {
		return value as JsonObject;
	}
	return refuse(field, `an object in braces, not ${shown(value)}`);
}

/** Refuses fields that are not among those which are known: a misspelt one would be left aside without a word. */
export function refuseOthers(
	object: JsonObject,
	known: ReadonlySet<string>,
	refuse: RefuseField,
	path = "",
): void {
	for (const field in object) {
		if (known.has(field)) continue;
		refuse(
			path === "" ? shown(field) : `${path}.${field.slice(0, SHOWN)}`,
			`no field that is known here; there are ${[...known].join(", ")}`,
		);
	}
}

/** A text as its UTF-8 bytes. */
export function utf8(text: string, path: string, refuse: RefuseField): Buffer {
	// Half a pair has no UTF-8, and would be replaced without a word.
	if (/\p{Surrogate}/u.test(text)) {
		refuse(path, "\\ud800 to \\udfff stand in pairs only; base64 has any byte");
	}
	return Buffer.from(text);
}

/** Characters of a value that are shown. */
const SHOWN = 40;

/** A value in a message. */
export function shown(value: unknown): string {
	if (Array.isArray(value)) return "an array";
	if (typeof value === "object" && value !== null) return "an object";
	const text = JSON.stringify(value) ?? "nothing";
	return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}...`;
}
