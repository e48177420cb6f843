// One connection to an application, on which scripts are carried out step by step. What is written and what comes back is
// told as it passes; an application that answers early, takes no more or closes is listened to until it has said all.

import type { Socket } from "node:net";
import {
	FCGI_KEEP_CONN,
	type Peer,
	recordTypeName,
} from "../fastcgi/constants.js";
import { NO_BYTES } from "../fastcgi/no-bytes.js";
import type { FcgiRecord } from "../fastcgi/record.js";
import { RecordDecoder } from "../fastcgi/record-decoder.js";
import type { Script, Step } from "../fastcgi/step.js";
import type { Closing } from "../inspect/chunk.js";
import type { Address } from "./address.js";
import { connected } from "./connected.js";
import { surviveRefusedWrites } from "./refused-writes.js";

/** Who is told what passes. */
export type ExchangeObserver = (
	from: Peer,
	/** Never written to again; none where only the end is told. */
	bytes: Buffer,
	closes: Closing | undefined,
) => void;

/** What is carried out on a connection, and how. */
export interface Task {
	readonly script: Script;
	/** Set where the script is one request: what is left of it once that has ended is left out, as web servers do. */
	readonly isRequest?: boolean;
}

const END_REQUEST = 3;
const BEGIN_REQUEST = 1;
/** Where BEGIN_REQUEST has its flags (specification, section 5.1). */
const FLAGS_AT = 2;

/** An open connection. */
export class Exchange {
	readonly #socket: Socket;
	readonly #tell: ExchangeObserver;
	/** What we say, to know which requests were begun; and what the application says, to know which ended. */
	readonly #sent = new RecordDecoder();
	readonly #received = new RecordDecoder();
	readonly #open = new Set<number>();
	/** Records of each type that no `waitFor` has waited for yet. */
	readonly #unawaited = new Map<number, number>();
	#tasks = 0;
	/** Whether the application has said something since the task began. */
	#heard = false;
	/** Whether a request of the task was begun. */
	#begun = false;
	#isRequest = false;
	/** Whether the request that ended last asked the application to close. */
	#toBeClosed = false;
	/** What is waited for, as the end of a sentence that says that it did not happen. */
	#lateWith = "";
	#missed: string | undefined;
	#deaf = false;
	/** Whether something of the script under way was not written, because the application takes no more. */
	#unsent = false;
	#over = false;
	/** Whether it was we who ended the connection. */
	#closed = false;
	#changed = () => {};
	#change: Promise<void>;

	/** Connects. Rejects with a FcgiInspectError where the application refuses, is not reached in time, or `signal` is aborted. */
	static async open(
		address: Address,
		timeoutMs: number,
		signal: AbortSignal,
		tell: ExchangeObserver,
	): Promise<Exchange> {
		let hear = (_: Buffer) => {};
		const socket = await connected(address, timeoutMs, signal, (bytes) =>
			hear(bytes),
		);
		const exchange = new Exchange(socket, tell);
		hear = (bytes) => exchange.#hear(bytes);
		return exchange;
	}

