// A text in the notation into scripts. It is held in memory, and read again where it is sent: what its items are would take
// many times the room.

import { FcgiInspectError } from "../../errors.js";
import type { Peer } from "../../fastcgi/constants.js";
import type { NotationItem } from "../../fastcgi/notation-item.js";
import { NotationReader } from "../../fastcgi/notation-parser.js";
import { encodeRecord } from "../../fastcgi/record-encoder.js";
import type { Step } from "../../fastcgi/step.js";
import { decodeText } from "../../fastcgi/text.js";
import { onOneLine } from "../quoted.js";
import { RecordedConversations } from "./recorded-conversation.js";
import type { RecordedTraffic } from "./recorded-traffic.js";
import { refuserOf, type TextBytes } from "./text-bytes.js";

/** Bytes of the longest text: engines have no longer strings. */
const MAX_NOTATION_BYTES = 500_000_000;

/** What is to be sent of a text. */
export function recordsInNotation(bytes: TextBytes): RecordedTraffic {
	const text = textOf(bytes);
	const conversations = new RecordedConversations();
	let number = 0;
	let from: Peer = "webServer";
	eachItem(bytes.name, text, (item, at) => {
		if (item.kind === "from") {
			from = item.from;
			number = item.connection ?? number;
			return;
		}
		const conversation = conversations.of(number);
		if (item.kind === "record") {
			if (from === "webServer") conversation.sent(at, item.draft);
			else conversation.received(item.draft);
		} else if (item.kind !== "raw") {
			conversation.told(at, item.kind === "waitFor" ? item.type : undefined);
		} else if (from === "webServer") conversation.sent(at);
	});
	return {
		connections: conversations.toBeSent().map((conversation) => ({
			number: conversation.number,
			script: {
				[Symbol.iterator]() {
					const steps = new Steps();
					return conversation.steps((at) =>
						steps.of(new NotationReader(text, at).next()),
					);
				},
			},
		})),
		remarks: [],
	};
}

function textOf(bytes: TextBytes): string {
	if (bytes.length > MAX_NOTATION_BYTES) {
		throw new FcgiInspectError(
			"notation",
			`${bytes.name}: ${bytes.length} bytes, and in the notation at most ${MAX_NOTATION_BYTES} can be read; what decode --records -T ndjson prints may be longer`,
		);
	}
	const { text, latin1 } = decodeText(bytes.slice(0, bytes.length));
	if (latin1) {
		refuserOf(bytes)(
			0,
			"neither the notation nor JSON: these bytes are not UTF-8; decode --records -T ndjson makes of a capture what can be sent",
		);
	}
	return text.replace(/^\uFEFF/, "");
}

/** Hands out all items with their places. */
function eachItem(
	name: string,
	text: string,
	take: (item: NotationItem, at: number) => void,
): void {
	try {
		const reader = new NotationReader(text);
		for (;;) {
			const at = reader.at;
			const item = reader.next();
			if (item === undefined) return;
			take(item, at);
		}
	} catch (error) {
		if (!(error instanceof FcgiInspectError)) throw error;
		const message = `${onOneLine(name)}: ${error.message}`;
		throw new FcgiInspectError(error.code, message);
	}
}

/** A pause between small writes, so that the system does not put them together again. */
const BETWEEN_WRITES_MS = 1;

/** Items of one connection into steps. */
class Steps {
	#split = 0;

	*of(item: NotationItem | undefined): Generator<Step> {
		if (item === undefined) return;
		switch (item.kind) {
			case "from":
				return;
			case "record":
				yield* this.#writes(encodeRecord(item.draft));
				return;
			case "raw":
				yield* this.#writes(item.bytes);
				return;
			case "split":
				this.#split = item.size;
				return;
			case "wait":
				yield { kind: "wait", milliseconds: item.milliseconds };
				return;
			case "waitFor":
				yield { kind: "waitFor", type: item.type };
				return;
			default:
				yield { kind: item.kind };
		}
	}

	*#writes(bytes: Buffer): Generator<Step> {
		const size = this.#split;
		if (size === 0) {
			yield { kind: "write", bytes };
			return;
		}
		for (let at = 0; at < bytes.length; at += size) {
			yield { kind: "write", bytes: bytes.subarray(at, at + size) };
			yield { kind: "wait", milliseconds: BETWEEN_WRITES_MS };
		}
	}
}
