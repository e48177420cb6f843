// What the thread that hands traffic on and the one that looks at it say to each other.

import type { ErrorCode } from "../../errors.js";
import type { RingMemory } from "../../live/ring/ring-memory.js";
import type { OutputOptions } from "../output-options.js";
import type { Streams } from "./live-screen.js";

/** What is to be seen, and written. */
export interface ViewOptions extends OutputOptions {
	/** Requests that are enough. */
	readonly count?: number;
	readonly quiet?: boolean;
	readonly inherit?: boolean;
}

/** What the view is given when it begins. */
export interface ViewData {
	readonly options: ViewOptions;
	readonly memory: RingMemory;
	/** One Int32: requests that are open, as far as the traffic has been looked at. */
	readonly openRequests: SharedArrayBuffer;
	readonly streams: Streams;
}

/** What the view is told. */
export type ToView =
	/** To open what is written besides the text; answered with `done`, or `refused`. */
	| { readonly kind: "open" }
	/** To look at what comes, until it ends; answered with `done`. */
	| { readonly kind: "show" }
	/** There is something in the ring. */
	| { readonly kind: "wake" }
	/** To be answered with `awake`. */
	| { readonly kind: "areYouAwake" }
	| { readonly kind: "say"; readonly line: string }
	| { readonly kind: "sayCounters" }
	/** The terminal has another width. */
	| { readonly kind: "streams"; readonly streams: Streams }
	/** To say what was seen in all; answered with `done`. */
	| { readonly kind: "finish" }
	/** To let all that it has said get out, and to end; answered with `done`. */
	| { readonly kind: "close" };

/** What the view tells. */
export type FromView =
	/** What it was told last has been done; at first: the options are good. */
	| { readonly kind: "done" }
	/** An option, or a file, is no good. */
	| {
			readonly kind: "refused";
			readonly code: ErrorCode;
			readonly message: string;
	  }
	/** It does not stand still. */
	| { readonly kind: "awake" }
	/** There is room in the ring. */
	| { readonly kind: "room" }
	/** As many requests as were asked for have been seen. */
	| { readonly kind: "enough" }
	/** Nobody reads what is shown. */
	| { readonly kind: "unread" }
	| { readonly kind: "exitCode"; readonly exitCode: number };
