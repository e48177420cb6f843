// The web server's end, played by us: requests on as many connections as are wanted, one after the other on each. What
// passes becomes chunks, so that what was sent looks like what was captured.

import { setMaxListeners } from "node:events";
import { FcgiInspectError } from "../errors.js";
import type {
	Chunk,
	ChunkSource,
	Connection,
	SourceReport,
} from "../inspect/chunk.js";
import { type Address, formatAddress } from "./address.js";
import { unixTime } from "./clock.js";
import { Exchange, type ExchangeObserver, type Task } from "./exchange.js";
import { PromptQueue } from "./prompt-queue.js";

/** How to connect, and how long to wait. */
export interface ClientOptions {
	readonly to: Address;
	/** Milliseconds until a connection is accepted. */
	readonly connectTimeoutMs: number;
	/** Milliseconds until a script is carried out and answered. */
	readonly timeoutMs: number;
	/** Connections at a time. */
	readonly connections: number;
	/** Jobs that may fail in a row, on each of them, before the rest is left; {@link GIVES_UP_AFTER} by default. */
	readonly givesUpAfter?: number;
}

/** One thing to do on a connection. */
export interface Job extends Task {
	/** Whether the connection is to be used for the next job, too. */
	readonly keepConn: boolean;
	/** Milliseconds in which the application is listened to afterwards, until it closes; about a second by default. */
	readonly listenMs?: number;
	/** What a person should know where it is not answered in time. */
	readonly ifLate?: string;
	/** Jobs with the same go over the same connection, as long as it is kept; one with another gets a fresh one. */
	readonly on?: unknown;
	/** Told with the connection when its first byte is sent. */
	readonly sent?: (connection: Connection) => void;
	/**
	 * Told when a kept connection turns out to be closed already, so that it is carried out again, once, on another; false
	 * where it is not to be.
	 */
	readonly again?: (() => void) | false;
	/** Told why it was not carried out to its end. */
	readonly failed?: (error: FcgiInspectError) => void;
	/** Whether it is a failure if the application closes before all of it was sent. */
	readonly whole?: boolean;
}

/** Where jobs come from that are not simply done in their order. */
export interface JobSource {
	/** The next job for a lane, which is done with the one before; undefined where there are no more. */
	next(lane: object): Job | undefined | Promise<Job | undefined>;
	/** Hands out no more, and lets nobody wait. */
	stop(): void;
}

/** How long an application may take to close a connection that it was to close: all that do, do so at once. */
const CLOSES_WITHIN_MS = 500;
/** How long what is no request may take to be answered. */
const LISTEN_MS = 1000;
/** What has failed so often in a row, with connecting or in time, fails again: each may have taken all of the time. */
export const GIVES_UP_AFTER = 3;

/** Carries out jobs, and is a live source of what passes. */
export class Client implements ChunkSource {
	readonly live = true;
	readonly report: SourceReport = {
		format: "send",
		truncated: false,
		remarks: [],
		otherConnections: 0,
	};
	readonly #options: ClientOptions;
	readonly #queue: PromptQueue;
	#room: Promise<void> | undefined;
	#madeRoom = () => {};
	#connections = 0;
	readonly #exchanges = new Set<Exchange>();
	readonly #stop = new AbortController();
	#jobs: JobSource | undefined;
	/** Who is told of the first byte of the job under way. */
	readonly #sent = new Map<Exchange, Job["sent"]>();
	/** Whether the application was seen not to close a connection, so that nobody waits for it again. */
	#neverCloses = false;
	readonly #inVain = new WeakSet<Connection>();
	/** The first failure; the others are likely to be the same. */
	failure: FcgiInspectError | undefined;
	/** Jobs that were sent again, because the application had closed a connection that was kept for them. */
	sentAgain = 0;
	/** Jobs that nobody was connected to for. */
	unsent = 0;
	/** Whether some of these were not even tried, because too many had failed in a row. */
	gaveUp = false;

	constructor(options: ClientOptions) {
		this.#options = options;
		// One for each connection that is being opened.
		setMaxListeners(0, this.#stop.signal);
		this.#queue = new PromptQueue(() => {
			this.#room = undefined;
			this.#madeRoom();
			for (const exchange of this.#exchanges) exchange.resume();
		});
	}

	/** Whether what was sent last on a connection was sent in vain, and then again on another one. */
	wasInVain(connection: Connection): boolean {
		return this.#inVain.has(connection);
	}

	[Symbol.asyncIterator](): AsyncIterator<readonly Chunk[]> {
		return this.#queue[Symbol.asyncIterator]();
	}

