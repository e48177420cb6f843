// The door of this room: from what was typed to the steps that send it.

export {
	type Framing,
	type FramingOptions,
	framingAt,
	framingBeside,
	framingOf,
	parsePadding,
	parseRole,
} from "./framing.js";
export type { BodyFacts } from "./http-request.js";
export { LIKENESSES, likenessOf } from "./like/index.js";
export {
	getValues,
	PING_PAGE,
	pageRequest,
	STATUS_PAGE,
	valueNames,
} from "./management.js";
export {
	formBody,
	formField,
} from "./multipart.js";
export { type Param, paramOf } from "./param.js";
export {
	MAX_PARAMS_FILE_BYTES,
	readParamsFile,
	refuseLongParamsFile,
} from "./params-file.js";
export { readRecords } from "./records/records.js";
export type { TextBytes } from "./records/text-bytes.js";
export { comparisonWithout } from "./replay/answer-comparison.js";
export { Comparer } from "./replay/comparer.js";
export type { RecordedRequest } from "./replay/recorded-request.js";
export { recordedScript } from "./replay/recorded-script.js";
export { Recording } from "./replay/recording.js";
export {
	abortedAfter,
	type Changes,
	reframed,
	whyNotReframed,
} from "./replay/reframed.js";
export {
	ALL_REQUESTS,
	type RequestNumbers,
	requestNumbers,
} from "./replay/request-numbers.js";
export type { ByteStore } from "./replay/stored-bytes.js";
export { parseTiming, startsOf, type Timing } from "./replay/timing.js";
export type { Body, SentRequest } from "./request.js";
export {
	type DataFacts,
	type RequestOptions,
	requestOf,
} from "./request-of.js";
export { multiplexed, scriptOf } from "./script-of.js";
