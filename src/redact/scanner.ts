// What looks for secrets in one stream, or in one value, piece by piece. Whether a byte is covered depends on it and on what
// came before it, never on where pieces end: so scanners hold no bytes, and cuts change nothing.

import type { Mask } from "./mask.js";

/** Looks for secrets. */
export interface Scanner {
	/** Takes the next bytes, from `from` to in front of `to`, and covers what is secret in `mask`, which is of the same bytes. */
	scan(bytes: Buffer, from: number, to: number, mask: Mask): void;
	/** Says that bytes are missing here. */
	lose(): void;
}

/** Finds nothing: for what holds no secrets, or none that can be told. */
export const SHOW_ALL: Scanner = { scan() {}, lose() {} };

/** Covers everything: for what cannot be told from a secret. */
export const COVER_ALL: Scanner = {
	scan: (_bytes, from, to, mask) => mask.cover(from, to),
	lose() {},
};
