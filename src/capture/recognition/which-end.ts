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

/** Paths of Unix sockets, by the IP addresses that stand for them in a capture. */
export type SocketNames = ReadonlyMap<string, string>;

/** Tells FastCGI connections from others. Chunks are added to a list of the caller's. */
export class WhichEnd {
	/** Connections with bytes that were left, because they carry no FastCGI. */
	otherConnections = 0;
	/** Connections that were refused, by the address that refused them. */
	readonly refusals = new Map<string, number>();
	/** Connections that closed without a byte, to applications that nothing is known of. */
	emptyConnections = 0;
	readonly #ports: ReadonlySet<number>;
	readonly #socketNames: SocketNames;
	readonly #applications = new Set<string>();
	/** In the order in which they were first seen. */
	readonly #undecided = new Map<Flow, Undecided>();
	#undecidedCost = 0;
	#recognised = 0;

	/** On these ports, an application is listening whatever the bytes look like. */
	constructor(ports: readonly number[], socketNames: SocketNames = new Map()) {
		this.#ports = new Set(ports);
		this.#socketNames = socketNames;
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
		const application = flow.addressOf(webServer === 0 ? 1 : 0);
		if (application !== undefined) this.#remember(application);
		const connection = this.#describe(flow, webServer, application);
		flow.recognised = { connection, webServer };
	}

	/** A connection as chunks name it. */
	#describe(flow: Flow, side: Side, address: string | undefined): Connection {
		const { streams, openedAt } = flow;
		const end = side === 0 ? 1 : 0;
		const path = this.#socketNames.get(hostOf(address));
		const opener = flow.addressOf(side);
		// Who connects to a Unix socket has no address, unless a tap led it there from another.
		const invented = path !== undefined && isInvented(hostOf(opener));
		const webServer = invented ? undefined : opener;
		const application = path ?? address;
		return {
			number: this.#recognised++,
			...(webServer === undefined ? {} : { webServer }),
			...(application === undefined ? {} : { application }),
			...(openedAt === undefined ? {} : { openedAt }),
			...(flow.inputLags ? { inputLags: true } : {}),
			...(flow.refused && side === 0 ? { refused: true } : {}),
			startSeen:
				streams[side].startKnown &&
				(streams[end].startKnown || !streams[end].started),
		};
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

/** Whether an address is for documentation (RFC 5737, RFC 3849), and so nobody's. */
function isInvented(host: string): boolean {
	return /^(192\.0\.2\.|198\.51\.100\.|2001:db8:)/.test(host);
}

/** An address without its port: `127.0.0.1` of `127.0.0.1:9000`, `::1` of `[::1]:9000`. */
function hostOf(address = ""): string {
	return address.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
}
