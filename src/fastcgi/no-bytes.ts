// The one empty buffer, shared by whatever has no bytes: a view of length 0 would cost as much as any other.

/** Nothing, as bytes. */
export const NO_BYTES: Buffer = Buffer.alloc(0);
