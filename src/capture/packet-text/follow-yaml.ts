// A followed stream as YAML (`tshark -z follow,tcp,yaml,0`, Wireshark's "Show data as YAML") becomes pieces: a node's
// address once, then packets with their number, time, node and bytes in base64. Older versions print no more than the
// bytes, and the packet's number in a comment. Only these lines are known, no YAML.

import type { SourceReport } from "../../inspect/chunk.js";
import type { CaptureFormat } from "../format.js";
import type { Head } from "../head.js";
import type { Piece, Side } from "../recognition/flow.js";
import { withoutColours } from "../text/colours.js";
import { FollowedStreams } from "./followed-streams.js";
import type { LineForm } from "./line-form.js";
import { throughPieces } from "./packet-text-format.js";

/** A conversation as YAML. */
export const followYaml: CaptureFormat = {
	name: "follow-yaml",
	summary: "followed stream as YAML, of Wireshark or tshark",
	recognises: isFollowYaml,
	open: (options, report) =>
		throughPieces(new FollowYamlForm(), options, report),
};

/** Characters of base64 that are held of one packet. */
const MAX_BASE64 = 1024 * 1024;

/** A line with a key of those that are known, behind quoting, a line number and the dash of a list. */
const KEY =
	/^[\s>|]{0,40}(?:\d{1,9}[:\t ])?\s{0,20}(?:- )?(peers|packets|peer|host|port|packet|timestamp|data|peer[01]_\d{1,9}):(?: (\S{1,260}))?(?: \|)?\s*$/;
const COMMENT =
	/^[\s>|]{0,40}(?:\d{1,9}[:\t ])?\s{0,20}# Packet (\d{1,10})\s*$/;
const BASE64 =
	/^[\s>|]{0,40}(?:\d{1,9}[:\t])?\s{0,20}([A-Za-z0-9+/]{1,100}={0,2})\s*$/;

function isFollowYaml(head: Head): boolean {
	let binary = false;
	let peer = false;
	for (const line of head.lines) {
		const key = KEY.exec(withoutColours(line));
		if (key === null) continue;
		if (key[2] === "!!binary") binary = true;
		if (/^peer/.test(key[1] as string)) peer = true;
	}
	return binary && peer;
}

/** Makes pieces of the lines of such a text. */
class FollowYamlForm implements LineForm<Piece> {
	readonly #streams = new FollowedStreams();
	#section: "peers" | "packets" = "packets";
	#host = "";
	#side: Side = 0;
	#frame: number | undefined;
	#timestamp: number | undefined;
	/** Whether lines of base64 follow, and those that have come. */
	#inData = false;
	#base64: string[] = [];
	#held = 0;
	#seen: [boolean, boolean] = [false, false];

	take(text: string, line: number, pieces: Piece[]): void {
		const base64 = this.#inData ? BASE64.exec(text)?.[1] : undefined;
		if (base64 !== undefined) {
			this.#held += base64.length;
			if (this.#held <= MAX_BASE64) this.#base64.push(base64);
			else this.#streams.damaged(line);
			return;
		}
		if (text.trim() === "") return;
		const key = KEY.exec(text);
		if (key !== null) {
			this.#handOut(pieces);
			this.#takeKey(key[1] as string, key[2] ?? "");
			return;
		}
		const comment = COMMENT.exec(text);
		if (comment !== null) {
			this.#handOut(pieces);
			this.#frame = Number(comment[1]);
		} else if (this.#inData) {
			if (!text.includes("```")) this.#streams.damaged(line);
			this.#handOut(pieces);
		}
	}

	finish(pieces: Piece[]): string | undefined {
		const cut = this.#inData && (this.#held === 0 || this.#held % 4 !== 0);
		this.#handOut(pieces);
		return cut ? "a packet" : undefined;
	}

	remark(report: SourceReport): void {
		this.#streams.remark(report);
	}

	#takeKey(key: string, value: string): void {
		switch (key) {
			case "peers":
				this.#section = "peers";
				this.#streams.next();
				this.#seen = [false, false];
				break;
			case "packets":
				this.#section = "packets";
				break;
			case "peer":
				this.#side = value === "1" ? 1 : 0;
				break;
			case "host":
				this.#host = value;
				break;
			case "port":
				if (this.#section === "peers" && /^\d{1,5}$/.test(value)) {
					this.#streams.address(this.#side, `${this.#host}:${value}`);
				}
				break;
			case "packet":
				this.#frame = Number(value) || undefined;
				this.#timestamp = undefined;
				break;
			case "timestamp":
				this.#timestamp = timestampOf(value);
				break;
			case "data":
				this.#inData = value === "!!binary";
				break;
			default:
				this.#takeArray(key, value);
		}
	}

	/** A key such as `peer0_3`, as older versions have: each stream counts from 0. */
	#takeArray(key: string, value: string): void {
		const side: Side = key.startsWith("peer1") ? 1 : 0;
		if (key.endsWith("_0") && this.#seen[side]) {
			this.#streams.next();
			this.#seen = [false, false];
		}
		this.#seen[side] = true;
		this.#side = side;
		this.#inData = value === "!!binary";
	}

	#handOut(pieces: Piece[]): void {
		this.#inData = false;
		if (this.#held === 0) return;
		const bytes = Buffer.from(this.#base64.join(""), "base64");
		this.#base64 = [];
		this.#held = 0;
		this.#streams.bytes(
			this.#side,
			bytes,
			{ frame: this.#frame, timestamp: this.#timestamp },
			pieces,
		);
	}
}

/** Unix seconds as a capture file would have them. */
function timestampOf(value: string): number | undefined {
	const found = /^(\d{1,11})\.(\d{1,9})$/.exec(value);
	if (found === null) return undefined;
	const fraction = found[2] as string;
	return Number(found[1]) + Number(fraction) / 10 ** fraction.length;
}
