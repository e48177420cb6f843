// When a request did what, counted from its beginning, and how its answer came: at once, or in bursts with pauses between.

import type { FcgiRequest } from "../inspect/request.js";
import { count, duration } from "./words.js";

/** Less than this, in seconds, and how long something took besides the application's work is not worth a word. */
const NOTABLE = 0.005;

/** The times of a request that has ended, in one line; undefined where there are none. */
export function timesText(request: FcgiRequest): string | undefined {
	const { startedAt, inputEndedAt, firstByteAt, endedAt, lastRecordAt } =
		request;
	if (startedAt === undefined) return undefined;
	const after = (time: number) => duration(time - startedAt);
	if (!request.beginSeen) {
		return lastRecordAt === undefined || lastRecordAt === startedAt
			? undefined
			: `in the input for ${after(lastRecordAt)}`;
	}
	const parts = before(request);
	if (inputEndedAt !== undefined && inputEndedAt - startedAt >= NOTABLE) {
		parts.push(`input complete after ${after(inputEndedAt)}`);
	}
	if (firstByteAt !== undefined) {
		parts.push(`first byte after ${after(firstByteAt)}`);
	}
	if (endedAt !== undefined) parts.push(`end after ${after(endedAt)}`);
	else if (lastRecordAt !== undefined && lastRecordAt > startedAt) {
		parts.push(`last record after ${after(lastRecordAt)}`);
	}
	if (parts.length === 0) return undefined;
	return [parts.join(", "), ...manner(request)].join("; ");
}

/** What came before the request: its connection's idleness, or its opening. */
function before(request: FcgiRequest): string[] {
	const { connection, startedAt = 0, idleBefore, onConnection } = request;
	if (idleBefore !== undefined) {
		return [`connection idle for ${duration(idleBefore)} before`];
	}
	const { openedAt } = connection;
	if (onConnection > 1 || openedAt === undefined) return [];
	const waited = startedAt - openedAt;
	return waited < NOTABLE
		? []
		: [`connection opened ${duration(waited)} before`];
}

/** How the answer came, where it did not come at once, and the longest silence. */
function manner(request: FcgiRequest): string[] {
	const { bursts, longestGap, longestGapBefore } = request;
	const parts: string[] = [];
	if (bursts > 1) parts.push(`the answer came in ${count(bursts, "burst")}`);
	if (longestGap !== undefined && longestGap >= NOTABLE && bursts > 1) {
		const what =
			longestGapBefore === "closing" ? " (until the connection ended)" : "";
		parts.push(`longest silence ${duration(longestGap)}${what}`);
	}
	return parts;
}
