// Text to stdout, at the pace of whoever reads it. What cannot be written is the business of main.

/** Text is handed to the system in pieces of about this many characters: large enough that calls cost nothing. */
const PIECE = 64 * 1024;

/** Collects text and writes it to a stream. */
export class Output {
	readonly #stream: NodeJS.WriteStream;
	#text = "";
	#full = false;

	constructor(stream: NodeJS.WriteStream) {
		this.#stream = stream;
	}

	/** Whether the reader is behind, so that it is time to wait for `flush`. */
	get full(): boolean {
		return this.#full;
	}

	/** Adds text, and writes what has come together if it is enough. */
	add(text: string): void {
		this.#text += text;
		if (this.#text.length >= PIECE) this.#write();
	}

	/** Writes what was added and waits until there is room for more. */
	async flush(): Promise<void> {
		this.#write();
		if (!this.#full) return;
		await new Promise<void>((resolve) => {
			this.#stream.once("drain", resolve);
		});
		this.#full = false;
	}

	/** Writes what was added and waits until all of it is out of the process. */
	async end(): Promise<void> {
		await this.flush();
		await new Promise<void>((resolve) => {
			this.#stream.write("", () => resolve());
		});
	}

	#write(): void {
		if (this.#text === "") return;
		if (!this.#stream.write(this.#text)) this.#full = true;
		this.#text = "";
	}
}
