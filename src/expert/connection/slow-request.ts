// A request that took long, and where its time went.

import type { Evidence, RequestCheck } from "../../inspect/check.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { headField } from "../head-field.js";
import { counted, duration } from "../words.js";
import {
	isExplained,
	isUnanswered,
	type TimeLimit,
	timeLimit,
	waitForAnswer,
} from "./answer.js";
import { pinned } from "./keepalive-pins-worker.js";
import { deadlocked } from "./self-call-deadlock.js";

/** Seconds at which people notice that they wait. */
const NOTICED = 1;
/** Seconds at which people leave; a sixth of the time limits of nginx and Apache. */
const TOO_LONG = 10;
/** As many bursts are a stream that makes progress, if no pause takes half of it. */
const STEADY_BURSTS = 4;

/** A request took long. */
export const slowRequest: RequestCheck = {
	code: "slow-request",
	severity: "warning",
	summary: "The application took long to answer",
	diagnosis:
		"The script is slow, or waits for something itself: a database, another service, a lock of its session. A queue looks the same: the kernel takes the connection and the web server writes at once, so waiting for a worker counts as time of the script",
	remedies: {
		php: "request_slowlog_timeout and slowlog in the pool of php-fpm show where the script stands; raise pm.max_children where it is a queue",
		nginx: "fastcgi_read_timeout above what the script needs",
		Apache: "ProxyTimeout above what the script needs",
		HAProxy: "timeout server above what the script needs",
	},
	logs: {
		nginx: [
			"upstream timed out (110: Connection timed out) while reading response header from upstream",
			"upstream timed out (110: Connection timed out) while reading upstream",
			"upstream timed out (110: Unknown error) while reading response header from upstream",
		],
		lighttpd: ["read timeout on socket: … (fd: …)"],
		Apache: [
			"(70007)The timeout specified has expired: AH01075: Error dispatching request to … (polling)",
			"(70007)The timeout specified has expired: AH01075: Error dispatching request to …",
		],
		HAProxy: ["sH--", "sD--"],
		php: [
			"server reached pm.max_children setting (…), consider raising it",
			"child …, script '…' (request: \"…\") executing too slow (… sec), logging",
		],
	},
	example:
		"connect to first record 0.00 ms, input 1.00 ms, 3.000 s until the first byte (queue and script), transfer 2.0 ms; longest gap 3.000 s",
	on: "requestEnded",
	look(request, facts) {
		// This is all that is asked of most requests.
		if (longestPause(request) < NOTICED) return undefined;
		if (isStreaming(request)) return undefined;
		const limit = timeLimit(request);
		if (request.abortSeen && limit === undefined) return undefined;
		if (limit === undefined && !waitedForOutput(request)) return undefined;
		if (isExplained(request, facts)) return undefined;
		if (pinned(request, facts) ?? deadlocked(request, facts)) return undefined;
		return evidence(request, limit);
	},
};

/** The longest time without a record; no wait is longer. */
function longestPause({ longestGap, quietBeforeClose }: FcgiRequest): number {
	return Math.max(longestGap ?? 0, quietBeforeClose ?? 0);
}

function evidence(
	request: FcgiRequest,
	limit: TimeLimit | undefined,
): Evidence {
	const longestGap = longestPause(request);
	return {
		severity:
			limit !== undefined || longestGap >= TOO_LONG ? "warning" : "note",
		message: `${gaveUp(limit)}${split(request)}; longest gap ${duration(longestGap)}${queue(request)}`,
	};
}

function gaveUp(limit: TimeLimit | undefined): string {
	if (limit === undefined) return "";
	const { seconds, quiet, sinceInput } = limit;
	const after = `the web server gave up after ${duration(quiet)} without a record`;
	return sinceInput === undefined
		? `${after}, a limit of ${seconds} s probably; `
		: `${after}, ${duration(sinceInput)} after the input was complete: a limit of ${seconds} s probably, of its own or of its HTTP client; `;
}

/** Whether it may have waited in a queue, and not for its own script. */
function queue(request: FcgiRequest): string {
	const { openElsewhere, onConnection } = request;
	if (openElsewhere === 0 || onConnection > 1) return "";
	if ((waitForAnswer(request) ?? 0) < NOTICED) return "";
	const were = openElsewhere === 1 ? "was" : "were";
	return `; ${counted(openElsewhere, "other request")} to this application ${were} open when it began, so it may be a queue`;
}

/** Where the time went. */
function split(request: FcgiRequest): string {
	const { startedAt, inputEndedAt, firstByteAt, endedAt } = request;
	const { openedAt } = request.connection;
	const parts: string[] = [];
	const part = (
		name: string,
		from: number | undefined,
		to: number | undefined,
		rest = "",
	) => {
		if (from === undefined || to === undefined) return;
		parts.push(`${name}${duration(Math.max(to - from, 0))}${rest}`);
	};
	if (request.onConnection === 1) {
		part("connect to first record ", openedAt, startedAt);
	}
	part("input ", startedAt, inputEndedAt);
	if (firstByteAt === undefined) {
		parts.push(`${duration(waitForAnswer(request) ?? 0)} without a byte`);
	} else {
		const from = inputEndedAt ?? startedAt ?? firstByteAt;
		// A kept connection has its worker already.
		const queued = request.onConnection === 1 && firstByteAt - from >= NOTICED;
		const rest = ` until the first byte${queued ? " (queue and script)" : ""}`;
		part("", from, firstByteAt, rest);
		part("transfer ", firstByteAt, endedAt);
	}
	return parts.join(", ");
}

/** Whether it was the application that was waited for, and not the input, or the end of a dead connection. */
function waitedForOutput(request: FcgiRequest): boolean {
	if (request.state === "incomplete") {
		// Its end says what it was: the application's own, or the web server's at no time limit.
		if (request.closedBy === "application") return false;
		if (request.closedBy === "webServer" && isUnanswered(request)) return false;
	}
	if ((waitForAnswer(request) ?? 0) >= NOTICED) return true;
	switch (request.longestGapBefore) {
		case "stdout":
		case "stderr":
		case "endRequest":
			return true;
		default:
			return false;
	}
}

/** Whether it is a response that comes bit by bit on purpose. */
function isStreaming(request: FcgiRequest): boolean {
	const { response, bursts } = request;
	if (response === undefined) return false;
	const type = headField(response, "content-type");
	if (type !== undefined && /^text\/event-stream\b/i.test(type)) return true;
	const { firstByteAt, endedAt } = request;
	if (firstByteAt === undefined || endedAt === undefined) return false;
	if (bursts < STEADY_BURSTS || timeLimit(request) !== undefined) return false;
	return longestPause(request) < (endedAt - firstByteAt) / 2;
}
