// The fields of an HTTP request as curl takes them on its command line, and as the CGI variables that they become
// (RFC 3875, section 4.1.18). HTTP_PROXY never becomes one: programs take it for the address of their proxy (httpoxy).

import { FcgiInspectError } from "../errors.js";
import { byteText } from "./byte-text.js";
import { quoted } from "./quoted.js";

/** A field of a request: byte texts. */
export type HttpField = readonly [name: string, value: string];

/** A CGI variable: byte texts. */
export type Variable = readonly [name: string, value: string];

/** What `-H` says: a field, or that one of ours is not wanted. */
export type FieldWish =
	| { readonly kind: "field"; readonly field: HttpField }
	| { readonly kind: "without"; readonly name: string };

/** `Name: value`; `Name;` for an empty one; `Name:` takes away what would be sent otherwise. Throws FcgiInspectError. */
export function fieldWish(text: string): FieldWish {
	const [, name = "", mark, rest = ""] =
		/^([!#$%&'*+.^_`|~\w-]+)([:;])([\s\S]*)$/.exec(text) ?? [];
	// biome-ignore lint/suspicious/noControlCharactersInRegex: a field has none, a tab apart
	if (name === "" || /[\0-\x08\x0a-\x1f\x7f]/.test(rest)) {
		throw refused(text);
	}
	const value = byteText(rest).replace(/^[ \t]+|[ \t]+$/g, "");
	if (mark === ";") {
		if (value !== "") throw refused(text);
		return { kind: "field", field: [name, ""] };
	}
	if (value === "") return { kind: "without", name };
	return { kind: "field", field: [name, value] };
}

function refused(text: string): FcgiInspectError {
	return new FcgiInspectError(
		"usage",
		`${quoted(text)} is no header: 'Name: value', 'Name;' for an empty one, 'Name:' to leave one out`,
	);
}

/** How a server makes variables of fields. */
export interface FieldRules {
	/** Whether a field of this name becomes a variable. */
	readonly takes?: (name: string) => boolean;
	/** Fields that become variables of another name than HTTP_*, by their names in lower case. */
	readonly named?: Readonly<Record<string, string>>;
	/** What stands between the values of a field that is there twice; undefined where each is a variable. */
	readonly joint?: (name: string) => string;
	/** Whether a field with an empty value becomes a variable. */
	readonly empty?: boolean;
}

/** Variables of fields, and what is to be said of fields that are none. */
export interface FieldVariables {
	readonly variables: readonly Variable[];
	readonly remarks: readonly string[];
}

/** Names that are letters, digits and hyphens: others could be taken for one another, `A-B` and `A_B`. */
export const PLAIN_NAME = /^[A-Za-z\d-]+$/;

/** The CGI names of the two fields that tell of the body. */
export const CONTENT_NAMES: Readonly<Record<string, string>> = {
	"content-type": "CONTENT_TYPE",
	"content-length": "CONTENT_LENGTH",
};

/** The variables of fields, in the order of the fields. */
export function fieldVariables(
	fields: readonly HttpField[],
	rules: FieldRules,
): FieldVariables {
	const { takes = (name) => PLAIN_NAME.test(name), named = {} } = rules;
	const values = new Map<string, string[]>();
	const remarks: string[] = [];
	const variables: [name: string, values: string[], field: string][] = [];
	for (const [name, value] of fields) {
		if (value === "" && rules.empty === false) {
			remarks.push(`header ${name} is not sent, as it is empty`);
			continue;
		}
		const variable =
			named[name.toLowerCase()] ??
			`HTTP_${name.replace(/[^A-Za-z\d]/g, "_").toUpperCase()}`;
		if (variable === "HTTP_PROXY") {
			remarks.push(
				`header ${name} is not sent: HTTP_PROXY would be taken for a proxy's address (httpoxy); -P HTTP_PROXY=VALUE sends it`,
			);
			continue;
		}
		if (!takes(name)) {
			remarks.push(
				`header ${name} is not sent: servers make no variable of such a name; -P ${variable}=VALUE sends one`,
			);
			continue;
		}
		const before = values.get(variable);
		if (rules.joint !== undefined && before !== undefined) {
			before.push(value);
			continue;
		}
		const list = [value];
		values.set(variable, list);
		variables.push([variable, list, name]);
	}
	return {
		remarks,
		variables: variables.map(([variable, list, field]) => [
			variable,
			list.join(rules.joint?.(field.toLowerCase())),
		]),
	};
}

/** A comma between values, and a semicolon between cookies (RFC 9113, section 8.2.3). */
export function commaOrCookie(name: string): string {
	return name === "cookie" ? "; " : ", ";
}
