// The system calls of an strace log become pieces of conversations: what processes read from their sockets and wrote to
// them. Only calls that say what passed are looked at; bytes that a log does not have are counted, and never guessed.

import type { SourceReport } from "../../inspect/chunk.js";
import { NOTHING, type Stage } from "../../stage.js";
import { counted } from "../counted.js";
import type { Piece } from "../recognition/flow.js";
import { type Line, MAX_LINE_LENGTH } from "../text/lines.js";
import { TextClock } from "../text/text-clock.js";
import {
	asksForNothing,
	endsInside,
	onlyLooks,
	passedBytes,
} from "./call-bytes.js";
import { Conversation, type SocketOrigin, type Way } from "./conversation.js";
import { Descriptors, type File } from "./descriptors.js";
import { addressIn, annotatedAddresses } from "./socket-address.js";
import { type SystemCall, SystemCalls } from "./system-calls.js";

/** Standard input, output and error are sockets only where the log shows how they became such. */
const FIRST_DESCRIPTOR = 3;

/** Sockets with missing bytes that are remembered, to say at the end how much is missing of those that matter. */
const MAX_INCOMPLETE = 65_536;

/** What a call does with the bytes in its arguments. */
const WAYS: ReadonlyMap<string, Way> = new Map(
	Object.entries({
		read: "received",
		readv: "received",
		recv: "received",
		recvfrom: "received",
		recvmsg: "received",
		write: "sent",
		writev: "sent",
		send: "sent",
		sendto: "sent",
		sendmsg: "sent",
		// From a file, so that the log does not show what.
		sendfile: "sent",
		sendfile64: "sent",
	}),
);

/** Calls whose result is a descriptor of a connection that somebody else opened. */
const ACCEPTS: ReadonlySet<string> = new Set(["accept", "accept4"]);

/** Calls whose result is a descriptor of something else than a socket. */
const OPENERS: ReadonlySet<string> = new Set([
	...["open", "openat", "openat2", "creat", "memfd_create", "eventfd2"],
	...["epoll_create", "epoll_create1", "timerfd_create", "signalfd4"],
	...["inotify_init", "inotify_init1", "pidfd_open", "userfaultfd"],
]);

