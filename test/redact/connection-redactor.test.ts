// Random secrets in each kind of place, between fields that are none, cut at random into records: the secret is covered,
// nothing else is, and the cuts make no difference.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRedactor } from "../../src/redact/index.js";
import { cutsOf } from "../support/arbitraries.js";
import {
	begun,
	begunOnly,
	type Kind,
	pairsOf,
	push,
	pushCut,
} from "./redacted.js";

/** Text of a stream, in pieces that are secret and pieces that are not. */
type Pieces = readonly { readonly text: string; readonly secret: boolean }[];

interface Place {
	readonly kind: Kind;
	readonly type?: string;
	readonly pieces: fc.Arbitrary<Pieces>;
}

/** Letters and marks that need no encoding anywhere; eight at least, so that none is found by chance. */
const plain = charactersOf("ABCXYZabcxyz0189-_.~!*+/:@", 8);
/** Any bytes. */
const anything = fc
	.uint8Array({ minLength: 8, maxLength: 300 })
	.map((bytes) => Buffer.from(bytes).toString("latin1"));

function charactersOf(characters: string, minLength: number) {
	return fc
		.array(fc.constantFrom(...characters), { minLength, maxLength: 60 })
		.map((found) => found.join(""));
}

const secretName = fc.constantFrom(
	...["password", "Passwd", "api_key", "apiKey", "access_token", "PHPSESSID"],
	...["user[password]", "client_secret", "sid", "x-auth-token", "signature"],
);
const harmlessName = fc.constantFrom(
	...["user", "key", "page", "q", "id[]", "keyboard", "design", "code", "a"],
);
const harmlessValue = charactersOf("abc019-_.", 0);

function shown(text: string) {
	return { text, secret: false };
}

function hidden(text: string) {
	return { text, secret: true };
}

/** A name with some of its bytes percent-encoded. */
function encoded(name: string, choices: readonly boolean[]): string {
	return [...name]
		.map((character, i) =>
			choices[i % choices.length]
				? `%${character.charCodeAt(0).toString(16)}`
				: character,
		)
		.join("");
}

const choices = fc.array(fc.boolean(), { minLength: 1, maxLength: 9 });

/** Fields of a query or a form, some secret. */
function fields(value: fc.Arbitrary<string>): fc.Arbitrary<Pieces> {
	const secretField = fc
		.tuple(secretName, value, choices)
		.map(([name, text, coded]) => [
			shown(`${encoded(name, coded)}=`),
			hidden(text),
		]);
	const field = fc
		.tuple(harmlessName, harmlessValue)
		.map(([name, text]) => [shown(`${name}=${text}`)]);
	return fc
		.array(fc.oneof(secretField, field), { minLength: 1, maxLength: 8 })
		.map((all) => between(all, "&"));
}

function between(all: readonly Pieces[], separator: string): Pieces {
	return all.flatMap((pieces, i) =>
		i === 0 ? pieces : [shown(separator), ...pieces],
	);
}

/** Pairs of which some have a value as given. */
function pairs(
	name: fc.Arbitrary<string>,
	value: fc.Arbitrary<Pieces>,
): fc.Arbitrary<Pieces> {
	const pair = fc.tuple(name, value).map(([called, pieces]) => {
		const text = pieces.map((piece) => piece.text).join("");
		const whole = pairsOf([[called, text]]).toString("latin1");
		const head = whole.slice(0, whole.length - text.length);
		return [shown(head), ...pieces];
	});
	const harmless = fc
		.tuple(fc.constantFrom("HTTP_HOST", "PATH_INFO", "X"), harmlessValue)
		.map(([called, text]) => [
			shown(pairsOf([[called, text]]).toString("latin1")),
		]);
	return fc
		.array(fc.oneof(pair, harmless), { minLength: 1, maxLength: 8 })
		.map((all) => all.flat());
}

