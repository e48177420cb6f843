// Something wrong or unusual, as data. The wording is the checks' business, printing it the renderers'.

/** How much a finding matters: the request suffers, it may suffer, or it is worth knowing. */
export type Severity = "error" | "warning" | "note";

/** Something wrong or unusual about a record, a request or a connection. */
export interface Finding {
	/** Stable name, such as `stdin-shorter-than-content-length`. */
	readonly code: string;
	readonly severity: Severity;
	/** True for a remark that only a view of the details shows. */
	readonly detail: boolean;
	/** Section of the FastCGI specification that it is judged by, such as `6.2`, or of another document, such as `RFC 3875 6.3.3`. */
	readonly section: string | undefined;
	/** The evidence: what the bytes and times show, in one line. */
	readonly message: string;
	/** What that means; as a rule, the same for all findings of a code. */
	readonly diagnosis: string;
	/** What to do about it, for the software that is probably at the two ends. */
	readonly remedies: readonly string[];
	/** Number of the record it was found at first. */
	readonly record: number | undefined;
	/** Number of the request it concerns. */
	readonly request: number | undefined;
	/** Number of the connection it concerns. */
	readonly connection: number;
	/**
	 * How often it was found: in its request, or on its connection where it concerns no request. Settled when that has
	 * ended; only the first is said.
	 */
	count: number;
}
