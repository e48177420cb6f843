// JSON objects of records, those of `decode --records` or others, into scripts. The text is gone through once to see what is
// in it, and read again where it is sent, so that it may be longer than memory.

import { encodeRecord } from "../../fastcgi/record-encoder.js";
import type { Step } from "../../fastcgi/step.js";
import { type JsonObject, JsonObjects } from "./json-objects.js";
import { recordedOf } from "./json-record.js";
import { RecordedConversations } from "./recorded-conversation.js";
import type { RecordedTraffic } from "./recorded-traffic.js";
import { lineAt, refuserOf, type TextBytes } from "./text-bytes.js";

/** Bytes that are read at once where all is looked at, and where it is sent, on many connections perhaps. */
const LOOKING_BLOCK = 1024 * 1024;
const SENDING_BLOCK = 8 * 1024;

/** What is to be sent of the objects from a place on. */
export function recordsInJson(text: TextBytes, from: number): RecordedTraffic {
	const refuse = refuserOf(text);
	const said = (at: number, object: JsonObject) =>
		recordedOf(object, (path, message) => refuse(at, `${path}: ${message}`));
	const objects = new JsonObjects(text, from, refuse, LOOKING_BLOCK);
	const conversations = new RecordedConversations();
	const remarks = new Remarks(text);
	let number = 0;
	for (let placed = objects.next(); placed; placed = objects.next()) {
		const { at, object } = placed;
		const recorded = said(at, object);
		if (recorded === undefined) continue;
		number = recorded.connection ?? number;
		const conversation = conversations.of(number);
		if (recorded.from === "application") {
			if (recorded.kind === "record") conversation.received(recorded);
		} else if (recorded.kind === "missing") {
			remarks.missing += recorded.length;
		} else if (recorded.kind === "bytes") {
			conversation.sent(at);
		} else {
			conversation.sent(at, recorded);
			remarks.missing += recorded.missing;
			if (recorded.oddity !== undefined) remarks.odd(at, recorded.oddity);
		}
	}
	return {
		connections: conversations.toBeSent().map((conversation) => ({
			number: conversation.number,
			script: {
				*[Symbol.iterator]() {
					const again = new JsonObjects(text, from, refuse, SENDING_BLOCK);
					yield* conversation.steps((at) => stepsOf(said(at, again.read(at))));
				},
			},
		})),
		remarks: remarks.all(),
	};
}

function* stepsOf(recorded: ReturnType<typeof recordedOf>): Generator<Step> {
	if (recorded?.kind === "bytes")
		yield { kind: "write", bytes: recorded.bytes };
	if (recorded?.kind !== "record" || recorded.draft === undefined) return;
	yield { kind: "write", bytes: encodeRecord(recorded.draft) };
}

/** What a person would not expect, of which the first is told. */
class Remarks {
	/** Bytes that the web server sent and that nobody has. */
	missing = 0;
	readonly #text: TextBytes;
	#first: { readonly at: number; readonly oddity: string } | undefined;
	#odd = 0;

	constructor(text: TextBytes) {
		this.#text = text;
	}

	odd(at: number, oddity: string): void {
		this.#first ??= { at, oddity };
		this.#odd++;
	}

	all(): readonly string[] {
		const { name } = this.#text;
		const remarks: string[] = [];
		if (this.#first !== undefined) {
			const { at, oddity } = this.#first;
			const others =
				this.#odd > 1 ? ` (and ${this.#odd - 1} more like it)` : "";
			remarks.push(`${name}:${lineAt(this.#text, at)}: ${oddity}${others}`);
		}
		if (this.missing > 0) {
			const bytes = this.missing === 1 ? "byte is" : "bytes are";
			remarks.push(
				`${name}: ${this.missing} ${bytes} missing of what the web server said; what is there is sent`,
			);
		}
		return remarks;
	}
}
