// Lines of `NAME=value` into parameters, as docker compose and shells read them: `export ` in front is skipped; `#` begins
// a comment at the start of a line and behind white space; what is in '' stands as it is, in "" \n \r \t \" \\ \$ are
// escapes, and both may go on over lines. Nothing is expanded: $NAME is five characters, and the environment stays at home.

import type { PlacedParam, Refuse } from "./placed-param.js";

/** The lines' parameters, in order. */
export function readEnvLines(
	text: string,
	refuse: Refuse,
): readonly PlacedParam[] {
	const entries: PlacedParam[] = [];
	let line = 1;
	for (let at = 0; at < text.length; ) {
		BLANK.lastIndex = at;
		const blank = BLANK.exec(text)?.[0] ?? "";
		if (blank !== "") {
			at += blank.length;
			line++;
			continue;
		}
		ENTRY.lastIndex = at;
		const [start = "", name = "", quote = ""] = ENTRY.exec(text) ?? [];
		if (name === "") refuse(line, noEntry(text, at));
		const began = line;
		at += start.length;
		let value: string;
		if (quote === "") {
			PLAIN.lastIndex = at;
			value = PLAIN.exec(text)?.[0] ?? "";
			at += value.length;
			const comment = value.startsWith("#") ? 0 : value.search(/\s#/);
			value = (comment < 0 ? value : value.slice(0, comment)).trimEnd();
		} else {
			const pattern = quote === "'" ? SINGLE : DOUBLE;
			pattern.lastIndex = at;
			const quoted = pattern.exec(text);
			if (quoted === null) {
				refuse(began, `${name} has no closing ${quote}`);
			}
			const inside = quoted?.[1] ?? "";
			value = quote === "'" ? inside : unescaped(inside);
			line += inside.split("\n").length - 1;
			at += quoted?.[0].length ?? 0;
			REST.lastIndex = at;
			const rest = REST.exec(text)?.[0];
			if (rest === undefined) {
				refuse(line, `there is more behind the closing ${quote} of ${name}`);
			}
			at += rest?.length ?? 0;
		}
		entries.push({ param: [name, value], line: began });
		if (text.startsWith("\r\n", at)) at += 2;
		else if (at < text.length) at++;
		line++;
	}
	if (entries.length === 0) {
		refuse(1, 'no parameters: wanted are lines of NAME=value, or {"NAME": ""}');
	}
	return entries;
}

const BLANK = /[^\S\n]*(?:#[^\n]*)?(?:\n|$)/y;
const ENTRY = /[^\S\n]*(?:export[^\S\n]+)?([^\s=#"'{}[\]]+)=(['"]?)/y;
const PLAIN = /[^\r\n]*/y;
const SINGLE = /([^']*)'/y;
const DOUBLE = /([^"\\]*(?:\\[\s\S][^"\\]*)*)"/y;
const REST = /[^\S\n]*(?:$|(?=\n))|[^\S\n]+#[^\r\n]*/y;

const ESCAPES: Readonly<Record<string, string>> = {
	n: "\n",
	r: "\r",
	t: "\t",
	'"': '"',
	"\\": "\\",
	$: "$",
};

function unescaped(text: string): string {
	return text.replace(
		/\\([\s\S])/g,
		(both, letter: string) => ESCAPES[letter] ?? both,
	);
}

function noEntry(text: string, at: number): string {
	const line = /^[^\r\n]{0,40}/.exec(text.slice(at, at + 40))?.[0] ?? "";
	if (
		/^\s*(?:export\s+)?(?!(?:null|true|false)\s*$)[A-Za-z_][\w-]*\s*$/.test(
			line,
		)
	) {
		return `${line.trim()} has no value: write ${line.trim()}=value, for nothing of the environment is sent`;
	}
	if (/^\s*(?:export\s+)?[\w-]+\s+=/.test(line)) {
		return `no white space stands around the = in ${JSON.stringify(line)}`;
	}
	return `${JSON.stringify(line)} is neither NAME=value nor a JSON object`;
}