/** A value of JSON, all of it secret or not. */
function jsonValue(secret: boolean): fc.Arbitrary<Pieces> {
	const text = secret ? fc.oneof(plain, fc.string()) : harmlessValue;
	const string = text.map((value) => {
		const quoted = Buffer.from(JSON.stringify(value)).toString("latin1");
		return [shown('"'), { text: quoted.slice(1, -1), secret }, shown('"')];
	});
	const number = fc
		.double({ noNaN: true, noDefaultInfinity: true })
		.map((value) => [{ text: JSON.stringify(value), secret }]);
	const literal = fc
		.constantFrom("true", "false", "null")
		.map((word) => [shown(word)]);
	return fc.oneof({ weight: 4, arbitrary: string }, number, literal);
}

const jsonObject: fc.Arbitrary<Pieces> = fc.letrec<{ value: Pieces }>((tie) => {
	const space = fc.constantFrom("", " ", "\n");
	const member = (name: fc.Arbitrary<string>, value: fc.Arbitrary<Pieces>) =>
		fc
			.tuple(name, space, value)
			.map(
				([called, gap, pieces]): Pieces => [
					shown(`${JSON.stringify(called)}${gap}:${gap}`),
					...pieces,
				],
			);
	const list = (items: fc.Arbitrary<Pieces>) =>
		fc
			.array(items, { maxLength: 3 })
			.map((all): Pieces => [shown("["), ...between(all, ","), shown("]")]);
	const nested = list(
		fc.oneof(
			jsonValue(true),
			member(harmlessName, jsonValue(true)).map(
				(pieces): Pieces => [shown("{"), ...pieces, shown("}")],
			),
		),
	);
	return {
		value: fc
			.array(
				fc.oneof(
					member(secretName, fc.oneof(jsonValue(true), nested)),
					member(harmlessName, jsonValue(false)),
					member(harmlessName, list(jsonValue(false))),
					{ weight: 1, arbitrary: member(harmlessName, tie("value")) },
				),
				{ maxLength: 4 },
			)
			.map((all): Pieces => [shown("{"), ...between(all, ","), shown("}")]),
	};
}).value;

/** Parts of a form with files, their lines ended in CR LF. */
const parts = fc
	.array(
		fc.oneof(
			fc
				.tuple(secretName, plain)
				.map(([name, text]) => partOf(name, hidden(text))),
			fc
				.tuple(
					harmlessName,
					fc.oneof(harmlessValue, fc.constant("\r\n--X\r\nsid=1")),
				)
				.map(([name, text]) => partOf(name, shown(text))),
		),
		{ maxLength: 5 },
	)
	.map((all): Pieces => [...all.flat(), shown("--XyZ--\r\n")]);

function partOf(name: string, content: Pieces[number]): Pieces {
	const head = `--XyZ\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`;
	return [shown(head), content, shown("\r\n")];
}

function whole(value: fc.Arbitrary<string>): fc.Arbitrary<Pieces> {
	return value.map((text) => [hidden(text)]);
}

function prefixed(
	text: string,
	pieces: fc.Arbitrary<Pieces>,
): fc.Arbitrary<Pieces> {
	return pieces.map((all) => [shown(text), ...all]);
}

const cookies = fc
	.array(fc.tuple(harmlessName, plain), { minLength: 1, maxLength: 4 })
	.map((all) =>
		between(
			all.map(([name, text]) => [shown(`${name}=`), hidden(text)]),
			"; ",
		),
	);

const cookieHead = fc
	.array(fc.tuple(harmlessName, plain), { maxLength: 4 })
	.map(
		(all): Pieces => [
			shown("Status: 302 Found\r\n"),
			...all.flatMap(([name, text]) => [
				shown(`Set-Cookie: ${name}=`),
				hidden(text),
				shown("; path=/; HttpOnly\r\n"),
			]),
			shown("\r\nSet-Cookie: a=b"),
		],
	);

const FORM = "application/x-www-form-urlencoded";
const noHash = charactersOf("ABCxyz019 \"'<>;=%/?@:", 8);

