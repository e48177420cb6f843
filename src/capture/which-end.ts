// Pieces of TCP connections become chunks of FastCGI connections: it recognises those among all others, on any port, and
// tells which end is the web server. Nothing but the records themselves says so, or a port that the user named.

import type { Chunk, Connection } from "../inspect/chunk.js";
import { endpointText } from "./network/four-tuple.js";
import type { Piece, Recognised, Side, TcpFlow } from "./piece.js";
import { MAX_UNDECIDED_COST, Undecided } from "./undecided.js";

/**
 * Bytes held for all connections together until it is known what they are; beyond, those are left that have waited
 * longest. It leaves room for some hundred connections of which nothing can be said, without costing much memory.
 */
const MAX_UNDECIDED_IN_TOTAL = 64 * 2 ** 20;
/** Applications remembered by their address: more than any site has, fewer than a scan can make up. */
const MAX_APPLICATIONS = 4096;

/** Tells FastCGI connections from others. Chunks are added to a list of the caller's. */
export class WhichEnd {
	/** Connections with bytes that were left, because they carry no FastCGI. */
	otherConnections = 0;
	/** Connections that closed without a byte, to applications that nothing is known of. */
	emptyConnections = 0;
	readonly #ports: ReadonlySet<number>;
	readonly #applications = new Set<string>();
	/** In the order in which they were first seen. */
	readonly #undecided = new Map<TcpFlow, Undecided>();
	#undecidedCost = 0;
	#recognised = 0;

	/** On these ports, an application is listening whatever the bytes look like. */
	constructor(ports: readonly number[]) {
		this.#ports = new Set(ports);
	}

	/** Takes the next piece of a connection. */
	take(piece: Piece, chunks: Chunk[]): void {
		const recognised = piece.flow.recognised;
		if (recognised !== undefined) chunks.push(chunkOf(piece, recognised));
		else if (!piece.flow.left) this.#takeUndecided(piece, chunks);
	}

	/** Decides on what is left, as nothing more comes. */
	end(chunks: Chunk[]): void {
		for (const [flow, undecided] of this.#undecided) {
			this.#decide(flow, undecided, true, chunks);
		}
	}

	#takeUndecided(piece: Piece, chunks: Chunk[]): void {
		const flow = piece.flow;
		let undecided = this.#undecided.get(flow);
		if (undecided === undefined) {
			const webServer = this.#webServerByAddress(flow);
			if (webServer !== undefined) {
				const recognised = this.#recognise(flow, webServer);
				chunks.push(chunkOf(piece, recognised));
				return;
			}
			undecided = new Undecided(flow);
			this.#undecided.set(flow, undecided);
		} else this.#undecidedCost -= undecided.cost;
		undecided.hold(piece);
		this.#undecidedCost += undecided.cost;
		this.#decide(flow, undecided, flow.closed, chunks);
		this.#leaveOldest(chunks);
	}

	#decide(
		flow: TcpFlow,
		undecided: Undecided,
		ended: boolean,
		chunks: Chunk[],
	): void {
		const verdict =
			this.#webServerByAddress(flow) ?? undecided.webServer(ended);
		if (verdict === undefined && !ended) {
			if (undecided.cost <= MAX_UNDECIDED_COST) return;
		}
		this.#undecided.delete(flow);
		this.#undecidedCost -= undecided.cost;
		if (verdict === 0 || verdict === 1) {
			const recognised = this.#recognise(flow, verdict);
			for (const piece of undecided.pieces()) {
				chunks.push(chunkOf(piece, recognised));
			}
			return;
		}
		flow.leave();
		if (undecided.hasBytes) this.otherConnections++;
		else this.emptyConnections++;
	}

	#leaveOldest(chunks: Chunk[]): void {
		for (const [flow, undecided] of this.#undecided) {
			if (this.#undecidedCost <= MAX_UNDECIDED_IN_TOTAL) return;
			this.#decide(flow, undecided, true, chunks);
		}
	}

	#recognise(flow: TcpFlow, webServer: Side): Recognised {
		const recognised = {
			connection: describe(flow, webServer, this.#recognised++),
			webServer,
		};
		flow.recognised = recognised;
		if (this.#applications.size < MAX_APPLICATIONS) {
			this.#applications.add(recognised.connection.application as string);
		}
		return recognised;
	}

	/** The side that talks to an application's address; undefined where neither or both do. */
	#webServerByAddress(flow: TcpFlow): Side | undefined {
		const toSource =
			flow.openedAt === undefined && this.#isApplication(flow, "source");
		const toDestination = this.#isApplication(flow, "destination");
		if (toSource === toDestination) return undefined;
		return toDestination ? 0 : 1;
	}

	#isApplication({ tuple }: TcpFlow, end: "source" | "destination"): boolean {
		const port = end === "source" ? tuple.sourcePort : tuple.destinationPort;
		if (this.#ports.has(port)) return true;
		return (
			this.#applications.size > 0 &&
			this.#applications.has(endpointText(tuple, end))
		);
	}
}

/** A connection as chunks name it. */
function describe(
	{ tuple, streams, openedAt }: TcpFlow,
	webServer: Side,
	number: number,
): Connection {
	const application = streams[webServer === 0 ? 1 : 0];
	const startSeen =
		streams[webServer].startKnown &&
		(application.startKnown || !application.started);
	const connection = {
		number,
		webServer: endpointText(tuple, webServer === 0 ? "source" : "destination"),
		application: endpointText(
			tuple,
			webServer === 0 ? "destination" : "source",
		),
		startSeen,
	};
	return openedAt === undefined ? connection : { ...connection, openedAt };
}

function chunkOf(piece: Piece, recognised: Recognised): Chunk {
	return {
		connection: recognised.connection,
		from: piece.side === recognised.webServer ? "webServer" : "application",
		timestamp: piece.timestamp,
		bytes: piece.bytes,
		frame: piece.frame,
		missingBefore: piece.missingBefore,
		closes: piece.closes,
	};
}
