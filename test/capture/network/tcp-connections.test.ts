import assert from "node:assert/strict";
import { test } from "node:test";
import {
	emptyTuple,
	type FourTuple,
	hashTuple,
	turned,
} from "../../../src/capture/network/four-tuple.js";
import { TcpConnection } from "../../../src/capture/network/tcp-connection.js";
import {
	MAX_BURIED,
	sideOf,
	TcpConnections,
} from "../../../src/capture/network/tcp-connections.js";
import { newTotals } from "../../../src/capture/network/tcp-stream.js";

/** A connection from the given port; all have the same hash, so that they are told apart by their tuples. */
function connectionFrom(sourcePort: number): TcpConnection {
	const tuple = { ...emptyTuple(), version: 4, sourcePort };
	const connection = new TcpConnection(tuple, 0, newTotals());
	connection.lastFrame = sourcePort;
	return connection;
}

/** A table that looks for everything under one hash. */
function tableOf(ports: readonly number[]) {
	const table = new TcpConnections(4);
	const connections = ports.map(connectionFrom);
	for (const connection of connections) table.add(connection);
	return { table, connections };
}

test("a connection knows its two sides", () => {
	const connection = connectionFrom(1);
	assert.equal(sideOf(connection, connection.tuple), 0);
	assert.equal(sideOf(connection, turned(connection.tuple)), 1);
	assert.equal(sideOf(connection, connectionFrom(2).tuple), undefined);
});

test("connections of one hash can be taken out in any order", () => {
	for (const order of ["012", "021", "102", "120", "201", "210"]) {
		const { table, connections } = tableOf([1, 2, 3]);
		const left = new Set(connections);
		for (const digit of order) {
			const connection = connections[Number(digit)] as TcpConnection;
			table.delete(connection);
			left.delete(connection);
			assert.deepEqual(new Set(table.all()), left, order);
		}
		table.delete(connectionFrom(9));
	}
});

test("those idle longest make room, and closed ones do not count", () => {
	const { table, connections } = tableOf([4, 3, 2, 1]);
	const [first] = connections as [TcpConnection];
	assert.equal(table.bury(first), undefined);
	assert.deepEqual(table.add(connectionFrom(5)), []);
	const [idle, ...rest] = table.add(connectionFrom(6));
	assert.deepEqual(rest, []);
	assert.equal(idle?.tuple.sourcePort, 1);
});

test("the closed ones that are kept are so many and no more", () => {
	const table = new TcpConnections();
	const first = connectionFrom(1);
	table.add(first);
	assert.equal(table.bury(first), undefined);
	for (let port = 2; port <= MAX_BURIED; port++) {
		const connection = connectionFrom(port);
		table.add(connection);
		assert.equal(table.bury(connection), undefined);
	}
	const last = connectionFrom(MAX_BURIED + 1);
	table.add(last);
	assert.equal(table.bury(last), first);
	assert.equal(table.all().length, MAX_BURIED);
});

test("connections whose hashes collide are found by their tuples", () => {
	const [one, other] = collidingTuples();
	const table = new TcpConnections();
	for (const tuple of [one, other]) {
		const connection = new TcpConnection(tuple, hashTuple(tuple), newTotals());
		table.add(connection);
		assert.equal(table.find({ ...tuple }), connection);
		assert.equal(table.find(turned(tuple)), connection);
	}
	assert.notEqual(table.find(one), table.find(other));
});

/** The hash is drawn anew for each process; of half a million tuples two meet, as good as certainly. */
function collidingTuples(): [FourTuple, FourTuple] {
	const byHash = new Map<number, FourTuple>();
	for (let i = 0; i < 500_000; i++) {
		const tuple = {
			...emptyTuple(),
			version: 4,
			source3: i,
			destination3: (i * 7919) | 0,
			sourcePort: 80,
		};
		const other = byHash.get(hashTuple(tuple));
		if (other !== undefined) return [other, tuple];
		byHash.set(hashTuple(tuple), tuple);
	}
	throw new Error("no two tuples have the same hash");
}

test("the hash is the same for both directions, and spreads what counts up", () => {
	const hashes = new Set<number>();
	for (let i = 0; i < 10_000; i++) {
		const tuple = {
			...emptyTuple(),
			version: 4,
			source3: i,
			destination3: 30_000 - i,
		};
		assert.equal(hashTuple(tuple), hashTuple(turned(tuple)));
		hashes.add(hashTuple(tuple));
	}
	assert.ok(hashes.size > 9_900, `${hashes.size} hashes`);
});
