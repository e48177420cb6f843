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
	/** Whether it is a failure if the application closes before all of it was sent. */
	readonly whole?: boolean;
}

/** How long an application may take to close a connection that it was not asked to keep. */
const CLOSES_WITHIN_MS = 1000;

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
	async run(jobs: Iterable<Job>): Promise<void> {
		const next = jobs[Symbol.iterator]();
		const lanes = Array.from({ length: this.#options.connections }, () =>
			this.#lane(next),
		);
		await Promise.all(lanes);
		this.#queue.end();
	}

	/** Gives up: all connections are closed. */
	stop(): void {
		this.#stopped = true;
		for (const exchange of this.#exchanges) exchange.close();
	}

	async #lane(jobs: Iterator<Job>): Promise<void> {
		let exchange: Exchange | undefined;
		while (!this.#stopped) {
			const { value: job, done } = jobs.next();
			if (done) break;
			try {
				if (exchange === undefined || exchange.over) {
					exchange = await this.#open();
				}
				await this.#within(exchange, this.#carryOut(exchange, job));
			} catch (error) {
				if (!(error instanceof FcgiInspectError)) throw error;
				this.failure ??= error;
				exchange = this.#close(exchange);
			}
			if (!job.keepConn) exchange = this.#close(exchange);
		}
		this.#close(exchange);
	}

	async #open(): Promise<Exchange> {
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
		const all = await exchange.carryOut(job.script, () => this.#pace());
		await exchange.answered();
		if (job.whole && !all) {
			throw new FcgiInspectError(
				"connection-failed",
				`${formatAddress(this.#options.to)}: the connection ended before all records were sent`,
			);
		}
		if (job.keepConn) return;
		await orAfter(exchange.ended(), job.listenMs ?? CLOSES_WITHIN_MS);
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
		try {
			await work;
		} catch (error) {
			if (!late) throw error;
		} finally {
			clearTimeout(timer);
		}
		if (!late) return;
		throw new FcgiInspectError(
			"timed-out",
			`${formatAddress(to)}: no end within ${timeoutMs / 1000} s (--timeout)`,
		);
	}
}
