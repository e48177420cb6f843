// The content of the discrete record types, decoded (specification, sections 4 and 5).

import type { NameValue } from "./name-values.js";

/** FCGI_BEGIN_REQUEST (section 5.1): roleB1 roleB0 flags reserved[5]. */
export interface BeginRequestBody {
	/** Two bytes, see `ROLES`. */
	readonly role: number;
	/** One byte; bit 0 is `FCGI_KEEP_CONN`. */
	readonly flags: number;
	/** Bit 0 of the flags: the application is asked not to close the connection after this request. */
	readonly keepConn: boolean;
}

/** FCGI_END_REQUEST (section 5.5): appStatusB3..B0 protocolStatus reserved[3]. */
export interface EndRequestBody {
	/** Four bytes: what a CGI program would have passed to exit(). */
	readonly appStatus: number;
	/** One byte, see `PROTOCOL_STATUSES`. */
	readonly protocolStatus: number;
}

/** FCGI_UNKNOWN_TYPE (section 4.2): type reserved[7]. */
export interface UnknownTypeBody {
	/** The management record type that the application does not know. */
	readonly type: number;
}

/** FCGI_GET_VALUES and FCGI_GET_VALUES_RESULT (section 4.1): name-value pairs. */
export interface ValuesBody {
	readonly pairs: readonly NameValue[];
}
