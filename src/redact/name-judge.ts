// Judges names by the tables of secret-names: what is to be done with the value that a name stands for. It never sees
// values.

import { NOTHING } from "../stage.js";
import type { NameBytes } from "./name-bytes.js";
import {
	ADDRESS_WORDS,
	COOKIE_NAMES,
	COUNTING_WORDS,
	HARMLESS_KEYS,
	HARMLESS_PARAMETERS,
	HARMLESS_WORDS,
	KEY_KINDS,
	LINES_NAMES,
	LISTED_NAMES,
	MEASURES,
	NAME_PREFIXES,
	QUERY_ENDINGS,
	SECRET_LAST_WORDS,
	SECRET_PARTS,
	SECRET_PHRASES,
	SECRET_WORDS,
	SERVICE_WORDS,
	SET_COOKIE_NAMES,
} from "./secret-names.js";

/** What to do with the value of a parameter or of a header field. `url`: look for fields of a query in it. */
type Treatment =
	| "whole"
	| "cookies"
	| "setCookie"
	| "credentials"
	| "connection"
	| "lines"
	| "query"
	| "url";

/** What a name stands for. */
export interface Judgement {
	/** For a parameter or a header field. */
	readonly treatment: Treatment;
	/** Whether a field of a form, a query or JSON with this name is a secret. */
	readonly secretField: boolean;
	/** Whether it is one in running text, too, where `auth:` or `session:` is mostly a word of a sentence. */
	readonly secretInText: boolean;
	/** What is missing of the names of secrets that begin like this one, if its length is a lie. */
	readonly rests: readonly string[];
}

/** Names whose judgement is kept: applications have some dozens. */
const MAX_KEPT = 2048;

interface Kept {
	readonly bytes: Uint8Array;
	readonly judgement: Judgement;
}

/** The judge of names, with those that a person adds. */
export class NameJudge {
	readonly #extra: ReadonlySet<string>;
	/** By the hash of the name. */
	readonly #kept = new Map<number, Kept>();

	constructor(extraNames: readonly string[] = []) {
		this.#extra = new Set(
			extraNames
				.map((name) => withoutPrefix(plainName(name)))
				.filter((name) => name !== ""),
		);
	}

	/** What a name stands for. One that is too long to be read is a secret's. */
	judgeBytes(name: NameBytes): Judgement {
		if (name.tooLong) return UNREADABLE;
		// Making text of each name would cost more than all the rest.
		const known = this.#kept.get(name.hash);
		if (known !== undefined && name.equals(known.bytes)) return known.judgement;
		if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
		const judgement = this.judge(name.toString());
		this.#kept.set(name.hash, { bytes: name.copy(), judgement });
		return judgement;
	}

	/** What a name stands for; upper and lower case, `-` and `_` are alike. */
	judge(name: string): Judgement {
		const rests = restsOf(name);
		if (this.#extra.size === 0 && !MAY_MATTER.test(name)) {
			return rests.length === 0 ? HARMLESS : { ...HARMLESS, rests };
		}
		const plain = plainName(name);
		const words = wordsOf(name);
		const extra = this.#isExtra(name, plain);
		const treatment = treatmentOf(plain, words);
		const secretField = isSecret(words);
		return {
			treatment: extra ? "whole" : treatment,
			secretField: extra || secretField || SPECIAL.has(treatment),
			secretInText:
				extra ||
				(secretField && words.some((word) => hasSecretPart(word))) ||
				LISTS.has(treatment),
			rests,
		};
	}

	/** Whether it was asked for: as it is, as a header field, or as the last part of `user[name]`. */
	#isExtra(name: string, plain: string): boolean {
		if (this.#extra.size === 0) return false;
		if (this.#extra.has(withoutPrefix(plain))) return true;
		const part = /([^[\]]+)\]?$/.exec(name)?.[1] ?? "";
		return this.#extra.has(plainName(part));
	}
}

const UNREADABLE: Judgement = {
	treatment: "whole",
	secretField: true,
	// Prose has long words, but no long names.
	secretInText: false,
	rests: NOTHING,
};

const HARMLESS: Judgement = {
	treatment: "url",
	secretField: false,
	secretInText: false,
	rests: NOTHING,
};

/** Finds in a name, at a tenth of the cost, whether any of the tables may have something to say of it. */
const MAY_MATTER = new RegExp(
	[
		...SECRET_PARTS,
		...SECRET_WORDS,
		...SECRET_LAST_WORDS,
		...[...SECRET_PHRASES, ...LINES_NAMES, ...QUERY_ENDINGS].map(
			(phrase) => phrase.split("_", 1)[0] ?? "",
		),
		...["COOKIE", "KEY", "PROXY", ...ADDRESS_WORDS],
	].join("|"),
	"i",
);

