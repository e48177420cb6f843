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

/**
 * Seconds without a record after which the web server gave up, be it by ABORT_REQUEST or by closing; undefined where it did
 * not, or at once.
 */
function quietBeforeLeaving(request: FcgiRequest): number | undefined {
	const { closedBy, quietBeforeClose } = request;
	const quiet = request.abortSeen
		? quietBeforeAbort(request)
		: closedBy === "webServer"
			? quietBeforeClose
			: undefined;
	return quiet === undefined || quiet < GIVES_UP_AFTER ? undefined : quiet;
}

/** An abort in the middle of the input is no wait for an answer. */
function quietBeforeAbort(request: FcgiRequest): number | undefined {
	const { inputEndedAt, longestGap, longestGapBefore } = request;
	return inputEndedAt !== undefined && longestGapBefore === "abortRequest"
		? longestGap
		: undefined;
}

/**
 * Seconds for which the web server waited for an answer before it left without a byte; undefined where it did not. An
 * answer that came after it had left is none.
 */
export function waitedInVain(request: FcgiRequest): number | undefined {
	const { firstByteAt, closedAt, inputEndedAt, startedAt } = request;
	if (closedAt === undefined || request.abortSeen) return undefined;
	if (quietBeforeLeaving(request) === undefined) return undefined;
	if (firstByteAt !== undefined && firstByteAt <= closedAt) return undefined;
	const from = inputEndedAt ?? startedAt;
	return from === undefined ? undefined : closedAt - from;
}

/** A time limit at which a web server probably gave up. */
export interface TimeLimit {
	/** Whole seconds: limits are round numbers, and people who leave are not punctual. */
	readonly seconds: number;
	/** Seconds without a record. */
	readonly quiet: number;
	/** Seconds from the end of the input, where it is these that are round: the HTTP client may have had the limit as well. */
	readonly sinceInput?: number;
}

/** The time limit at which the web server probably gave up. */
export function timeLimit(request: FcgiRequest): TimeLimit | undefined {
	const quiet = quietBeforeLeaving(request);
	if (quiet === undefined) return undefined;
	const seconds = roundSeconds(quiet);
	if (seconds !== undefined) return { seconds, quiet };
	return lazyLimit(request, quiet);
}

/** nginx does not set a timer anew that would end so few seconds later (NGX_TIMER_LAZY_DELAY). */
const LAZY = 0.3;

/** The limit of a timer that was set when the input was complete, and not again when the answer began soon after. */
function lazyLimit(request: FcgiRequest, quiet: number): TimeLimit | undefined {
	const { closedAt, inputEndedAt, webServerSoftware } = request;
	if ((webServerSoftware?.name ?? "nginx") !== "nginx") return undefined;
	if (closedAt === undefined || inputEndedAt === undefined) return undefined;
	const sinceInput = closedAt - inputEndedAt;
	if (sinceInput - quiet > LAZY) return undefined;
	const seconds = roundSeconds(sinceInput);
	return seconds === undefined ? undefined : { seconds, quiet, sinceInput };
}

/** A time in whole seconds; undefined where it is not as punctual as a timer. */
function roundSeconds(time: number): number | undefined {
	const seconds = Math.floor(time + TIMER_LATE / 10);
	return seconds >= 1 && time - seconds <= TIMER_LATE ? seconds : undefined;
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
