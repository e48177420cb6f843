// Damage of the kinds that files meet, and of the kinds that somebody makes who wants to break a reader. All of it comes
// from a seeded generator, so that a case can be had again.

/** Numbers from 0 to 1. */
export type Random = () => number;

/** A number from 0 up to, not including, `end`. */
export function below(random: Random, end: number): number {
	return Math.floor(random() * end);
}

/** Values that lengths and counts should not have. */
const EXTREMES = [
	0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000,
	0xfffffffe, 0xffffffff,
];

type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const MUTATIONS: Readonly<Record<string, Mutation>> = {
	flipBits(bytes, random) {
		const out = Buffer.from(bytes);
		for (let i = below(random, 20); i >= 0; i--) {
			const at = below(random, out.length);
			out[at] = (out[at] as number) ^ (1 << below(random, 8));
		}
		return out;
	},
	overwrite(bytes, random) {
		const out = Buffer.from(bytes);
		const at = below(random, out.length);
		const end = Math.min(at + below(random, 64), out.length);
		for (let i = at; i < end; i++) out[i] = below(random, 256);
		return out;
	},
	extremes(bytes, random) {
		const out = Buffer.from(bytes);
		for (let i = below(random, 4); i >= 0; i--) {
			if (out.length < 4) return out;
			const value = EXTREMES[below(random, EXTREMES.length)] as number;
			const at = below(random, out.length - 3);
			if (random() < 0.5) out.writeUInt32LE(value, at);
			else out.writeUInt32BE(value, at);
		}
		return out;
	},
	digits(bytes, random) {
		const out = Buffer.from(bytes);
		for (let i = below(random, 10); i >= 0; i--) {
			const at = below(random, out.length);
			out[at] = 0x30 + below(random, 10);
		}
		return out;
	},
	truncate: (bytes, random) => bytes.subarray(0, below(random, bytes.length)),
	behead: (bytes, random) => bytes.subarray(below(random, bytes.length)),
	remove(bytes, random) {
		const at = below(random, bytes.length);
		const length = below(random, 1 + Math.min(2000, bytes.length - at));
		return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
	},
	repeat(bytes, random) {
		const at = below(random, bytes.length);
		const part = bytes.subarray(at, at + below(random, 3000));
		const times = 1 + below(random, 20);
		return Buffer.concat([
			bytes.subarray(0, at),
			...Array.from({ length: times }, () => part),
			bytes.subarray(at),
		]);
	},
	splice(bytes, random, other) {
		const at = below(random, bytes.length);
		const from = below(random, other.length);
		return Buffer.concat([
			bytes.subarray(0, at),
			other.subarray(from, from + below(random, 3000)),
			bytes.subarray(at),
		]);
	},
	swapLines(bytes, random) {
		const lines = bytes.toString("latin1").split("\n");
		for (let i = below(random, 5); i >= 0; i--) {
			const [a, b] = [below(random, lines.length), below(random, lines.length)];
			[lines[a], lines[b]] = [lines[b] as string, lines[a] as string];
		}
		return Buffer.from(lines.join("\n"), "latin1");
	},
	lengthen(bytes, random) {
		const at = below(random, bytes.length);
		const character = '"\\<>[]{}(), \n0fA=\0'[below(random, 18)] as string;
		return Buffer.concat([
			bytes.subarray(0, at),
			Buffer.alloc(below(random, 20_000), character),
			bytes.subarray(at),
		]);
	},
};

const NAMES = Object.keys(MUTATIONS);

/** The file with one to three kinds of damage, and their names. */
export function mutated(
	bytes: Buffer,
	other: Buffer,
	random: Random,
): { readonly bytes: Buffer; readonly how: string } {
	let out = bytes;
	const how: string[] = [];
	for (let i = below(random, 3); i >= 0 && out.length > 0; i--) {
		const name = NAMES[below(random, NAMES.length)] as string;
		out = (MUTATIONS[name] as Mutation)(out, random, other);
		how.push(name);
	}
	return { bytes: out, how: how.join("+") };
}
