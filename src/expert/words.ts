// Words that the evidence of many checks has: quoted text of traffic, times, counts.

/** Most characters of traffic that a message quotes: a line of a terminal. */
const QUOTED = 80;

/** Text of traffic in quotes, shortened to `most` characters; those that do not show as escapes. */
export function quoted(text: string, most = QUOTED): string {
	const cut = text.length > most;
	const quotes = JSON.stringify(cut ? text.slice(0, most) : text);
	const shown = quotes.replace(HIDDEN, escaped);
	return cut ? `${shown}…` : shown;
}

/** Controls and format characters that JSON leaves as they are: they hide text, or turn its direction. */
const HIDDEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

function escaped(character: string): string {
	return Array.from(
		{ length: character.length },
		(_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
	).join("");
}

/** Most characters of a name that a message has. */
const NAMED = 40;

/** A name out of traffic, shortened. */
export function named(name: string): string {
	return name.length <= NAMED ? name : `${name.slice(0, NAMED)}…`;
}

/** The first line of a text that is not empty, in quotes. */
export function quotedLine(text: string): string {
	return quoted(/[^\r\n]+/.exec(text)?.[0] ?? "");
}

/** A time as people read it: milliseconds where it is short, else seconds. */
export function duration(seconds: number): string {
	if (seconds < 0.001) return `${(seconds * 1000).toFixed(2)} ms`;
	return seconds < 0.1
		? `${(seconds * 1000).toFixed(1)} ms`
		: `${seconds.toFixed(3)} s`;
}

/** A number and what it counts: `1 byte`, `2 bytes`. */
export function counted(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
