// What a text in the notation says, item by item: records to be written, and what to do between them.

import type { Peer } from "./constants.js";
import type { RecordDraft } from "./record.js";

/** One item; `line` is the line of the text, from 1, on which it starts. */
export type NotationItem =
	| {
			readonly kind: "record";
			readonly line: number;
			readonly draft: RecordDraft;
	  }
	/** `@raw 01 0a ff`: these bytes, as they are. */
	| { readonly kind: "raw"; readonly line: number; readonly bytes: Buffer }
	/** `@wait 100ms`. */
	| {
			readonly kind: "wait";
			readonly line: number;
			readonly milliseconds: number;
	  }
	/** `@wait-for FCGI_END_REQUEST`: until a record of this type number came back. */
	| { readonly kind: "waitFor"; readonly line: number; readonly type: number }
	/**
	 * `@from webServer 0`: the following items were said by this end, on the connection with this number; on the same as
	 * before where it is left out.
	 */
	| {
			readonly kind: "from";
			readonly line: number;
			readonly from: Peer;
			readonly connection: number | undefined;
	  }
	/** `@split 1`: the following items so many bytes at a time; 0 for whole again. */
	| { readonly kind: "split"; readonly line: number; readonly size: number }
	/** `@half-close`, `@close`, `@reset`. */
	| {
			readonly kind: "halfClose" | "close" | "reset";
			readonly line: number;
	  };
