// What applications write to their stdout and stderr into lines for people. It is always read, so that an application
// never waits for a reader; what is too much for people is counted.

/** Bytes of a line that are handed on. */
export const MAX_LINE = 4096;

/** Lines that are handed on within a second: more than anybody reads, and few enough to hold nothing up. */
export const MAX_LINES_A_SECOND = 500;

const NEWLINE = 0x0a;
const NONE = Buffer.alloc(0);

/** The lines of one stream. */
export class ApplicationOutput {
	readonly #tell: (line: string) => void;
	/** The start of a line that has not ended; at most `MAX_LINE` bytes. */
	#held: Buffer = NONE;
	/** Bytes of that line beyond those held. */
	#beyond = 0;
	#toldInSecond = 0;
	#second: NodeJS.Timeout | undefined;
	#lines = 0;
	#bytes = 0;

	constructor(tell: (line: string) => void) {
		this.#tell = tell;
	}

	/** Takes what was read. */
	push(bytes: Buffer): void {
		let at = 0;
		for (;;) {
			const newline = bytes.indexOf(NEWLINE, at);
			if (newline === -1) break;
			this.#endLine(bytes, at, newline);
			at = newline + 1;
		}
		this.#hold(bytes.subarray(at));
	}

	/** Says that nothing follows: the last line may have no end. */
	end(): void {
		if (this.#held.length > 0) this.#endLine(this.#held, 0, 0);
		clearTimeout(this.#second);
		this.#endSecond();
	}

	#hold(bytes: Buffer): void {
		const room = MAX_LINE - this.#held.length;
		this.#beyond += Math.max(bytes.length - room, 0);
		if (room === 0 || bytes.length === 0) return;
		this.#held = Buffer.concat([this.#held, bytes.subarray(0, room)]);
	}

	/** The line that is held ends with the bytes from `from` to `to`. */
	#endLine(bytes: Buffer, from: number, to: number): void {
		this.#second ??= setTimeout(() => this.#endSecond(), 1000).unref();
		if (this.#toldInSecond < MAX_LINES_A_SECOND) {
			this.#toldInSecond++;
			this.#hold(bytes.subarray(from, to));
			const line = this.#held.toString("utf8").replace(/\r$/, "");
			const more = this.#beyond > 0 ? `... (${this.#beyond} more bytes)` : "";
			this.#tell(line + more);
		} else {
			this.#lines++;
			this.#bytes += this.#held.length + this.#beyond + to - from + 1;
		}
		if (this.#held.length > 0) this.#held = NONE;
		this.#beyond = 0;
	}

	/** Says how much was left out. */
	#endSecond(): void {
		this.#second = undefined;
		this.#toldInSecond = 0;
		if (this.#lines === 0) return;
		this.#tell(`... ${this.#lines} more lines (${this.#bytes} bytes)`);
		this.#lines = this.#bytes = 0;
	}
}
