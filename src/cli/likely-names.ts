// Which names somebody may have meant who typed another one: those a few letters away, else those that share a word.

/** Letters that may be wrong. */
const MISTAKES = 3;
const MOST = 4;

/** The names that may be meant, the likeliest first, at most four. */
export function likelyNames(
	typed: string,
	names: readonly string[],
): readonly string[] {
	const wanted = typed.toLowerCase();
	const near = names
		.map((name) => ({ name, distance: distance(wanted, name) }))
		.filter((one) => one.distance <= MISTAKES)
		.sort((a, b) => a.distance - b.distance)
		.map(({ name }) => name);
	const words = wanted.split("-").filter((word) => word.length > 3);
	const related = names.filter((name) =>
		words.some((word) => name.split("-").includes(word)),
	);
	return [...new Set([...near, ...related])].slice(0, MOST);
}

/** Letters to be put in, left out or replaced to make one word of another (Levenshtein); no more than `MISTAKES` + 1 are told apart. */
function distance(a: string, b: string): number {
	if (Math.abs(a.length - b.length) > MISTAKES) return MISTAKES + 1;
	let row = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(
				Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1),
			);
		}
		row = next;
	}
	return row[b.length] as number;
}
