// Bytes as a dump shows them: what the readers of text dumps hand on, and what raw bytes are.

/** The next bytes of a dump. */
export interface DumpedBytes {
	/** A view: copy what you keep. */
	readonly bytes: Buffer;
	/** Bytes in front of these that the dump does not show; undefined where their number is not known. */
	readonly missingBefore: number | undefined;
	/** Whether these are the first bytes of a dump: of the first one, or of one that stands behind another. */
	readonly begins: boolean;
}
