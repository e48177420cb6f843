// One connection to an application, on which scripts are carried out step by step. What is written and what comes back is
// told as it passes; an application that answers early, takes no more or closes is listened to until it has said all.

import { connect, type Socket } from "node:net";
import { FcgiInspectError } from "../errors.js";
import type { Peer } from "../fastcgi/constants.js";
import { NO_BYTES } from "../fastcgi/no-bytes.js";
import { RecordDecoder } from "../fastcgi/record-decoder.js";
import type { Script, Step } from "../fastcgi/step.js";
import type { Closing } from "../inspect/chunk.js";
import { type Address, formatAddress, netOptions } from "./address.js";
import { surviveRefusedWrites } from "./refused-writes.js";
import { whyRefused } from "./why-refused.js";

/** Who is told what passes. */
export type ExchangeObserver = (
	from: Peer,
	/** Never written to again; none where only the end is told. */
	bytes: Buffer,
	closes: Closing | undefined,
) => void;

const END_REQUEST = 3;
const BEGIN_REQUEST = 1;

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
	#deaf = false;
	/** Whether something of the script under way was not written, because the application takes no more. */
	#unsent = false;
	#over = false;
	#changed = () => {};
	#change: Promise<void>;

	/** Connects. Rejects with a FcgiInspectError where the application refuses, or does not accept in time. */
	static async open(
		address: Address,
		timeoutMs: number,
		tell: ExchangeObserver,
	): Promise<Exchange> {
		const socket = connect({ ...netOptions(address), allowHalfOpen: true });
		const name = formatAddress(address);
		await new Promise<void>((resolve, reject) => {
			const timer = setTimeout(() => {
				socket.destroy();
				reject(
					new FcgiInspectError(
						"timed-out",
						`${name}: not accepted within ${timeoutMs} ms`,
					),
				);
			}, timeoutMs);
			socket.once("connect", () => {
				clearTimeout(timer);
				resolve();
			});
			socket.once("error", (error: NodeJS.ErrnoException) => {
				clearTimeout(timer);
				reject(
					new FcgiInspectError(
						"connection-failed",
						`${name}: ${whyRefused(error)}`,
					),
				);
			});
		});
		socket.removeAllListeners("error");
		return new Exchange(socket, tell);
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
		socket.on("data", (bytes: Buffer) => this.#hear(bytes));
		socket.on("end", () => this.#end("fin"));
		socket.on("error", () => this.#end("rst"));
		socket.on("drain", () => this.#said());
	}

	/** Whether the application has said its last word. */
	get over(): boolean {
		return this.#over;
	}

	/**
	 * Carries out a script, each step once `pace` lets it; ends early where the connection does. Resolves to whether all of
	 * its bytes were sent.
	 */
	async carryOut(
		script: Script,
		pace: () => Promise<void> | undefined,
	): Promise<boolean> {
		this.#unsent = false;
		if (Symbol.iterator in script) {
			// What is all there need not be waited for.
			for (const step of script) {
				await pace();
				if (this.#over) {
					if (step.kind === "write") return false;
				} else await this.#do(step);
			}
			return !this.#unsent;
		}
		for await (const step of script) {
			await pace();
			if (this.#over) {
				if (step.kind === "write") return false;
			} else await this.#do(step);
		}
		return !this.#unsent;
	}

	/** Waits until the requests that were begun have ended, or the connection has. */
	async answered(): Promise<void> {
		await this.#until(() => this.#open.size === 0);
	}

	/** Waits until the application has closed. */
	async ended(): Promise<void> {
		await this.#until(() => false);
	}

	/** Closes. */
	close(): void {
		if (this.#socket.destroyed) return;
		this.#socket.destroy();
		this.#tell("webServer", NO_BYTES, "fin");
		this.#over = true;
		this.#said();
	}

	async #do(step: Step): Promise<void> {
		switch (step.kind) {
			case "write":
				return this.#write(step.bytes);
			case "wait":
				return orAfter(this.ended(), step.milliseconds);
			case "waitFor":
				return this.#waitFor(step.type);
			case "halfClose":
				this.#socket.end();
				this.#tell("webServer", NO_BYTES, "fin");
				return;
			case "close":
				return this.close();
			case "reset":
				this.#tell("webServer", NO_BYTES, "rst");
				if (this.#socket.remoteFamily === undefined) this.#socket.destroy();
				else this.#socket.resetAndDestroy();
				this.#over = true;
				this.#said();
		}
	}

	async #write(bytes: Buffer): Promise<void> {
		if (this.#deaf || this.#socket.writableEnded) {
			this.#unsent = true;
			return;
		}
		this.#tell("webServer", bytes, undefined);
		for (const { type, requestId } of this.#sent.push(bytes)) {
			if (type === BEGIN_REQUEST) this.#open.add(requestId);
		}
		if (this.#socket.write(bytes)) return;
		await this.#until(() => this.#deaf || !this.#socket.writableNeedDrain);
	}

	async #waitFor(type: number): Promise<void> {
		await this.#until(() => (this.#unawaited.get(type) ?? 0) > 0);
		const count = this.#unawaited.get(type) ?? 0;
		if (count > 0) this.#unawaited.set(type, count - 1);
	}

	#hear(bytes: Buffer): void {
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

	async #until(isSo: () => boolean): Promise<void> {
		while (!isSo() && !this.#over) await this.#change;
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

/** Waits for something, though no longer than a time; nothing of it is left afterwards. */
export async function orAfter(what: Promise<void>, ms: number): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	await Promise.race([
		what,
		new Promise<void>((resolve) => {
			timer = setTimeout(resolve, ms);
		}),
	]);
	clearTimeout(timer);
}
