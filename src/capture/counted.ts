// A number with its noun, for remarks.

/** `1 packet`, `2 packets`. */
export function counted(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
