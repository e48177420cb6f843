// A JSON object, as `decode --records` prints it or as somebody wrote it, into what was said: a record with every field of
// its header as it was, or bytes that are none. What is left out is filled in truthfully; what decode only tells of
// (`number`, `time`, `findings`) is left aside, but what would be left aside though somebody changed it is refused.

import {
	FCGI_MAX_LENGTH,
	type Peer,
	RECORD_TYPES,
	recordTypeName,
} from "../../fastcgi/constants.js";
import { NO_BYTES } from "../../fastcgi/no-bytes.js";
import type { RecordDraft } from "../../fastcgi/record.js";
import { contentOfBody, refuseContradiction } from "./json-body.js";
import {
	nameOrNumberAt,
	numberAt,
	objectAt,
	type RefuseField,
	refuseOthers,
	shown,
	utf8,
} from "./json-field.js";
import type { JsonObject } from "./json-objects.js";

/** What one object says. */
export type Recorded = {
	/** Undefined where it is the same as before. */
	readonly connection: number | undefined;
	readonly from: Peer;
} & (
	| {
			readonly kind: "record";
			readonly type: number;
			readonly requestId: number;
			/** Undefined for a record of the application, which is not sent. */
			readonly draft: RecordDraft | undefined;
			/** Bytes that the header announces and that nobody has. */
			readonly missing: number;
			/** What a person would not expect to be sent so; undefined where there is nothing of it. */
			readonly oddity: string | undefined;
	  }
	| { readonly kind: "bytes"; readonly bytes: Buffer }
	| { readonly kind: "missing"; readonly length: number }
);

/** What an object says; undefined for those that say nothing of what was sent. */
export function recordedOf(
	object: JsonObject,
	refuse: RefuseField,
): Recorded | undefined {
	switch (object.kind ?? "record") {
		case "record":
			return recordOf(object, refuse);
		case "skipped":
			return skippedOf(object, refuse);
		case "finding":
		case "summary":
			return undefined;
		case "request":
		case "fragment":
			return refuse(
				"kind",
				`a ${object.kind} has no records in it; decode --records -T ndjson prints them`,
			);
		default:
			return refuse(
				"kind",
				`record, or what else decode --records -T ndjson prints, not ${shown(object.kind)}`,
			);
	}
}

const PLACE = ["kind", "frame", "time", "connection", "from", "offset"];
const RECORD_FIELDS = new Set([
	...PLACE,
	...["number", "request", "version", "type", "typeName", "requestId"],
	...["contentLength", "paddingLength", "reserved", "body", "content"],
	...["padding", "missing", "truncated", "findings"],
]);
const SKIPPED_FIELDS = new Set([...PLACE, "length", "reason", "content"]);

function placeOf(
	object: JsonObject,
	refuse: RefuseField,
): Pick<Recorded, "connection" | "from"> {
	const { from = "webServer" } = object;
	if (from !== "webServer" && from !== "application") {
		return refuse("from", `webServer or application, not ${shown(from)}`);
	}
	const most = Number.MAX_SAFE_INTEGER;
	return { connection: numberAt(object, "connection", most, refuse), from };
}

type Draft = { -readonly [Field in keyof RecordDraft]: RecordDraft[Field] };

function recordOf(object: JsonObject, refuse: RefuseField): Recorded {
	const place = placeOf(object, refuse);
	const type = typeOf(object, refuse);
	const requestId =
		numberAt(object, "requestId", 0xffff, refuse) ??
		refuse("requestId", "is missing");
	if (place.from === "application") {
		const nothing = { draft: undefined, missing: 0, oddity: undefined };
		return { kind: "record", ...place, type, requestId, ...nothing };
	}
	refuseOthers(object, RECORD_FIELDS, refuse);
	const byte = (field: string) => numberAt(object, field, 0xff, refuse);
	const [version, reserved] = [byte("version"), byte("reserved")];
	const paddingLength = byte("paddingLength");
	const contentLength = numberAt(
		object,
		"contentLength",
		FCGI_MAX_LENGTH,
		refuse,
	);
	const contentData = recordContent(object, type, contentLength ?? 0, refuse);
	const paddingData = paddingOf(object, refuse);
	const missing =
		numberAt(object, "missing", FCGI_MAX_LENGTH + 0xff, refuse) ?? 0;
	const announced =
		(contentLength ?? contentData.length) +
		(paddingLength ?? paddingData?.length ?? 0);
	const there =
		contentData.length + (paddingData?.length ?? paddingLength ?? 0);
	const draft: Draft = { type, requestId, contentData };
	if (version !== undefined) draft.version = version;
	if (reserved !== undefined) draft.reserved = reserved;
	if (contentLength !== undefined) draft.contentLength = contentLength;
	if (paddingLength !== undefined) draft.paddingLength = paddingLength;
	if (paddingData !== undefined) draft.paddingData = paddingData;
	return {
		kind: "record",
		connection: place.connection,
		from: place.from,
		type,
		requestId,
		draft,
		missing,
		oddity:
			announced === there + missing
				? undefined
				: oddityOf(contentLength, contentData, paddingLength, paddingData),
	};
}

