// What a web server does on a connection, step by step: what `send` carries out. A script says what; when a step is done is
// the business of who carries it out.

/** One step. */
export type Step =
	/** Bytes that are written at once, as far as the system takes them. */
	| { readonly kind: "write"; readonly bytes: Buffer }
	| { readonly kind: "wait"; readonly milliseconds: number }
	/** Until a record of the type has come whole, counted from the last `waitFor` on. */
	| { readonly kind: "waitFor"; readonly type: number }
	/** No more is written; the other direction stays open. */
	| { readonly kind: "halfClose" }
	/** The connection is closed, or broken off so that the other end sees a reset. */
	| { readonly kind: "close" | "reset" };

/** Steps in their order; asked for one after the other, so that a body may be longer than memory. */
export type Script = Iterable<Step> | AsyncIterable<Step>;
