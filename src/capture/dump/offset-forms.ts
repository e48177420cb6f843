// The forms of dumps whose lines have an offset in front, a line each. Recognition and reading go by this table.

import type { Cells } from "./cells.js";

/** How the lines of a dump look. */
export interface OffsetForm {
	/** The format that it belongs to. */
	readonly name: "xxd" | "hexdump-C" | "hexdump" | "od";
	/** Digits that an offset has at least: fewer are a number of a line, or those of another tool. */
	readonly minDigits: number;
	/** Whether a colon follows the offset. */
	readonly colon: boolean;
	/** What the offsets may be counted in, the likeliest first. */
	readonly radixes: readonly (8 | 10 | 16)[];
	readonly cells: Cells;
}

const PAIRS = { radix: 16, digits: 2, bytes: 1, order: "as written" } as const;

function words(radix: 8 | 10 | 16, digits: number, bytes: number): Cells {
	return {
		radix,
		digits,
		bytes,
		order: bytes === 1 ? "as written" : "reversed",
		tail: "angles",
	};
}

/** The strictest first. */
export const OFFSET_FORMS: readonly OffsetForm[] = [
	// xxd -b
	{
		name: "xxd",
		minDigits: 7,
		colon: true,
		radixes: [16, 10],
		cells: {
			radix: 2,
			digits: 8,
			bytes: 1,
			order: "as written",
			tail: "gap",
		},
	},
	// xxd, with all of -c, -g, -u, -o, -d and -e
	{
		name: "xxd",
		minDigits: 7,
		colon: true,
		radixes: [16, 10],
		cells: {
			radix: 16,
			digits: 0,
			bytes: 0,
			order: "as written",
			tail: "gap",
		},
	},
	{
		name: "hexdump-C",
		minDigits: 7,
		colon: false,
		radixes: [16],
		cells: { ...PAIRS, tail: "bars" },
	},
	// od -tx1, -tx1z, and hexdump -C without its text
	od([8, 16, 10], { ...PAIRS, tail: "angles" }, 6),
	// hexdump, hexdump -x
	{
		name: "hexdump",
		minDigits: 7,
		colon: false,
		radixes: [16],
		cells: words(16, 4, 2),
	},
	// od -x, od -tx2; then -tx4, -tx8
	od([8, 10, 16], words(16, 4, 2)),
	od([8, 16, 10], words(16, 8, 4)),
	od([8, 16, 10], words(16, 16, 8)),
	// od, od -o, hexdump -o
	od([8, 16, 10], words(8, 6, 2)),
	// od -b, hexdump -b
	od([8, 16, 10], words(8, 3, 1)),
	// od -tu1; then hexdump -d, od -d
	od([8, 16, 10], words(10, 0, 1)),
	od([8, 16, 10], words(10, 5, 2)),
	od([8, 16, 10], words(10, 0, 2)),
	// od -c, hexdump -c
	od([8, 16, 10], {
		radix: "characters",
		digits: 3,
		bytes: 1,
		order: "as written",
		tail: "angles",
	}),
];

function od(
	radixes: readonly (8 | 10 | 16)[],
	cells: Cells,
	minDigits = 6,
): OffsetForm {
	return { name: "od", minDigits, colon: false, radixes, cells };
}
