// What is wrong with lines of a text, said once for each kind: the first place, and how many more there are.

/** Collects remarks by kind. */
export class RemarkCounts {
	readonly #kinds = new Map<string, { first: string; more: number }>();

	/** Notes one. Of each kind, the first is kept. */
	note(kind: string, remark: string): void {
		const known = this.#kinds.get(kind);
		if (known === undefined) this.#kinds.set(kind, { first: remark, more: 0 });
		else known.more++;
	}

	/** A remark for each kind, in the order in which they came up. */
	*all(): Iterable<string> {
		for (const { first, more } of this.#kinds.values()) {
			yield more === 0 ? first : `${first} (and ${more} more like this)`;
		}
	}
}

/** Counts the lines of a text that are no dump. */
export class SkippedLines {
	#count = 0;
	#first = 0;

	/** Notes a line; blank ones and the fences of Markdown go without saying. */
	note(number: number, text: string): void {
		if (/^[\s>|]*(?:```\w*)?$/.test(text.slice(-100))) return;
		if (this.#count++ === 0) this.#first = number;
	}

	/** What to say of them. */
	remark(): string | undefined {
		if (this.#count === 0) return undefined;
		return this.#count === 1
			? `line ${this.#first} is no dump and was skipped`
			: `${this.#count} lines that are no dump skipped, the first is line ${this.#first}`;
	}
}
