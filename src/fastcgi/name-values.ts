/** One name-value pair (specification, section 3.4). */
export interface NameValue {
	/** Where its first length byte stands: bytes since the start of the stream, or of the record's content. */
	readonly offset: number;
	/** Bytes that the name's length takes: 1, or 4 with the top bit of the first set. */
	readonly nameLengthBytes: 1 | 4;
	/** Bytes that the value's length takes. */
	readonly valueLengthBytes: 1 | 4;
	readonly name: Buffer;
	readonly value: Buffer;
}
