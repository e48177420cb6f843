// Something wrong or unusual, as data. The wording of messages is the checks' business, printing them the renderers'.

/** How much a finding matters: the request suffers, it may suffer, or it is worth knowing. */
export type Severity = "error" | "warning" | "note";

/** Something wrong or unusual about a record, a request or a connection. */
export interface Finding {
	/** Stable name, such as `stdin-shorter-than-content-length`. */
	readonly code: string;
	readonly severity: Severity;
	/** Section of the FastCGI specification that it is judged by, such as `6.2`. */
	readonly section: string;
	/** The evidence, the diagnosis and the remedy, in one line. */
	readonly message: string;
	/** Number of the record it was found at. */
	readonly record?: number;
	/** Number of the request it concerns. */
	readonly request?: number;
	/** Number of the connection it concerns. */
	readonly connection?: number;
}
