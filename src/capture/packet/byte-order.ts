// Numbers read without the checks of Buffer's own methods: the caller has looked at the length. They are in network byte
// order, except where the name says otherwise.

/** The two-byte number at `at`. */
export function uint16(bytes: Buffer, at: number): number {
	return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/** The four-byte number at `at`, as 32 bits with a sign: what sequence numbers and addresses are compared by. */
export function int32(bytes: Buffer, at: number): number {
	return (
		((bytes[at] as number) << 24) |
		((bytes[at + 1] as number) << 16) |
		((bytes[at + 2] as number) << 8) |
		(bytes[at + 3] as number)
	);
}

/** The same of a number whose lowest byte comes first. */
export function int32LE(bytes: Buffer, at: number): number {
	return (
		(bytes[at] as number) |
		((bytes[at + 1] as number) << 8) |
		((bytes[at + 2] as number) << 16) |
		((bytes[at + 3] as number) << 24)
	);
}
