// pcapng files made by hand, for tests: blocks in either byte order.

/** Writes numbers in the byte order of a section. */
export class PcapngWriter {
	constructor(readonly little: boolean) {}

	uint16(value: number): Buffer {
		const bytes = Buffer.alloc(2);
		if (this.little) bytes.writeUInt16LE(value);
		else bytes.writeUInt16BE(value);
		return bytes;
	}

	uint32(value: number): Buffer {
		const bytes = Buffer.alloc(4);
		if (this.little) bytes.writeUInt32LE(value);
		else bytes.writeUInt32BE(value);
		return bytes;
	}

	/** A block of the type, its body padded to four bytes. */
	block(type: number, ...body: readonly Buffer[]): Buffer {
		const content = padded(Buffer.concat(body));
		const length = this.uint32(content.length + 12);
		return Buffer.concat([this.uint32(type), length, content, length]);
	}

	option(code: number, value: Buffer): Buffer {
		const head = [this.uint16(code), this.uint16(value.length)];
		return Buffer.concat([...head, padded(value)]);
	}

	section(major = 1): Buffer {
		return this.block(
			0x0a0d0d0a,
			this.uint32(0x1a2b3c4d),
			...[this.uint16(major), this.uint16(0)],
			Buffer.alloc(8, 0xff),
			this.option(4, Buffer.from("by hand")),
			this.option(0, Buffer.alloc(0)),
		);
	}

	interface(
		linkType: number,
		options: Readonly<Record<number, Buffer>> = {},
		snapLength = 0,
	): Buffer {
		return this.block(
			1,
			...[this.uint16(linkType), this.uint16(0), this.uint32(snapLength)],
			...Object.entries(options).map(([code, value]) =>
				this.option(Number(code), value),
			),
		);
	}

	/** An enhanced packet block; `ticks` count what the interface says. */
	enhanced(
		from: number,
		ticks: bigint,
		captured: Buffer | string,
		original = captured.length,
		options: Buffer = Buffer.alloc(0),
	): Buffer {
		return this.block(
			6,
			this.uint32(from),
			...this.#packet(ticks, captured, original),
			options,
		);
	}

	obsolete(from: number, ticks: bigint, text: string, drops = 0): Buffer {
		return this.block(
			2,
			...[this.uint16(from), this.uint16(drops)],
			...this.#packet(ticks, text, text.length),
		);
	}

	simple(text: string, original = text.length): Buffer {
		return this.block(3, this.uint32(original), Buffer.from(text));
	}

	#packet(
		ticks: bigint,
		captured: Buffer | string,
		original: number,
	): Buffer[] {
		return [
			this.uint32(Number(ticks >> 32n)),
			this.uint32(Number(ticks & 0xffff_ffffn)),
			...[this.uint32(captured.length), this.uint32(original)],
			padded(typeof captured === "string" ? Buffer.from(captured) : captured),
		];
	}
}

function padded(bytes: Buffer): Buffer {
	return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
