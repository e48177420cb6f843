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
	readParamsFile,
	refuseLongParamsFile,
} from "./params-file.js";
export { readRecords } from "./records.js";
export type { Body, SentRequest } from "./request.js";
export {
	type DataFacts,
	type RequestOptions,
	requestOf,
} from "./request-of.js";
export { multiplexed, scriptOf } from "./script-of.js";
export type { TextBytes } from "./text-bytes.js";