	private constructor(socket: Socket, tell: ExchangeObserver) {
		this.#socket = socket;
		this.#tell = tell;
		this.#change = this.#nextChange();
		socket.setNoDelay(true);
		surviveRefusedWrites(socket, () => {
			this.#deaf = true;
			this.#said();
		});
		socket.on("end", () => this.#end("fin"));
		socket.on("error", () => this.#end("rst"));
		socket.on("drain", () => this.#said());
	}

	/** Whether the application has said its last word. */
	get over(): boolean {
		return this.#over;
	}

	/** Whether the connection was used before, and the application closed it without a word of this task. */
	get stale(): boolean {
		return this.#over && this.#tasks > 1 && !this.#heard && !this.#closed;
	}

	/** Whether the application has answered, and was to close the connection then (specification, section 5.1). */
	get toBeClosed(): boolean {
		return this.#toBeClosed && this.#open.size === 0;
	}

	/** What has not happened, where it is late: `no FCGI_END_REQUEST`. */
	get lateWith(): string {
		return this.#lateWith;
	}

	/** What a task waited for, and the connection ended before it came: `FCGI_GET_VALUES_RESULT`. */
	get missed(): string | undefined {
		return this.#missed;
	}

	/** Hears nothing for a while. */
	pause(): void {
		this.#socket.pause();
	}

	/** Hears again. */
	resume(): void {
		this.#socket.resume();
	}

	/**
	 * Carries out a script, each step once `pace` lets it, and waits for the ends of the requests that it begins. It ends early where the
	 * connection does. True where all of its bytes were sent.
	 */
	async carryOut(
		{ script, isRequest = false }: Task,
		pace: () => Promise<void> | undefined,
	): Promise<boolean> {
		this.#tasks++;
		this.#heard = false;
		this.#unsent = false;
		this.#begun = false;
		this.#isRequest = isRequest;
		const whole =
			Symbol.iterator in script
				? await this.#carryOutWhole(script, pace)
				: await this.#carryOutPieces(script, pace);
		this.#lateWith = "no FCGI_END_REQUEST";
		await this.#until(() => this.#open.size === 0);
		return whole && !this.#unsent;
	}

	/** What is all there need not be waited for. */
	async #carryOutWhole(
		script: Iterable<Step>,
		pace: () => Promise<void> | undefined,
	): Promise<boolean> {
		for (const step of script) {
			const room = pace();
			if (room !== undefined) await room;
			if (this.#enough) {
				if (step.kind === "write") return false;
				continue;
			}
			const done = this.#do(step);
			if (done !== undefined) await done;
		}
		return true;
	}

	async #carryOutPieces(
		script: AsyncIterable<Step>,
		pace: () => Promise<void> | undefined,
	): Promise<boolean> {
		const steps = script[Symbol.asyncIterator]();
		for (;;) {
			this.#lateWith = "not all was sent";
			const next = await this.#unlessEnough(steps.next());
			if (next?.done) return true;
			await pace();
			if (next === undefined || this.#enough) {
				// It may wait for a pipe; then this is done when that brings something.
				void steps.return?.().catch(() => undefined);
				return false;
			}
			await this.#do(next.value);
		}
	}

	/** Listens until the application has closed, no longer than a time in milliseconds. */
	async listen(milliseconds: number): Promise<void> {
		await this.#until(() => false, milliseconds);
	}

	/** Closes. */
	close(): void {
		if (this.#socket.destroyed) return;
		this.#closed = true;
		this.#over = true;
		this.#socket.destroy();
		this.#tell("webServer", NO_BYTES, "fin");
		this.#said();
	}

	/** Whether nothing of the script has any use now. */
	get #enough(): boolean {
		if (this.#over) return true;
		return this.#isRequest && this.#begun && this.#open.size === 0;
	}

	#do(step: Step): Promise<void> | undefined {
		switch (step.kind) {
			case "write":
				return this.#write(step.bytes);
			case "wait":
				this.#lateWith = "not all was sent";
				return this.#until(() => this.#enough, step.milliseconds);
			case "waitFor":
				return this.#waitFor(step.type);
			case "halfClose":
				this.#socket.end();
				this.#tell("webServer", NO_BYTES, "fin");
				return undefined;
			case "close":
				this.close();
				return undefined;
			case "reset":
				this.#tell("webServer", NO_BYTES, "rst");
				if (this.#socket.remoteFamily === undefined) this.#socket.destroy();
				else this.#socket.resetAndDestroy();
				this.#closed = true;
				this.#over = true;
				this.#said();
				return undefined;
		}
	}

	#write(bytes: Buffer): Promise<void> | undefined {
		if (this.#deaf || this.#socket.writableEnded) {
			this.#unsent = true;
			return undefined;
		}
		this.#tell("webServer", bytes, undefined);
		for (const record of this.#sent.push(bytes)) {
			if (record.type === BEGIN_REQUEST) this.#begins(record);
		}
		if (this.#socket.write(bytes)) return undefined;
		this.#lateWith = "it read no more of what was sent";
		return this.#until(
			() => this.#enough || this.#deaf || !this.#socket.writableNeedDrain,
		);
	}

	#begins({ requestId, contentData }: FcgiRecord): void {
		this.#open.add(requestId);
		this.#begun = true;
		this.#toBeClosed = ((contentData[FLAGS_AT] ?? 0) & FCGI_KEEP_CONN) === 0;
	}

	async #waitFor(type: number): Promise<void> {
		const name = recordTypeName(type);
		this.#lateWith = `no ${name}`;
		await this.#until(() => (this.#unawaited.get(type) ?? 0) > 0);
		const count = this.#unawaited.get(type) ?? 0;
		if (count > 0) this.#unawaited.set(type, count - 1);
		else if (!this.#closed) this.#missed ??= name;
	}

	#hear(bytes: Buffer): void {
		this.#heard = true;
		this.#tell("application", bytes, undefined);
		for (const { type, requestId } of this.#received.push(bytes)) {
			this.#unawaited.set(type, (this.#unawaited.get(type) ?? 0) + 1);
			if (type === END_REQUEST) this.#open.delete(requestId);
		}
		this.#said();
	}

	#end(closing: Closing): void {
		if (this.#over) return;
		this.#over = true;
		this.#tell("application", NO_BYTES, closing);
		this.#said();
	}

	/** Waits until something is so or the connection is over, no longer than a time in milliseconds. */
	async #until(isSo: () => boolean, milliseconds?: number): Promise<void> {
		let late = false;
		const timer =
			milliseconds === undefined
				? undefined
				: setTimeout(() => {
						late = true;
						this.#said();
					}, milliseconds);
		while (!isSo() && !this.#over && !late) await this.#change;
		clearTimeout(timer);
	}

	/** What a promise brings; undefined where there is enough before it does. */
	async #unlessEnough<T>(what: Promise<T>): Promise<T | undefined> {
		let settled = false;
		const settle = () => {
			settled = true;
			this.#said();
		};
		what.then(settle, settle);
		await this.#until(() => settled || this.#enough);
		return settled ? what : undefined;
	}

	#said(): void {
		const changed = this.#changed;
		this.#change = this.#nextChange();
		changed();
	}

	#nextChange(): Promise<void> {
		return new Promise((resolve) => {
			this.#changed = resolve;
		});
	}
}
