// A record whose version is not 1 and that is framed well all the same (section 3.3).

import { FCGI_VERSION_1, recordTypeName } from "../../fastcgi/constants.js";
import type { RecordCheck } from "../../inspect/check.js";
import { VERSION_LOGS } from "./version-logs.js";

/** The version byte of a record is not FCGI_VERSION_1. */
export const badVersion: RecordCheck = {
	code: "bad-version",
	severity: "error",
	section: "3.3",
	summary: "A record has a version other than 1",
	diagnosis:
		"There is no other version than 1. The records are framed well, so it is the sender that writes a wrong version. nginx and Apache fail the request, lighttpd and HAProxy do not look",
	remedies: { any: "write FCGI_VERSION_1 into the first byte of each header" },
	logs: VERSION_LOGS,
	example: "FCGI_STDOUT at offset 0 has version 0, not 1",
	on: "record",
	look({ record }) {
		if (record.version === FCGI_VERSION_1) return undefined;
		return `${recordTypeName(record.type)} at offset ${record.offset} has version ${record.version}, not 1`;
	},
};