function typeOf(object: JsonObject, refuse: RefuseField): number {
	const { typeName } = object;
	const type =
		nameOrNumberAt(object, "type", RECORD_TYPES, 0xff, refuse) ??
		nameOrNumberAt({ typeName }, "typeName", RECORD_TYPES, 0xff, refuse) ??
		refuse("type", "is missing: this is no record (--params takes parameters)");
	if (typeName !== undefined && typeName !== recordTypeName(type)) {
		refuse(
			"typeName",
			`${shown(typeName)}, and type is ${type}, ${recordTypeName(type)}; leave one of the two out`,
		);
	}
	return type;
}

function recordContent(
	object: JsonObject,
	type: number,
	contentLength: number,
	refuse: RefuseField,
): Buffer {
	const body = objectAt(object, "body", refuse);
	const content =
		contentOf(object, refuse) ??
		(body === undefined ? undefined : contentOfBody(type, body, refuse));
	if (content === undefined) {
		if (contentLength === 0) return NO_BYTES;
		return refuse(
			"content",
			`is missing, and contentLength is ${contentLength}; was it printed with --no-content? ({"text": ""} is no content)`,
		);
	}
	if (content.length > FCGI_MAX_LENGTH) {
		refuse(
			"content",
			`${content.length} bytes, a record has room for ${FCGI_MAX_LENGTH}`,
		);
	}
	if (body !== undefined) refuseContradiction(type, content, body, refuse);
	return content;
}

/** `{"text": ...}` or `{"base64": ...}` as bytes; undefined where it is left out. */
function contentOf(object: JsonObject, refuse: RefuseField) {
	if (typeof object.content === "string") refuse("content", CONTENT);
	const content = objectAt(object, "content", refuse);
	if (content === undefined) return undefined;
	refuseOthers(content, CONTENT_FIELDS, refuse, "content");
	const { text, base64 } = content;
	if (text !== undefined && base64 !== undefined) {
		return refuse("content", "has text and base64; leave one of the two out");
	}
	if (typeof text === "string") return utf8(text, "content.text", refuse);
	if (typeof base64 !== "string") {
		return refuse(
			"content",
			`${CONTENT}, not ${shown(text ?? base64 ?? content)}`,
		);
	}
	const bytes = Buffer.from(base64, "base64");
	const unpadded = (digits: string) => digits.replace(/={1,2}$/, "");
	if (unpadded(bytes.toString("base64")) !== unpadded(base64)) {
		refuse("content.base64", `${shown(base64)} is no base64`);
	}
	return bytes;
}

const CONTENT = `{"text": "..."} or {"base64": "..."}`;
const CONTENT_FIELDS = new Set(["text", "base64"]);

function paddingOf(object: JsonObject, refuse: RefuseField) {
	const { padding } = object;
	if (padding === undefined) return undefined;
	if (typeof padding === "string" && HEX.test(padding)) {
		return Buffer.from(padding, "hex");
	}
	return refuse(
		"padding",
		`at most 255 bytes as pairs of hexadecimal digits, not ${shown(padding)}`,
	);
}

const HEX = /^(?:[\dA-Fa-f]{2}){0,255}$/;

function oddityOf(
	contentLength: number | undefined,
	content: Buffer,
	paddingLength: number | undefined,
	padding: Buffer | undefined,
): string {
	const says = (field: string, said: number, what: string, there: number) =>
		`${field} is ${said} and the ${what} has ${there} ${there === 1 ? "byte" : "bytes"}: sent so; without ${field}, it is counted`;
	return contentLength !== undefined && contentLength !== content.length
		? says("contentLength", contentLength, "content", content.length)
		: says(
				"paddingLength",
				paddingLength ?? 0,
				"padding",
				padding?.length ?? 0,
			);
}

function skippedOf(object: JsonObject, refuse: RefuseField): Recorded {
	const place = placeOf(object, refuse);
	refuseOthers(object, SKIPPED_FIELDS, refuse);
	const most = Number.MAX_SAFE_INTEGER;
	const length = numberAt(object, "length", most, refuse);
	if (object.reason === "missing") {
		return { kind: "missing", ...place, length: length ?? 0 };
	}
	const bytes =
		contentOf(object, refuse) ??
		refuse("content", "is missing; was it printed with --no-content?");
	if (length !== undefined && length !== bytes.length) {
		refuse(
			"length",
			`${length}, and the content has ${bytes.length} bytes; leave length out, and it is counted`,
		);
	}
	return { kind: "bytes", ...place, bytes };
}
