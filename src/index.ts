// The library's public face: the specification's records, what looking at them produces, and the reading of captures.
// Re-exports only; every name is documented where it is defined.

export { openCapture } from "./capture/open-capture.js";
export { type ErrorCode, FcgiInspectError } from "./errors.js";
export { CHECKS } from "./expert/index.js";
export {
	type BeginRequestBody,
	type EndRequestBody,
	encodeBeginRequest,
	encodeEndRequest,
	encodeUnknownType,
	type UnknownTypeBody,
	type ValuesBody,
} from "./fastcgi/body.js";
export {
	FCGI_HEADER_LEN,
	FCGI_KEEP_CONN,
	FCGI_LISTENSOCK_FILENO,
	FCGI_MAX_LENGTH,
	FCGI_NULL_REQUEST_ID,
	FCGI_VERSION_1,
	GET_VALUES_NAMES,
	MAX_RECORD_LENGTH,
	type Peer,
	PROTOCOL_STATUSES,
	protocolStatusName,
	RECORD_TYPES,
	type RecordKind,
	type RecordType,
	ROLES,
	recordType,
	recordTypeName,
	roleName,
	type StreamKind,
} from "./fastcgi/constants.js";
export {
	NameValueDecoder,
	type NameValueDecoderOptions,
	type PendingPair,
} from "./fastcgi/name-value-decoder.js";
export {
	decodeNameValues,
	encodeNameValue,
	encodeNameValues,
	type LengthForms,
	type NameValue,
	type NameValues,
} from "./fastcgi/name-values.js";
export { formatNotation } from "./fastcgi/notation.js";
export type { NotationItem } from "./fastcgi/notation-item.js";
export { parseNotation } from "./fastcgi/notation-parser.js";
export type { FcgiHeader, FcgiRecord, RecordDraft } from "./fastcgi/record.js";
export {
	RecordDecoder,
	type RecordDecoderOptions,
	type SkipResult,
} from "./fastcgi/record-decoder.js";
export { draftOf, encodeRecord } from "./fastcgi/record-encoder.js";
export {
	type PaddingPolicy,
	type SplitOptions,
	splitStream,
} from "./fastcgi/split-stream.js";
export { type DecodedText, decodeText } from "./fastcgi/text.js";
export type { CgiResponse } from "./inspect/cgi-response.js";
export type {
	Check,
	ConnectionCheck,
	CutRecordCheck,
	Evidence,
	RecordCheck,
	Remedies,
	RequestCheck,
	RequestMoment,
	SkippedCheck,
	UnexpectedCheck,
} from "./inspect/check.js";
export type {
	Chunk,
	ChunkSource,
	Closing,
	Connection,
	SourceReport,
} from "./inspect/chunk.js";
export type {
	BytesSkippedEvent,
	ConnectionEvent,
	FcgiEvent,
	RecordEvent,
	RequestEvent,
	SkippedPieceEvent,
} from "./inspect/event.js";
export type {
	ApplicationFacts,
	ConnectionFacts,
	Ending,
	RecordPlace,
} from "./inspect/facts.js";
export type { Finding, Severity } from "./inspect/finding.js";
export { Inspector, type InspectorOptions } from "./inspect/inspector.js";
export { UNEXPECTED, type Unexpected } from "./inspect/lifecycle.js";
export type { Redactor } from "./inspect/redactor.js";
export type {
	FcgiRequest,
	Param,
	RequestState,
	ServerAnswer,
	StreamName,
	StreamState,
} from "./inspect/request.js";
export type { Software, SoftwareName } from "./inspect/software.js";
export { createRedactor } from "./redact/index.js";
export {
	OUTPUT_FORMATS,
	type OutputFormat,
	type RenderOptions,
} from "./render/index.js";
export type { Summary } from "./render/summary.js";
export { asServer, WEB_SERVERS, type WebServer } from "./servers/index.js";
export { join, type Stage } from "./stage.js";
