// What is known of a connection, and of the application behind it, beyond the record or request under way: the memory that
// checks may read. The tracker writes it.

import { FCGI_KEEP_CONN, type Peer } from "../fastcgi/constants.js";
import type { Closing, Connection } from "./chunk.js";
import type { RecordEvent } from "./event.js";
import {
	guessApplication,
	guessWebServer,
	supposeApplication,
} from "./guess-software.js";
import type { FcgiRequest } from "./request.js";
import type { Software } from "./software.js";

/** What is known of an application over all of its connections in the input. */
export interface ApplicationFacts {
	/** What it probably is. */
	software: Software | undefined;
	/** Whether that is what its answers tell, and not only what it is asked for. */
	answersTell: boolean;
	/** Whether the input shows bytes from it, on any connection: a capture may hold one direction only. */
	seen: boolean;
	/** Requests that are open, on all connections. */
	openRequests: number;
	/** Connections that are kept open (FCGI_KEEP_CONN) with no request under way. */
	idleConnections: number;
	/** Unix seconds at which the last of these was closed. */
	idleClosedAt: number | undefined;
}

/** Where a record stood. */
export interface RecordPlace {
	/** As in `RecordEvent`. */
	readonly number: number;
	readonly type: number;
	readonly requestId: number;
	/** Bytes of its direction in front of it. */
	readonly offset: number;
	readonly contentLength: number;
	readonly paddingLength: number;
	/** The first byte of its padding; 0 where it has none. */
	readonly paddingStart: number;
	readonly request: FcgiRequest | undefined;
	readonly timestamp: number | undefined;
}

/** How a connection's direction ended, and when. */
export interface Ending {
	readonly closing: Closing;
	/** Unix seconds. */
	readonly timestamp: number | undefined;
}

