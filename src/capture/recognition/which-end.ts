// Pieces of TCP connections become chunks of FastCGI connections: it recognises those among all others, on any port, and
// tells which end is the web server. Nothing but the records themselves says so, or a port that the user named.

import type { Chunk, Connection } from "../../inspect/chunk.js";
import type { Flow, Piece, Side } from "./flow.js";
import { MAX_UNDECIDED_COST, Undecided } from "./undecided.js";

/**
 * Bytes held for all connections together until it is known what they are; beyond, those are left that have waited
 * longest. It leaves room for some hundred connections of which nothing can be said, without costing much memory.
 */
const MAX_UNDECIDED_IN_TOTAL = 64 * 2 ** 20;
/** Applications remembered by their address: more than any site has, fewer than a scan can make up. */
const MAX_APPLICATIONS = 4096;

/** Most addresses that are named as refusing connections: a scan of ports is not worth more. */
const MAX_REFUSING = 4;

/** Tells FastCGI connections from others. Chunks are added to a list of the caller's. */
export class WhichEnd {
	/** Connections with bytes that were left, because they carry no FastCGI. */
	otherConnections = 0;
	/** Connections that were refused, by the address that refused them. */
	readonly refusals = new Map<string, number>();
	/** Connections that closed without a byte, to applications that nothing is known of. */
	emptyConnections = 0;
	readonly #ports: ReadonlySet<number>;
	readonly #applications = new Set<string>();
	/** In the order in which they were first seen. */
	readonly #undecided = new Map<Flow, Undecided>();
	#undecidedCost = 0;
	#recognised = 0;

	/** On these ports, an application is listening whatever the bytes look like. */
	constructor(ports: readonly number[]) {
		this.#ports = new Set(ports);
	}

	/** Takes the next piece of a connection. */
	take(piece: Piece, chunks: Chunk[]): void {
		if (piece.flow.recognised !== undefined) chunks.push(piece);
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
				this.#recognise(flow, webServer);
				chunks.push(piece);
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
		flow: Flow,
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
			this.#recognise(flow, verdict);
			for (const piece of undecided.pieces()) chunks.push(piece);
			return;
		}
		flow.leave();
		if (undecided.hasBytes) this.otherConnections++;
		else if (flow.refused) this.#noteRefusal(flow);
		else this.emptyConnections++;
	}

	/** Counts a refused connection by the address that it was meant for. */
	#noteRefusal(flow: Flow): void {
		const address = flow.addressOf(1) ?? "?";
		const before = this.refusals.get(address);
		if (before === undefined && this.refusals.size >= MAX_REFUSING) {
			this.emptyConnections++;
		} else this.refusals.set(address, (before ?? 0) + 1);
	}

	#leaveOldest(chunks: Chunk[]): void {
		for (const [flow, undecided] of this.#undecided) {
			if (this.#undecidedCost <= MAX_UNDECIDED_IN_TOTAL) return;
			this.#decide(flow, undecided, true, chunks);
		}
	}

	#recognise(flow: Flow, webServer: Side): void {
		const connection = describe(flow, webServer, this.#recognised++);
		flow.recognised = { connection, webServer };
		const { application } = connection;
		if (application !== undefined) this.#remember(application);
	}

	#remember(application: string): void {
		if (this.#applications.size < MAX_APPLICATIONS) {
			this.#applications.add(application);
		}
	}

	/** The side that talks to an application's address; undefined where neither or both do. */
	#webServerByAddress(flow: Flow): Side | undefined {
		const toSource = !flow.openerKnown && this.#isApplication(flow, 0);
		const toDestination = this.#isApplication(flow, 1);
		if (toSource === toDestination) return undefined;
		return toDestination ? 0 : 1;
	}

	#isApplication(flow: Flow, side: Side): boolean {
		const port = flow.portOf(side);
		if (port !== undefined && this.#ports.has(port)) return true;
		if (this.#applications.size === 0) return false;
		const address = flow.addressOf(side);
		return address !== undefined && this.#applications.has(address);
	}
}

/** A connection as chunks name it. */
function describe(flow: Flow, webServer: Side, number: number): Connection {
	const { streams, openedAt } = flow;
	const end = webServer === 0 ? 1 : 0;
	const webServerAddress = flow.addressOf(webServer);
	const application = flow.addressOf(end);
	return {
		number,
		...(webServerAddress === undefined ? {} : { webServer: webServerAddress }),
		...(application === undefined ? {} : { application }),
		...(openedAt === undefined ? {} : { openedAt }),
		...(flow.inputLags ? { inputLags: true } : {}),
		...(flow.refused && webServer === 0 ? { refused: true } : {}),
		startSeen:
			streams[webServer].startKnown &&
			(streams[end].startKnown || !streams[end].started),
	};
}
