import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyTuple, hashTuple, turned } from "../../src/capture/four-tuple.js";
import { TcpConnection } from "../../src/capture/tcp-connection.js";
import {
	MAX_BURIED,
	sideOf,
	TcpConnections,
} from "../../src/capture/tcp-connections.js";

/** A connection from the given port; all have the same hash, so that they are told apart by their tuples. */
function connectionFrom(sourcePort: number): TcpConnection {
	const tuple = { ...emptyTuple(), version: 4, sourcePort };
	const connection = new TcpConnection(tuple, 0, { bytes: 0 });
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
	const hashes = new Set<number>();
	const table = new TcpConnections();
	const added: TcpConnection[] = [];
	for (let i = 0; i < 10; i++) {
		// The hash adds the addresses up, so that it is the same for both directions.
		const tuple = { ...emptyTuple(), source3: i, destination3: 1000 - i };
		const hash = hashTuple(tuple);
		hashes.add(hash);
		const connection = new TcpConnection(tuple, hash, { bytes: 0 });
		table.add(connection);
		added.push(connection);
	}
	assert.equal(hashes.size, 1);
	for (const connection of added) {
		assert.equal(table.find({ ...connection.tuple }), connection);
		assert.equal(table.find(turned(connection.tuple)), connection);
	}
	assert.equal(
		table.find({ ...emptyTuple(), source3: 1500, destination3: -500 }),
		undefined,
	);
});
