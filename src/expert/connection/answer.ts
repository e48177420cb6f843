// Whether and when an application answered a request, as the checks of waiting and closing ask it.

import type { ConnectionFacts } from "../../inspect/facts.js";
import type { FcgiRequest } from "../../inspect/request.js";

/** Whether the application said nothing at all of a request. */
export function isUnanswered(request: FcgiRequest): boolean {
	const { stdout, stderr, protocolStatus } = request;
	return (
		stdout.bytes === 0 &&
		stderr.bytes === 0 &&
		!stdout.ended &&
		!stderr.ended &&
		protocolStatus === undefined
	);
}

/** Seconds from the end of its input to the first byte of the answer, or to the end of waiting for it; undefined without times. */
export function waitForAnswer(request: FcgiRequest): number | undefined {
	const from = request.inputEndedAt ?? request.lastRecordAt;
	const to = request.firstByteAt ?? request.closedAt;
	return from === undefined || to === undefined
		? undefined
		: Math.max(to - from, 0);
}

/** What a person still calls waiting, in seconds; below it, a web server does not give up. */
const GIVES_UP_AFTER = 0.5;
/** How late the timers of web servers are, in seconds. */
const TIMER_LATE = 0.03;

/** Whether the web server closed the connection in a pause of the answer, or before it. */
function leftInPause({ closedBy, quietBeforeClose }: FcgiRequest): boolean {
	return closedBy === "webServer" && (quietBeforeClose ?? 0) >= GIVES_UP_AFTER;
}

/**
 * Seconds for which the web server waited for an answer before it left without a byte; undefined where it did not. An
 * answer that came after it had left is none.
 */
export function waitedInVain(request: FcgiRequest): number | undefined {
	const { firstByteAt, closedAt, inputEndedAt, startedAt } = request;
	if (closedAt === undefined || !leftInPause(request)) return undefined;
	if (firstByteAt !== undefined && firstByteAt <= closedAt) return undefined;
	const from = inputEndedAt ?? startedAt;
	return from === undefined ? undefined : closedAt - from;
}

/**
 * The time limit, in whole seconds, at which the web server probably gave up: limits are round numbers, and people who
 * leave are not punctual.
 */
export function timeLimit(request: FcgiRequest): number | undefined {
	if (!leftInPause(request)) return undefined;
	const quiet = request.quietBeforeClose as number;
	const limit = Math.floor(quiet + TIMER_LATE / 10);
	return limit >= 1 && quiet - limit <= TIMER_LATE ? limit : undefined;
}

/** The error that explains already why there is no answer. */
export function explainedBy({ findings }: FcgiRequest): string | undefined {
	for (let i = 0; i < findings.length; i++) {
		const finding = findings[i] as (typeof findings)[number];
		if (finding.severity === "error") return finding.code;
	}
	return undefined;
}

/**
 * Whether the application said something behind the input that belongs to no request, such as an answer with another id:
 * then it did answer, and web servers that mind close the connection, or wait for the right one.
 */
export function hasStrayAnswer(facts: ConnectionFacts): boolean {
	const last = facts.last("application");
	if (last === undefined || last.request !== undefined) return false;
	if (last.type === GET_VALUES_RESULT) return false;
	return last.number > (facts.last("webServer")?.number ?? 0);
}

const GET_VALUES_RESULT = 10;

/** Whether it is known why a web server waited, or left. */
export function isExplained(
	request: FcgiRequest,
	facts: ConnectionFacts,
): boolean {
	return explainedBy(request) !== undefined || hasStrayAnswer(facts);
}
