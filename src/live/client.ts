// The web server's end, played by us: requests on as many connections as are wanted, one after the other on each. What
// passes becomes chunks, so that what was sent looks like what was captured.

import { FcgiInspectError } from "../errors.js";
import type { Script } from "../fastcgi/step.js";
import type {
	Chunk,
	ChunkSource,
	Connection,
	SourceReport,
} from "../inspect/chunk.js";
import { type Address, formatAddress } from "./address.js";
import { ChunkQueue } from "./chunk-queue.js";
import { unixTime } from "./clock.js";
import { Exchange, type ExchangeObserver, orAfter } from "./exchange.js";

/** How to connect, and how long to wait. */
export interface ClientOptions {
	readonly to: Address;
	/** Milliseconds until a connection is accepted. */
	readonly connectTimeoutMs: number;
	/** Milliseconds until a script is carried out and answered. */
	readonly timeoutMs: number;
	/** Connections at a time. */
	readonly connections: number;
}

/** One thing to do on a connection. */
export interface Job {
	readonly script: Script;
	/** Whether the connection is to be used for the next job, too. */
	readonly keepConn: boolean;
	/** Milliseconds in which the application is listened to afterwards, until it closes; about a second by default. */
	readonly listenMs?: number;
	/** Jobs with the same go over the same connection, as long as it is kept; one with another gets a fresh one. */
	readonly on?: unknown;
	/** Told with the connection when its first byte is sent. */
	readonly sent?: (connection: Connection) => void;
	/**
	 * Told when a kept connection turns out to be closed already, so that it is carried out again, once, on another. Where
	 * it is undefined, nothing is done again.
	 */
	readonly again?: (() => void) | undefined;
	/** Told why it was not carried out to its end. */
	readonly failed?: (error: FcgiInspectError) => void;
}

/** Where jobs come from that are not simply done in their order. */
export interface JobSource {
	/** The next job for a lane, which is done with the one before; undefined where there are no more. */
	next(lane: object): Job | undefined | Promise<Job | undefined>;
	/** Hands out no more, and lets nobody wait. */
	stop(): void;
}

/** How long an application may take to close a connection that it was not asked to keep. */
const CLOSES_WITHIN_MS = 1000;

/** One of the connections at a time. */
interface Lane {
	/** The job under way, as long as the application has said nothing to it. */
	unheard: Job | undefined;
	/** Told when its first byte is sent. */
	sent: Job["sent"];
	/** Whether the job is on a connection that was used before, and whether it has to be done on another. */
	kept: boolean;
	stale: boolean;
}

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
	readonly #queue: ChunkQueue;
	#room: Promise<void> | undefined;
	#madeRoom = () => {};
	#connections = 0;
	readonly #exchanges = new Set<Exchange>();
	#stopped = false;
	#jobs: JobSource | undefined;
	/** The first failure; the others are likely to be the same. */
	failure: FcgiInspectError | undefined;

	constructor(options: ClientOptions) {
		this.#options = options;
		this.#queue = new ChunkQueue({
			lossy: false,
			onRoom: () => {
				this.#room = undefined;
				this.#madeRoom();
			},
		});
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
		this.#queue.end();
	}

	/** Gives up: all connections are closed. */
	stop(): void {
		this.#stopped = true;
		this.#jobs?.stop();
		for (const exchange of this.#exchanges) exchange.close();
	}

	async #lane(jobs: JobSource): Promise<void> {
		const lane: Lane = {
			unheard: undefined,
			sent: undefined,
			kept: false,
			stale: false,
		};
		let exchange: Exchange | undefined;
		let on: unknown;
		while (!this.#stopped) {
			const job = await jobs.next(lane);
			if (job === undefined) break;
			if (job.on !== on) exchange = this.#close(exchange);
			on = job.on;
			try {
				exchange = await this.#doOn(exchange, lane, job);
				if (lane.stale) {
					exchange = this.#close(exchange);
					exchange = await this.#doOn(undefined, lane, job);
				}
				// How long it takes to close is not the request's time.
				if (!job.keepConn) {
					await orAfter(exchange.ended(), job.listenMs ?? CLOSES_WITHIN_MS);
				}
			} catch (error) {
				if (!(error instanceof FcgiInspectError)) throw error;
				this.failure ??= error;
				job.failed?.(error);
				exchange = this.#close(exchange);
			}
			if (!job.keepConn) exchange = this.#close(exchange);
		}
		this.#close(exchange);
	}

	/** Carries out a job on a connection that may be used again, or on a fresh one; returns the connection. */
	async #doOn(
		kept: Exchange | undefined,
		lane: Lane,
		job: Job,
	): Promise<Exchange> {
		lane.sent = job.sent;
		lane.stale = false;
		// An application that does not keep the connection after all closes it just behind its answer.
		if (kept !== undefined && job.again !== undefined) await soon();
		lane.kept = kept !== undefined && !kept.over;
		if (!lane.kept) this.#close(kept);
		const exchange =
			kept !== undefined && lane.kept ? kept : await this.#open(lane);
		lane.unheard = job;
		try {
			await this.#within(exchange, this.#carryOut(exchange, job));
		} catch (error) {
			this.#close(exchange);
			throw error;
		} finally {
			lane.unheard = undefined;
		}
		return exchange;
	}

	async #open(lane: Lane): Promise<Exchange> {
		const { to, connectTimeoutMs } = this.#options;
		const openedAt = unixTime();
		let connection: Connection | undefined;
		const tell: ExchangeObserver = (from, bytes, closes) => {
			// Connections are numbered as they are first told of.
			connection ??= {
				number: this.#connections++,
				application: formatAddress(to),
				openedAt,
				startSeen: true,
			};
			if (from === "application") heard(lane, bytes);
			else if (bytes.length > 0) {
				lane.sent?.(connection);
				lane.sent = undefined;
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
		};
		const exchange = await Exchange.open(to, connectTimeoutMs, tell);
		this.#exchanges.add(exchange);
		return exchange;
	}

	#close(exchange: Exchange | undefined): undefined {
		if (exchange === undefined) return;
		exchange.close();
		this.#exchanges.delete(exchange);
	}

	async #carryOut(exchange: Exchange, job: Job): Promise<void> {
		await exchange.carryOut(job.script, () => this.#pace());
		await exchange.answered();
	}

	/** Waits where whoever looks at what passes is behind. */
	#pace(): Promise<void> | undefined {
		if (!this.#queue.full) return undefined;
		this.#room ??= new Promise((resolve) => {
			this.#madeRoom = resolve;
		});
		return this.#room;
	}

	async #within(exchange: Exchange, work: Promise<void>): Promise<void> {
		const { timeoutMs, to } = this.#options;
		let late = false;
		const timer = setTimeout(() => {
			late = true;
			exchange.close();
		}, timeoutMs);
		await work;
		clearTimeout(timer);
		if (!late) return;
		throw new FcgiInspectError(
			"timed-out",
			`${formatAddress(to)}: no end within ${timeoutMs / 1000} s (--timeout)`,
		);
	}
}

/** Notes that the application has said something, or, with no bytes, its last word. */
function heard(lane: Lane, bytes: Buffer): void {
	const again = lane.unheard?.again;
	lane.unheard = undefined;
	if (bytes.length > 0 || !lane.kept || again === undefined) return;
	lane.stale = true;
	again();
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