	/** Carries out all jobs; what goes wrong with one is kept in `failure`, and ends its connection. */
	async run(jobs: Iterable<Job> | JobSource): Promise<void> {
		const source = Symbol.iterator in jobs ? inOrder(jobs) : jobs;
		this.#jobs = source;
		const lanes = Array.from({ length: this.#options.connections }, () =>
			this.#lane(source),
		);
		await Promise.all(lanes);
		if (Symbol.iterator in jobs && !this.#stopped) {
			for (; source.next(this) !== undefined; this.gaveUp = true) this.unsent++;
		}
		this.#queue.end();
	}

	/** Gives up: all connections are closed. */
	stop(): void {
		this.#jobs?.stop();
		for (const exchange of this.#exchanges) exchange.close();
		this.#stop.abort();
	}

	get #stopped(): boolean {
		return this.#stop.signal.aborted;
	}

	async #lane(jobs: JobSource): Promise<void> {
		const { givesUpAfter = GIVES_UP_AFTER } = this.#options;
		const lane = {};
		let kept: Exchange | undefined;
		let on: unknown;
		let failures = 0;
		while (!this.#stopped && failures < givesUpAfter) {
			const job = await jobs.next(lane);
			if (job === undefined) break;
			if (job.on !== on) kept = this.#close(kept);
			on = job.on;
			try {
				kept = await this.#do(job, kept);
				failures = 0;
			} catch (error) {
				if (!(error instanceof FcgiInspectError)) throw error;
				kept = undefined;
				if (this.#stopped) break;
				this.failure ??= error;
				job.failed?.(error);
				failures++;
			}
		}
		this.#close(kept);
	}

	/** Carries out a job, on a connection that was kept if there is one; returns it where it is kept again. */
	async #do(
		job: Job,
		kept: Exchange | undefined,
	): Promise<Exchange | undefined> {
		// An application that does not keep the connection after all closes it just behind its answer.
		if (kept !== undefined && job.again) await soon();
		if (kept?.over) kept = this.#close(kept);
		const exchange = kept ?? (await this.#open());
		if (job.sent !== undefined) this.#sent.set(exchange, job.sent);
		try {
			const whole = await this.#within(exchange, job);
			if (exchange.stale && job.again !== false && !this.#stopped) {
				this.#close(exchange);
				this.sentAgain++;
				job.again?.();
				return await this.#do(job, undefined);
			}
			if (job.whole && !whole && !this.#stopped) {
				throw new FcgiInspectError(
					"connection-failed",
					`${formatAddress(this.#options.to)}: the connection ended before all records were sent`,
				);
			}
			if (job.keepConn && whole && !exchange.over) return exchange;
			if (!job.keepConn) await this.#closing(exchange, job);
		} catch (error) {
			this.#close(exchange);
			throw error;
		}
		return this.#close(exchange);
	}

	async #open(): Promise<Exchange> {
		const { to, connectTimeoutMs } = this.#options;
		const { signal } = this.#stop;
		const openedAt = unixTime();
		let connection: Connection | undefined;
		let exchange: Exchange | undefined;
		const tell: ExchangeObserver = (from, bytes, closes) => {
			// Connections are numbered as they are first told of.
			connection ??= {
				number: this.#connections++,
				application: formatAddress(to),
				openedAt,
				startSeen: true,
			};
			if (closes !== undefined && exchange?.stale && !this.#stopped) {
				this.#inVain.add(connection);
			}
			if (from === "webServer" && bytes.length > 0) {
				this.#tellSent(exchange, connection);
			}
			this.#queue.push({
				connection,
				from,
				timestamp: unixTime(),
				bytes,
				frame: undefined,
				missingBefore: 0,
				closes,
			});
			if (this.#queue.full) exchange?.pause();
		};
		try {
			exchange = await Exchange.open(to, connectTimeoutMs, signal, tell);
		} catch (error) {
			if (!this.#stopped) this.unsent++;
			throw error;
		}
		this.#exchanges.add(exchange);
		if (this.#stopped) exchange.close();
		return exchange;
	}

	#tellSent(exchange: Exchange | undefined, connection: Connection): void {
		if (exchange === undefined || this.#sent.size === 0) return;
		const sent = this.#sent.get(exchange);
		this.#sent.delete(exchange);
		sent?.(connection);
	}

	#close(exchange: Exchange | undefined): undefined {
		if (exchange === undefined) return;
		exchange.close();
		this.#sent.delete(exchange);
		this.#exchanges.delete(exchange);
	}

	/** Waits for the application to close, if it is known to or nothing is known. */
	async #closing(exchange: Exchange, job: Job): Promise<void> {
		if (!exchange.toBeClosed) {
			return exchange.listen(job.listenMs ?? LISTEN_MS);
		}
		if (this.#neverCloses) return;
		await exchange.listen(CLOSES_WITHIN_MS);
		if (exchange.over || this.#neverCloses) return;
		this.#neverCloses = true;
		this.report.remarks.push(
			`the application had not closed the connection ${CLOSES_WITHIN_MS / 1000} s after FCGI_END_REQUEST, though nobody asked it to keep it (specification, section 5.1)`,
		);
	}

	/** Waits where whoever looks at what passes is behind. */
	readonly #paced = (): Promise<void> | undefined => {
		if (!this.#queue.full) return undefined;
		this.#room ??= new Promise((resolve) => {
			this.#madeRoom = resolve;
		});
		return this.#room;
	};

	/** Carries out a job, in time; true where all of it was. */
	async #within(exchange: Exchange, job: Job): Promise<boolean> {
		const { timeoutMs, to } = this.#options;
		let lateWith: string | undefined;
		const timer = setTimeout(() => {
			lateWith = exchange.lateWith;
			exchange.close();
		}, timeoutMs);
		let whole: boolean;
		try {
			whole = await exchange.carryOut(job, this.#paced);
		} finally {
			clearTimeout(timer);
		}
		const name = formatAddress(to);
		if (lateWith !== undefined) {
			const hint = job.ifLate === undefined ? "" : `: ${job.ifLate}`;
			throw new FcgiInspectError(
				"timed-out",
				`${name}: ${lateWith} within ${timeoutMs / 1000} s (--timeout)${hint}`,
			);
		}
		if (exchange.missed !== undefined) {
			throw new FcgiInspectError(
				"connection-failed",
				`${name}: the connection ended before ${exchange.missed} came`,
			);
		}
		return whole;
	}
}

/** What has come already is looked at first. */
function soon(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}

function inOrder(jobs: Iterable<Job>): JobSource {
	const all = jobs[Symbol.iterator]();
	return {
		next: () => all.next().value as Job | undefined,
		stop: () => undefined,
	};
}
