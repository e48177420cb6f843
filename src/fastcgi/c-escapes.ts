// The letters behind a backslash that stand for a control character in C (C17, section 6.4.4.4). All who write bytes down use
// them: the notation, languages, system call logs, od. Each adds what else it knows.

/** What each letter stands for. */
export const C_ESCAPES: Readonly<Record<string, number>> = {
	a: 7,
	b: 8,
	t: 9,
	n: 10,
	v: 11,
	f: 12,
	r: 13,
};