const PLACES: Readonly<Record<string, Place>> = {
	"a parameter": {
		kind: "params",
		pieces: pairs(
			fc.constantFrom("PHP_AUTH_PW", "REMOTE_PASSWD", "HTTP_X_API_KEY"),
			whole(anything),
		),
	},
	HTTP_COOKIE: {
		kind: "params",
		pieces: pairs(fc.constant("HTTP_COOKIE"), cookies),
	},
	HTTP_AUTHORIZATION: {
		kind: "params",
		pieces: pairs(
			fc.constant("HTTP_AUTHORIZATION"),
			prefixed("Basic ", whole(anything)),
		),
	},
	QUERY_STRING: {
		kind: "params",
		pieces: pairs(fc.constant("QUERY_STRING"), fields(noHash)),
	},
	"an address": {
		kind: "params",
		pieces: pairs(
			fc.constantFrom("REQUEST_URI", "HTTP_REFERER", "HTTP_X_ORIGINAL_URL"),
			prefixed("http://localhost:8080/?", fields(noHash)),
		),
	},
	"a form": {
		kind: "stdin",
		type: FORM,
		pieces: fields(charactersOf("ABCxyz019 \"'<>;=%#/?@:", 8)),
	},
	"a form of an unknown type": { kind: "stdin", pieces: fields(plain) },
	"a form with files": {
		kind: "stdin",
		type: "multipart/form-data; boundary=XyZ",
		pieces: parts,
	},
	JSON: { kind: "stdin", type: "application/json", pieces: jsonObject },
	"JSON of an unknown type": { kind: "stdin", pieces: jsonObject },
	"Set-Cookie": { kind: "stdout", pieces: cookieHead },
	"a JSON answer": {
		kind: "stdout",
		pieces: prefixed("Content-Type: application/json\n\n", jsonObject),
	},
	"a log": {
		kind: "stderr",
		pieces: fc
			.tuple(secretName, charactersOf("ABCxyz019!.", 8), harmlessValue)
			.map(([name, text, value]) => [
				shown(`NOTICE: ${name}=`),
				hidden(text),
				shown(` user=${value} ["${name}"]='`),
				hidden(text),
				shown(`', key: ${value}\n`),
			]),
	},
};

for (const [name, { kind, type, pieces }] of Object.entries(PLACES)) {
	test(`secrets in ${name} are covered, however it is cut`, () => {
		let found = 0;
		fc.assert(
			fc.property(
				pieces.chain((all) =>
					fc.tuple(
						fc.constant(all),
						cutsOf(all.reduce((sum, { text }) => sum + text.length, 0)),
					),
				),
				([all, cuts]) => {
					const content = all.map(({ text }) => text).join("");
					const expected = all
						.map(({ text, secret }) =>
							secret ? "*".repeat(text.length) : text,
						)
						.join("");
					if (expected !== content) found++;
					assert.equal(push(started(kind, type), kind, content), expected);
					assert.equal(
						pushCut(started(kind, type), kind, content, cuts),
						expected,
					);
				},
			),
			{ numRuns: 200 },
		);
		assert.ok(found > 50, `secrets in ${found} of 200`);
	});
}

/** A redactor that has seen all that is in front of the stream. */
function started(kind: Kind, type: string | undefined) {
	return kind === "params" ? begunOnly() : begun(type);
}

test("any bytes in any records: lengths stay, and nothing but stars is new", () => {
	const kinds = [
		"begin",
		"end",
		"params",
		"stdin",
		"stdout",
		"stderr",
	] as const;
	const piece = fc.tuple(
		fc.constantFrom(...kinds),
		fc.oneof(
			fc
				.uint8Array({ maxLength: 60 })
				.map((bytes) => Buffer.from(bytes).toString("latin1")),
			fc.constantFrom("\x08\x05password", "sid=", '{"token":"', "Cookie: a="),
			fc.constantFrom("\r\n", "&", "%70", '\\"', "--", "://a:", "=>\n"),
		),
		fc.nat(2),
		fc.boolean(),
	);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 30 }), (all) => {
			const redactor = createRedactor();
			for (const [kind, content, id, lost] of all) {
				if (lost) redactor.lose(id === 0 ? "webServer" : "application");
				const redacted = push(redactor, kind, content, id);
				assert.equal(redacted.length, content.length);
				for (let at = 0; at < content.length; at++) {
					if (redacted[at] !== "*") assert.equal(redacted[at], content[at]);
				}
			}
		}),
		{ numRuns: 1000 },
	);
});
