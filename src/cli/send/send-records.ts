// What `send --records` sends: each connection that was recorded is a job of its own.

import { FcgiInspectError } from "../../errors.js";
import type { Job } from "../../live/client.js";
import { readRecords } from "../../send/index.js";
import { recordsFile } from "./records-file.js";

/** How often, and how, the records of a file are sent. */
export interface RecordsOptions {
	readonly requests?: number;
	readonly connections?: number;
	readonly keepConn?: boolean;
}

/** What is to be sent of a file. */
export interface RecordsPlan {
	readonly jobs: () => Iterable<Job>;
	/** At a time. */
	readonly connections: number;
	readonly remarks: readonly string[];
}

/** The records of a file, or of stdin for `-`. Rejects with FcgiInspectError where there is a mistake in it. */
export async function recordsPlan(
	path: string,
	{ requests = 1, connections = 1, keepConn = false }: RecordsOptions,
): Promise<RecordsPlan> {
	const traffic = readRecords(await recordsFile(path));
	const { length } = traffic.connections;
	if (keepConn && length > 1) {
		throw new FcgiInspectError(
			"usage",
			`${path}: there are ${length} connections in it, and --keep-conn would make one of them`,
		);
	}
	return {
		connections: Math.min(connections, requests * length),
		remarks: traffic.remarks,
		*jobs() {
			for (let i = 0; i < requests; i++) {
				for (const { script } of traffic.connections)
					yield { script, keepConn, whole: true };
			}
		},
	};
}