/** What is known of a connection. */
export class ConnectionFacts {
	/** What the web server probably is. */
	webServer: Software | undefined;
	/** Records of each direction, those of no request included. */
	readonly records: Record<Peer, number> = { webServer: 0, application: 0 };
	/** Whether bytes of either direction were missing or skipped. */
	damaged = false;
	/** Requests begun so far. */
	requests = 0;
	/** Requests that are open, by their id. */
	readonly open: ReadonlyMap<number, FcgiRequest>;
	/** The request that ended last. */
	lastEnded: FcgiRequest | undefined;
	/** GET_VALUES records seen, and GET_VALUES_RESULT records. */
	valuesAsked = 0;
	valuesAnswered = 0;
	/** Management records of other types from the web server. */
	unknownAsked = 0;
	/** What GET_VALUES_RESULT said, by name (section 4.1). */
	readonly values = new Map<string, string>();
	/** The end of each direction, as far as it was seen. */
	readonly ended: Record<Peer, Ending | undefined> = {
		webServer: undefined,
		application: undefined,
	};
	/** Who ended its direction first. */
	closedBy: Peer | undefined;
	/** Whether it is kept open with no request under way. */
	#idle = false;
	readonly #last: Record<Peer, RecordPlace | undefined> = {
		webServer: undefined,
		application: undefined,
	};

	constructor(
		readonly connection: Connection,
		readonly application: ApplicationFacts,
		open: ReadonlyMap<number, FcgiRequest>,
	) {
		this.open = open;
	}

	/** The last record of a direction; undefined where there was none. */
	last(from: Peer): RecordPlace | undefined {
		return this.#last[from];
	}

	/** The one request that is open; undefined where there are more, or none. */
	get onlyOpen(): FcgiRequest | undefined {
		if (this.open.size !== 1) return undefined;
		const [request] = this.open.values();
		// What was answered waits for the rest of its input only.
		return request?.state === "open" ? request : undefined;
	}

	/** Notes that a request begins; how many came before it, what was idle, and what is open beside it. */
	beganRequest(
		requestId: number,
		at: number | undefined,
	): [
		onConnection: number,
		idleBefore: number | undefined,
		idleConnections: number,
		openBeside: number,
		openElsewhere: number,
	] {
		const since = this.open.size === 0 ? this.lastEnded?.endedAt : undefined;
		this.#setIdle(false);
		return [
			++this.requests,
			at === undefined || since === undefined
				? undefined
				: Math.max(at - since, 0),
			this.application.idleConnections,
			this.connection.inputLags
				? 0
				: this.open.size - (this.open.has(requestId) ? 1 : 0),
			this.application.openRequests++ - this.open.size,
		];
	}

	/** Notes that a request has ended. */
	endedRequest(request: FcgiRequest): void {
		this.lastEnded = request;
		this.application.openRequests--;
		this.guessApplication(request);
		request.webServerSoftware = this.webServer;
		request.applicationSoftware = this.application.software;
		const kept = ((request.flags ?? 0) & FCGI_KEEP_CONN) !== 0;
		if (kept && this.open.size === 0 && this.closedBy === undefined) {
			this.#setIdle(true);
		}
	}

	/** Notes how a direction ended. */
	endedDirection(
		from: Peer,
		closing: Closing,
		timestamp: number | undefined,
	): void {
		this.closedBy ??= from;
		this.ended[from] ??= { closing, timestamp };
		if (this.#idle) this.application.idleClosedAt = timestamp;
		this.#setIdle(false);
	}

	/** Notes that no more of the connection comes. */
	over(): void {
		this.#setIdle(false);
	}

	#setIdle(idle: boolean): void {
		if (idle === this.#idle) return;
		this.#idle = idle;
		this.application.idleConnections += idle ? 1 : -1;
	}

	/** Sees whether the parameters of a request tell the two ends. */
	guessByParams(request: FcgiRequest): void {
		this.webServer ??= guessWebServer(request);
		this.application.software ??= supposeApplication(request);
	}

	/** Sees whether the answer to a request tells the application. */
	guessApplication(request: FcgiRequest): void {
		const { application } = this;
		if (application.answersTell) return;
		const software = guessApplication(request);
		if (software === undefined) return;
		application.software = software;
		application.answersTell = true;
	}

	/** Notes a record. */
	saw({ number, from, record, request, timestamp }: RecordEvent): void {
		this.records[from]++;
		let place = this.#last[from] as Writable<RecordPlace> | undefined;
		if (place === undefined) {
			place = {} as Writable<RecordPlace>;
			this.#last[from] = place;
		}
		place.number = number;
		place.type = record.type;
		place.requestId = record.requestId;
		place.offset = record.offset;
		place.contentLength = record.contentLength;
		place.paddingLength = record.paddingLength;
		place.paddingStart =
			record.paddingData.length > 0 ? (record.paddingData[0] as number) : 0;
		place.request = request;
		place.timestamp = timestamp;
		if (from === "application") this.application.seen = true;
		if (record.kind === "getValues") this.valuesAsked++;
		else if (record.kind === "unknown") {
			if (from === "webServer") this.unknownAsked++;
		} else if (record.kind === "getValuesResult") {
			this.valuesAnswered++;
			for (const { nameText, valueText } of record.body?.pairs ?? []) {
				if (this.values.size < MAX_VALUES) {
					this.values.set(nameText.text, valueText.text);
				}
			}
		}
	}
}

/** Most values kept of GET_VALUES_RESULT: the specification has three (section 4.1). */
const MAX_VALUES = 16;

/** Most applications that are remembered over connections: more addresses than a site has. */
const MAX_APPLICATIONS = 1024;

/** The applications of an input. */
export class Applications {
	readonly #byAddress = new Map<string, ApplicationFacts>();

	/** What is known of the application at an address; of one without, what its only connection tells. */
	at(address: string | undefined): ApplicationFacts {
		if (address === undefined) return newApplicationFacts();
		let facts = this.#byAddress.get(address);
		if (facts === undefined) {
			facts = newApplicationFacts();
			if (this.#byAddress.size < MAX_APPLICATIONS) {
				this.#byAddress.set(address, facts);
			}
		}
		return facts;
	}
}

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

/** Nothing known of an application yet. */
function newApplicationFacts(): ApplicationFacts {
	return {
		software: undefined,
		answersTell: false,
		seen: false,
		openRequests: 0,
		idleConnections: 0,
		idleClosedAt: undefined,
	};
}
