// Text to stdout, at the pace of whoever reads it. A reader that goes away (`| head`) ends the process quietly.

import { FcgiInspectError } from "../errors.js";

/** Text is handed to the system in pieces of about this many characters: large enough that calls cost nothing. */
const PIECE = 64 * 1024;

/** Collects text and writes it to a stream. */
export class Output {
	readonly #stream: NodeJS.WriteStream;
	#text = "";
	#failure: NodeJS.ErrnoException | undefined;
	/** Called when the stream has room again, or never will. */
	#wake: (() => void) | undefined;

	constructor(stream: NodeJS.WriteStream) {
		this.#stream = stream;
		stream.on("drain", () => this.#wake?.());
		stream.on("close", () => this.#wake?.());
		stream.on("error", (error: NodeJS.ErrnoException) => {
			if (error.code === "EPIPE") process.exit(0);
			this.#failure = error;
			this.#wake?.();
		});
	}

	/** Adds text; true where it is time to `flush`. */
	add(text: string): boolean {
		this.#text += text;
		return this.#text.length >= PIECE;
	}

	/** Writes what was added and waits until there is room for more. Throws FcgiInspectError where it cannot be written. */
	async flush(): Promise<void> {
		if (this.#text === "") return;
		const text = this.#text;
		this.#text = "";
		if (!this.#stream.write(text)) {
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
			this.#wake = undefined;
		}
		if (this.#failure === undefined) return;
		const { message } = this.#failure;
		throw new FcgiInspectError(
			"unwritable-output",
			`cannot write the output: ${message}`,
		);
	}
}