/** Treatments that make a field a secret as well: `{"cookie": "..."}`. */
const SPECIAL: ReadonlySet<Treatment> = new Set([
	...(["whole", "cookies", "setCookie", "credentials", "connection"] as const),
]);

/** Treatments of header fields whose values have several words. */
const LISTS: ReadonlySet<Treatment> = new Set([
	...(["cookies", "setCookie", "credentials"] as const),
]);

function treatmentOf(plain: string, words: readonly string[]): Treatment {
	const header = withoutPrefix(plain);
	if (COOKIE_NAMES.includes(header)) return "cookies";
	if (SET_COOKIE_NAMES.includes(header)) return "setCookie";
	if (LISTED_NAMES.some((listed) => goesOn(plain, listed))) return "whole";
	if (words.includes("AUTHORIZATION")) return "credentials";
	if (LINES_NAMES.includes(plain.replace(/_$/, ""))) return "lines";
	if (QUERY_ENDINGS.some((ending) => plain.endsWith(ending))) return "query";
	if (HARMLESS_PARAMETERS.includes(plain)) return "url";
	if (isSecret(words)) return "whole";
	return isConnection(words) ? "connection" : "url";
}

/** Whether a name is another one with a letter or digit more: where its length is a lie, that is of the value. */
function goesOn(name: string, start: string): boolean {
	return name.startsWith(start) && /[A-Z0-9]/.test(name[start.length] ?? "");
}

function restsOf(name: string): readonly string[] {
	const begun = LISTED_NAMES.filter(
		(listed) =>
			name !== "" && name.length < listed.length && listed.startsWith(name),
	);
	return begun.length === 0
		? NOTHING
		: begun.map((listed) => listed.slice(name.length));
}

function isConnection(words: readonly string[]): boolean {
	const last = words.at(-1) ?? "";
	if (last === "PROXY") return words.length > 1;
	if (last.endsWith("DSN")) return true;
	return (
		ADDRESS_WORDS.includes(last) &&
		words.some((word) => SERVICE_WORDS.includes(word))
	);
}

function isSecret(words: readonly string[]): boolean {
	const last = words.at(-1) ?? "";
	if (MEASURES.includes(last)) return false;
	if (last.endsWith("S") && COUNTING_WORDS.includes(words[0] ?? "")) {
		return false;
	}
	const phrase = `_${words.join("_")}_`;
	return (
		words.some((word) => SECRET_WORDS.includes(word) || hasSecretPart(word)) ||
		SECRET_LAST_WORDS.includes(last) ||
		SECRET_PHRASES.some((wanted) => phrase.includes(`_${wanted}_`)) ||
		/_SESSION(_[^_]+)*_ID_/.test(phrase) ||
		isKey(words)
	);
}

function isKey(words: readonly string[]): boolean {
	const last = words.at(-1) ?? "";
	if (last !== "KEY") {
		return KEY_KINDS.some((kind) => last === `${kind}KEY`);
	}
	return words.length > 1 && !HARMLESS_KEYS.includes(words.at(-2) ?? "");
}

function hasSecretPart(word: string): boolean {
	return (
		SECRET_PARTS.some((part) => word.includes(part)) &&
		!HARMLESS_WORDS.some((harmless) => word.startsWith(harmless))
	);
}

/** In upper case, with `_` for whatever is no letter or digit, and none in front: a byte order mark is no part of a name. */
function plainName(name: string): string {
	return name
		.toUpperCase()
		.replaceAll(/[^A-Z0-9]+/g, "_")
		.replace(/^_/, "");
}

function withoutPrefix(plain: string): string {
	let rest = plain;
	for (const prefix of NAME_PREFIXES) {
		while (rest.startsWith(prefix)) rest = rest.slice(prefix.length);
	}
	// A space may stand in front of the colon.
	return rest.replace(/_$/, "");
}

/** The words of a name, in upper case: parted by what is no letter or digit, and by a capital behind a small letter. */
function wordsOf(name: string): readonly string[] {
	const parted = name
		.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
		.replaceAll(/([A-Z])([A-Z][a-z])/g, "$1_$2");
	const words = plainName(parted).split("_");
	// `pass2` is a pass as well.
	return words
		.map((word) => word.replace(/(\D)\d{1,3}$/, "$1"))
		.filter((word) => word !== "");
}