/** Reads an strace log. */
export class StraceLog implements Stage<Line, Piece> {
	readonly #report: SourceReport;
	readonly #clock = new TextClock();
	// What the log does not show to have been read was not read.
	readonly #calls = new SystemCalls(
		this.#clock,
		(name) => WAYS.get(name) === "sent",
		// What was opened is in the result.
		(name) => ACCEPTS.has(name) || OPENERS.has(name),
	);
	readonly #descriptors = new Descriptors();
	readonly #pieces: Piece[] = [];
	/** Sockets of which the log does not have all bytes, as long as it is not known whether they matter. */
	readonly #incomplete = new Set<Conversation>();
	#longLines = 0;
	/** Calls that passed bytes on what may be a socket. */
	#transfers = 0;

	/** The report takes the remarks. */
	constructor(report: SourceReport) {
		this.#report = report;
	}

	push(line: Line): readonly Piece[] {
		if (!line.ends) this.#longLines++;
		for (const call of this.#calls.push(line)) this.#take(call);
		return this.#made();
	}

	end(): readonly Piece[] {
		for (const call of this.#calls.end()) this.#take(call);
		for (const socket of this.#descriptors.sockets()) socket.finish();
		return this.#made();
	}

	#made(): readonly Piece[] {
		if (this.#pieces.length === 0) return NOTHING;
		// The sockets add to this list, so it has to stay the same one.
		return this.#pieces.splice(0);
	}

	#take(call: SystemCall): void {
		const way = WAYS.get(call.name);
		if (way !== undefined) {
			this.#pass(call, way);
			return;
		}
		const result = Number.parseInt(call.result, 10);
		const number = Number.parseInt(call.arguments, 10);
		const { process, startedAt, endedAt } = call;
		switch (call.name) {
			case "accept":
			case "accept4":
				if (result >= 0) this.#accepted(call, result);
				return;
			case "socket":
				if (result >= 0) this.#openSocket(call, result, undefined);
				return;
			case "connect":
				if (result === 0 || call.result.includes("EINPROGRESS")) {
					this.#openSocket(call, number, addressIn(call.arguments));
				}
				return;
			case "close":
				this.#descriptors.close(process, number, startedAt);
				return;
			case "shutdown":
				if (result === 0 && !call.arguments.endsWith("SHUT_RD")) {
					this.#socket(call, number)?.end("sent", startedAt);
				}
				return;
			case "dup":
			case "dup2":
			case "dup3":
			case "fcntl":
				if (call.name === "fcntl" && !call.arguments.includes("F_DUPFD"))
					return;
				if (result >= 0) {
					this.#descriptors.duplicate(process, number, result, endedAt);
				}
				return;
			case "clone":
			case "clone3":
			case "fork":
			case "vfork":
				if (result > 0) {
					const shares = call.arguments.includes("CLONE_FILES");
					this.#descriptors.made(process, result, shares);
				}
				return;
			case "exited":
				this.#descriptors.ended(process, startedAt);
				return;
			default:
				if (result >= 0 && OPENERS.has(call.name)) {
					this.#descriptors.open(process, result, "other", endedAt);
				}
		}
	}

	/** Bytes that were read or written. */
	#pass(call: SystemCall, way: Way): void {
		const passed = Number.parseInt(call.result, 10);
		const number = Number.parseInt(call.arguments, 10);
		// What is read has come when the call ends; what is written goes when it begins.
		const at =
			way === "sent" ? call.startedAt : (call.endedAt ?? call.startedAt);
		if (Number.isNaN(number) || Number.isNaN(passed)) return;
		if (passed <= 0 && this.#known(call, number) === undefined) return;
		const socket = this.#socket(call, number);
		if (socket === undefined) return;
		if (passed < 0) {
			if (/\b(?:ECONNRESET|EPIPE)\b/.test(call.result)) socket.reset(at);
			return;
		}
		// What is only looked at is read again.
		if (way === "received" && onlyLooks(call)) return;
		if (passed === 0) {
			if (way === "received" && !asksForNothing(call)) {
				socket.end("received", at);
			}
			return;
		}
		this.#transfers++;
		this.#bytes(call, way, passed, socket, at);
	}

	#bytes(
		call: SystemCall,
		way: Way,
		passed: number,
		socket: Conversation,
		at: number | undefined,
	): void {
		if (endsInside(call, passed)) {
			this.#calls.cutLine = call.line;
			return;
		}
		for (const { bytes, missing } of passedBytes(call, passed)) {
			if (missing > 0) this.#miss(socket, missing, call.line);
			socket.bytes(way, bytes, missing, at);
		}
	}

	#miss(socket: Conversation, bytes: number, line: number): void {
		socket.missingBytes += bytes;
		socket.firstMissing ??= line;
		if (this.#incomplete.size < MAX_INCOMPLETE) this.#incomplete.add(socket);
	}

	/** What a number is known to stand for. */
	#known({ process }: SystemCall, number: number): File | undefined {
		return (
			this.#descriptors.of(process).open.get(number) ??
			this.#descriptors.ofThread(process, number)
		);
	}

	/** The socket that a number stands for; one that was not seen to be opened begins here. */
	#socket(call: SystemCall, number: number): Conversation | undefined {
		const known = this.#known(call, number);
		if (known !== undefined) return known === "other" ? undefined : known;
		if (number < FIRST_DESCRIPTOR || isNoSocket(call.arguments)) {
			return undefined;
		}
		const { process } = call;
		const { own, peer } = annotatedAddresses(call.arguments);
		return this.#open(process, number, undefined, {
			openedByProcess: undefined,
			openedAt: undefined,
			startKnown: this.#descriptors.of(process).closed.has(number),
			ownAddress: own,
			peerAddress: peer,
		});
	}

	#accepted(call: SystemCall, number: number): void {
		const listening = annotatedAddresses(call.arguments);
		const { own, peer } = annotatedAddresses(call.result);
		this.#open(call.process, number, call.endedAt, {
			openedByProcess: false,
			openedAt: call.endedAt,
			startKnown: true,
			ownAddress: own ?? listening.own,
			peerAddress: addressIn(call.arguments) ?? peer,
		});
	}

	/** A socket of the process's own, and, once it is connected, who it talks to. */
	#openSocket(
		call: SystemCall,
		number: number,
		peerAddress: string | undefined,
	): void {
		this.#open(call.process, number, call.startedAt, {
			openedByProcess: true,
			openedAt: call.startedAt,
			startKnown: true,
			ownAddress: annotatedAddresses(call.arguments).own,
			peerAddress,
		});
	}

	#open(
		process: number,
		number: number,
		time: number | undefined,
		origin: SocketOrigin,
	): Conversation {
		const socket = new Conversation(origin, this.#pieces);
		this.#descriptors.open(process, number, socket, time);
		return socket;
	}

	/** Says in the report what a person should know, once it is known which conversations are FastCGI. */
	remark(): void {
		const { remarks } = this.#report;
		this.#clock.remark(this.#report);
		let missing = 0;
		let first = Number.POSITIVE_INFINITY;
		for (const socket of this.#incomplete) {
			if (!socket.recognised) continue;
			missing += socket.missingBytes;
			first = Math.min(first, socket.firstMissing ?? first);
		}
		if (this.#transfers === 0) {
			remarks.push(
				"the log shows no bytes that were read or written: strace -f -s 65535 of the process that serves does, and with -p of each worker",
			);
		}
		if (missing > 0) {
			remarks.push(
				`${missing} bytes are not in the log, the first of line ${first}: strace -s 65535 shows strings whole`,
			);
		}
		const { halves, givenUp, cutLine } = this.#calls;
		if (cutLine !== undefined) {
			this.#report.truncated = true;
			remarks.push(`the log ends in the middle of line ${cutLine}`);
		}
		if (halves + givenUp > 0) {
			remarks.push(
				`${counted(halves + givenUp, "call")} of which the log has one half only, left out`,
			);
		}
		if (this.#longLines > 0) {
			remarks.push(
				`${counted(this.#longLines, "line")} of more than ${MAX_LINE_LENGTH} characters left out`,
			);
		}
	}
}

/** Whether a call is shown to be on a file, a pipe or the like (-y). */
function isNoSocket(text: string): boolean {
	const annotation = /^\d+<([^>,]{0,16})/.exec(text)?.[1];
	if (annotation === undefined) return false;
	return !/^(?:TCP|TCPv6|UNIX|UNIX-STREAM|socket|SOCK)\b/.test(annotation);
}
