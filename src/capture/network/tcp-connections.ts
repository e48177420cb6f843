// The connections of a capture, found by their four-tuple. Their number is bounded: where there are too many, those that
// were idle longest are given up.

import { NOTHING } from "../../stage.js";
import type { Side } from "../recognition/flow.js";
import {
	type FourTuple,
	hashTuple,
	oppositeTuple,
	sameTuple,
} from "./four-tuple.js";
import type { TcpConnection } from "./tcp-connection.js";

/**
 * Connections known at a time that are not closed: more than a busy server has open, at some kilobytes each with what
 * is known of them elsewhere.
 */
export const MAX_CONNECTIONS = 32_768;
/** The part of them that is given up at once, so that looking for the idle ones is rare. */
const GIVEN_UP = 4;
/**
 * Closed connections still known, so that a late copy of a segment does not look like a new connection: of a thousand
 * connections a second, those of the last seconds, in which copies come.
 */
export const MAX_BURIED = 2048;

/** Which side of the connection sends in the direction of `tuple`; undefined where it is another connection. */
export function sideOf(
	connection: TcpConnection,
	tuple: FourTuple,
): Side | undefined {
	if (sameTuple(connection.tuple, tuple)) return 0;
	if (oppositeTuple(connection.tuple, tuple)) return 1;
	return undefined;
}

/** A table of connections. */
export class TcpConnections {
	readonly #byHash = new Map<number, TcpConnection>();
	/** Those that are not buried. */
	#size = 0;
	/** The closed ones, in a ring. */
	readonly #buried: TcpConnection[] = [];
	#nextGrave = 0;

	/** The most connections it may have; fewer in tests. */
	constructor(readonly limit = MAX_CONNECTIONS) {}

	/** The connection that a tuple belongs to, in either direction. */
	find(tuple: FourTuple): TcpConnection | undefined {
		let connection = this.#byHash.get(hashTuple(tuple));
		while (connection !== undefined) {
			if (sideOf(connection, tuple) !== undefined) return connection;
			connection = connection.nextOfHash;
		}
		return undefined;
	}

	/** Adds a connection that is not there yet, and returns those that were given up to make room. */
	add(connection: TcpConnection): readonly TcpConnection[] {
		const idle = this.#size >= this.limit ? this.#giveUpIdle() : NOTHING;
		connection.nextOfHash = this.#byHash.get(connection.hash);
		this.#byHash.set(connection.hash, connection);
		this.#size++;
		return idle;
	}

	/** Keeps a closed connection only until enough others are, and returns the one whose time this ends. */
	bury(connection: TcpConnection): TcpConnection | undefined {
		connection.buried = true;
		this.#size--;
		const oldest = this.#buried[this.#nextGrave];
		this.#buried[this.#nextGrave] = connection;
		this.#nextGrave = (this.#nextGrave + 1) % MAX_BURIED;
		if (oldest !== undefined) this.delete(oldest);
		return oldest;
	}

	/** Takes a connection out. */
	delete(connection: TcpConnection): void {
		const first = this.#byHash.get(connection.hash);
		if (first === connection) {
			if (connection.nextOfHash === undefined) {
				this.#byHash.delete(connection.hash);
			} else this.#byHash.set(connection.hash, connection.nextOfHash);
			if (!connection.buried) this.#size--;
			return;
		}
		for (let other = first; other !== undefined; other = other.nextOfHash) {
			if (other.nextOfHash !== connection) continue;
			other.nextOfHash = connection.nextOfHash;
			if (!connection.buried) this.#size--;
			return;
		}
	}

	/** All of them, those first that were idle longest. */
	all(): TcpConnection[] {
		const connections: TcpConnection[] = [];
		for (const first of this.#byHash.values()) {
			let connection: TcpConnection | undefined = first;
			while (connection !== undefined) {
				connections.push(connection);
				connection = connection.nextOfHash;
			}
		}
		return connections.sort((a, b) => a.lastFrame - b.lastFrame);
	}

	#giveUpIdle(): readonly TcpConnection[] {
		const idle = this.all()
			.filter(({ buried }) => !buried)
			.slice(0, Math.ceil(this.limit / GIVEN_UP));
		for (const connection of idle) this.delete(connection);
		return idle;
	}
}
