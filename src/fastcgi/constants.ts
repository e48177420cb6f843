// The numbers and names of FastCGI 1.0 as tables (specification, section 8 and appendix A).

/** The two ends of a connection; "client" and "server" mean too many things in FastCGI. */
export type Peer = "webServer" | "application";

/** The other end. */
export function otherPeer(peer: Peer): Peer {
	return peer === "webServer" ? "application" : "webServer";
}

/** `FCGI_LISTENSOCK_FILENO`: the descriptor an application accepts connections on (section 2.2). */
export const FCGI_LISTENSOCK_FILENO = 0;
/** `FCGI_VERSION_1`: the only version there is (section 3.3). */
export const FCGI_VERSION_1 = 1;
/** `FCGI_HEADER_LEN`: bytes in a record header (section 8). */
export const FCGI_HEADER_LEN = 8;
/** `FCGI_MAX_LENGTH`: most content bytes in one record (section 8). */
export const FCGI_MAX_LENGTH = 0xffff;
/** The longest record there can be: header, 65,535 bytes of content, 255 bytes of padding. */
export const MAX_RECORD_LENGTH = FCGI_HEADER_LEN + FCGI_MAX_LENGTH + 0xff;
/** `FCGI_NULL_REQUEST_ID`: the request id of management records (section 3.3). */
export const FCGI_NULL_REQUEST_ID = 0;
/** `FCGI_KEEP_CONN`: the only flag of FCGI_BEGIN_REQUEST (section 5.1). */
export const FCGI_KEEP_CONN = 1;

/**
 * The eleven record types (section 8): who sends each, whether it is a management record (section 4) or belongs to a
 * request, and whether it is discrete or part of a stream (section 3.3). `bodyLength` is the fixed content length, in
 * bytes, of the discrete types that have one.
 */
export const RECORD_TYPES = [
	{
		number: 1,
		name: "FCGI_BEGIN_REQUEST",
		kind: "beginRequest",
		sentBy: "webServer",
		management: false,
		stream: false,
		bodyLength: 8,
	},
	{
		number: 2,
		name: "FCGI_ABORT_REQUEST",
		kind: "abortRequest",
		sentBy: "webServer",
		management: false,
		stream: false,
		bodyLength: 0,
	},
	{
		number: 3,
		name: "FCGI_END_REQUEST",
		kind: "endRequest",
		sentBy: "application",
		management: false,
		stream: false,
		bodyLength: 8,
	},
	{
		number: 4,
		name: "FCGI_PARAMS",
		kind: "params",
		sentBy: "webServer",
		management: false,
		stream: true,
		bodyLength: undefined,
	},
	{
		number: 5,
		name: "FCGI_STDIN",
		kind: "stdin",
		sentBy: "webServer",
		management: false,
		stream: true,
		bodyLength: undefined,
	},
	{
		number: 6,
		name: "FCGI_STDOUT",
		kind: "stdout",
		sentBy: "application",
		management: false,
		stream: true,
		bodyLength: undefined,
	},
	{
		number: 7,
		name: "FCGI_STDERR",
		kind: "stderr",
		sentBy: "application",
		management: false,
		stream: true,
		bodyLength: undefined,
	},
	{
		number: 8,
		name: "FCGI_DATA",
		kind: "data",
		sentBy: "webServer",
		management: false,
		stream: true,
		bodyLength: undefined,
	},
	{
		number: 9,
		name: "FCGI_GET_VALUES",
		kind: "getValues",
		sentBy: "webServer",
		management: true,
		stream: false,
		bodyLength: undefined,
	},
	{
		number: 10,
		name: "FCGI_GET_VALUES_RESULT",
		kind: "getValuesResult",
		sentBy: "application",
		management: true,
		stream: false,
		bodyLength: undefined,
	},
	{
		number: 11,
		name: "FCGI_UNKNOWN_TYPE",
		kind: "unknownType",
		sentBy: "application",
		management: true,
		stream: false,
		bodyLength: 8,
	},
] as const;

/** One row of {@link RECORD_TYPES}. */
export type RecordType = (typeof RECORD_TYPES)[number];
/** The name of a record type in code; a type number outside the table has the kind `unknown`. */
export type RecordKind = RecordType["kind"] | "unknown";
/** The kinds whose records are pieces of a stream (section 3.3). */
export type StreamKind = Extract<RecordType, { stream: true }>["kind"];

const TYPE_BY_NUMBER: readonly (RecordType | undefined)[] = Array.from(
	{ length: 256 },
	(_, number) => RECORD_TYPES.find((type) => type.number === number),
);

/** The row of a type number, undefined for a number that the specification does not define. */
export function recordType(number: number): RecordType | undefined {
	return TYPE_BY_NUMBER[number];
}

const KIND_BY_NUMBER: readonly RecordKind[] = TYPE_BY_NUMBER.map(
	(type) => type?.kind ?? "unknown",
);

/** The kind of a type number. */
export function recordKind(number: number): RecordKind {
	return KIND_BY_NUMBER[number] ?? "unknown";
}

/** The specification's name of a type number, or `FCGI_TYPE_77` for one it does not define. */
export function recordTypeName(number: number): string {
	return TYPE_BY_NUMBER[number]?.name ?? `FCGI_TYPE_${number}`;
}

/** The roles an application can be asked to play (sections 5.1 and 6). */
export const ROLES = [
	{ number: 1, name: "FCGI_RESPONDER" },
	{ number: 2, name: "FCGI_AUTHORIZER" },
	{ number: 3, name: "FCGI_FILTER" },
] as const;

/** The specification's name of a role, or `FCGI_ROLE_9` for one it does not define. */
export function roleName(number: number): string {
	return (
		ROLES.find((role) => role.number === number)?.name ?? `FCGI_ROLE_${number}`
	);
}

/** The ways an application ends a request (section 5.5). */
export const PROTOCOL_STATUSES = [
	{ number: 0, name: "FCGI_REQUEST_COMPLETE" },
	{ number: 1, name: "FCGI_CANT_MPX_CONN" },
	{ number: 2, name: "FCGI_OVERLOADED" },
	{ number: 3, name: "FCGI_UNKNOWN_ROLE" },
] as const;

/** The specification's name of a protocol status, or `FCGI_STATUS_9` for one it does not define. */
export function protocolStatusName(number: number): string {
	return (
		PROTOCOL_STATUSES.find((status) => status.number === number)?.name ??
		`FCGI_STATUS_${number}`
	);
}

/** The variables a FCGI_GET_VALUES record can ask for (section 4.1). */
export const GET_VALUES_NAMES = [
	"FCGI_MAX_CONNS",
	"FCGI_MAX_REQS",
	"FCGI_MPXS_CONNS",
] as const;
