// Jobs that have their own times and their own connections: who is next, on which connection, and when. Those of one
// connection follow one another, and of those whose time has come the first goes first.

import type { Job, JobSource } from "./client.js";

/** A job, and when it is due. */
export interface Turn {
	/** Milliseconds from the start of all; undefined where it is due when there is a lane for it. */
	readonly at: number | undefined;
	/** Which connection it is for. */
	readonly on: unknown;
	/** The job, made when its time has come. */
	readonly job: () => Job;
}

/** How many turns are looked at beyond one that waits for its connection, so that looking never costs more than sending. */
const LOOK_AHEAD = 256;

/** Milliseconds by which a turn may be late before anybody needs to know: timers and other connections take that. */
const LATE_MS = 100;

/** A lane that waits. */
interface Waiting {
	readonly lane: object;
	readonly resolve: (job: Job | undefined) => void;
}

/** Hands out turns. */
export class Turns implements JobSource {
	readonly #turns: Iterator<Turn>;
	/** The next turns, in order. */
	readonly #ahead: Turn[] = [];
	#exhausted = false;
	/** The lanes that have nothing to do, those that wait longest first. */
	#waiting: Waiting[] = [];
	/** Which connection each lane has, and which lane each connection. */
	readonly #has = new Map<object, unknown>();
	readonly #laneOf = new Map<unknown, object>();
	#startedAt: number | undefined;
	#timer: NodeJS.Timeout | undefined;
	/** Turns that were handed out late, because there was no lane for them in time. */
	late = 0;
	/** Milliseconds by which the latest was late. */
	latest = 0;

	constructor(turns: Iterable<Turn>) {
		this.#turns = turns[Symbol.iterator]();
	}

	next(lane: object): Promise<Job | undefined> {
		this.#startedAt ??= performance.now();
		return new Promise((resolve) => {
			this.#waiting.push({ lane, resolve });
			this.#hand();
		});
	}

	stop(): void {
		this.#exhausted = true;
		this.#ahead.length = 0;
		this.#hand();
	}

	#hand(): void {
		clearTimeout(this.#timer);
		const now = performance.now() - (this.#startedAt ?? 0);
		this.#lookAhead();
		for (let i = 0; i < this.#ahead.length && this.#waiting.length > 0; ) {
			const turn = this.#ahead[i] as Turn;
			if ((turn.at ?? 0) > now) break;
			const waiting = this.#waitingFor(turn);
			if (waiting === undefined) {
				i++;
				continue;
			}
			this.#ahead.splice(i, 1);
			this.#give(waiting, turn, now);
			this.#lookAhead();
		}
		if (this.#waiting.length === 0) return;
		if (this.#ahead.length === 0) {
			for (const { resolve } of this.#waiting) resolve(undefined);
			this.#waiting = [];
			return;
		}
		this.#wakeFor(now);
	}

	/** Those that are due wait for a lane, which comes by itself; the first that is not, for the clock. */
	#wakeFor(now: number): void {
		const next = this.#ahead.find(({ at }) => (at ?? 0) > now)?.at;
		if (next === undefined) return;
		const ms = Math.min(Math.ceil(next - now), MOST_MS);
		this.#timer = setTimeout(() => this.#hand(), ms);
	}

	#lookAhead(): void {
		while (!this.#exhausted && this.#ahead.length < LOOK_AHEAD) {
			const { value, done } = this.#turns.next();
			if (done) this.#exhausted = true;
			else this.#ahead.push(value);
		}
	}

	/** The lane that has its connection; else one without any; else the one that has done nothing for longest. */
	#waitingFor({ on }: Turn): Waiting | undefined {
		const holder = this.#laneOf.get(on);
		if (holder !== undefined) {
			return this.#waiting.find(({ lane }) => lane === holder);
		}
		return (
			this.#waiting.find(({ lane }) => !this.#has.has(lane)) ?? this.#waiting[0]
		);
	}

	#give(waiting: Waiting, turn: Turn, now: number): void {
		this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
		const late = turn.at === undefined ? 0 : now - turn.at;
		if (late > LATE_MS) {
			this.late++;
			this.latest = Math.max(this.latest, late);
		}
		const { lane } = waiting;
		this.#laneOf.delete(this.#has.get(lane));
		this.#has.set(lane, turn.on);
		this.#laneOf.set(turn.on, lane);
		const job = turn.job();
		// Nobody else is to wait for a connection that is closed.
		if (!job.keepConn) this.#closes(lane, turn.on);
		waiting.resolve(job);
	}

	#closes(lane: object, on: unknown): void {
		this.#has.delete(lane);
		this.#laneOf.delete(on);
	}
}

/** What a timer of Node takes: some 24 days. */
const MOST_MS = 2 ** 31 - 1;
