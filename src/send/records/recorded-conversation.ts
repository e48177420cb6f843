// What is to be done on one of the connections that were recorded: the places in the text of what the web server said, and
// where it waited for the application.

import type { Step } from "../../fastcgi/step.js";

const BEGIN_REQUEST = 1;
const END_REQUEST = 3;

/** Stands for a wait among the places. */
const WAIT = -1;

/** The conversations of a text, by the numbers of their connections. */
export class RecordedConversations {
	readonly #all = new Map<number, RecordedConversation>();

	/** The one with this number. */
	of(number: number): RecordedConversation {
		let conversation = this.#all.get(number);
		if (conversation === undefined) {
			conversation = new RecordedConversation(number);
			this.#all.set(number, conversation);
		}
		return conversation;
	}

	/** Those in which there is something to do, in the order of their numbers. */
	toBeSent(): readonly RecordedConversation[] {
		return [...this.#all.values()]
			.filter(({ empty }) => !empty)
			.sort((a, b) => a.number - b.number);
	}
}

/** Collects what was said on a connection. It keeps a number for each step, as texts are long. */
class RecordedConversation {
	readonly number: number;
	readonly #places: number[] = [];
	/** Requests that were begun and have not ended. */
	readonly #open = new Set<number>();
	/** Requests that have ended and that nothing waits for yet. */
	#ended = 0;

	constructor(number: number) {
		this.number = number;
	}

	/** Whether nothing is to be done. */
	get empty(): boolean {
		return this.#places.length === 0;
	}

	/** The web server sent a record, or bytes that are none. */
	sent(at: number, record?: { type: number; requestId: number }): void {
		if (record?.type === BEGIN_REQUEST) {
			// A request that began behind the end of another waits for such an end; what the application is still to be given
			// of the other one does not.
			for (; this.#ended > 0; this.#ended--) this.#places.push(WAIT);
			this.#open.add(record.requestId);
		}
		this.#places.push(at);
	}

	/** The application sent a record. */
	received({ type, requestId }: { type: number; requestId: number }): void {
		if (type === END_REQUEST && this.#open.delete(requestId)) this.#ended++;
	}

	/** The text says that something is to be done. */
	told(at: number, waitsFor?: number): void {
		if (waitsFor === END_REQUEST && this.#ended > 0) this.#ended--;
		this.#places.push(at);
	}

	/** The steps in their order; `read` makes those of a place. */
	*steps(read: (at: number) => Iterable<Step>): Generator<Step> {
		for (const at of this.#places) {
			if (at === WAIT) yield { kind: "waitFor", type: END_REQUEST };
			else yield* read(at);
		}
	}
}
