// The fields of a record's header and its padding (specification, section 3.3), judged by what the specification
// recommends: records aligned to eight bytes.

import { FCGI_VERSION_1, recordTypeName } from "../fastcgi/constants.js";
import type { FcgiRecord } from "../fastcgi/record.js";
import { headerBytes } from "./hex.js";
import { type Field, twoByteText, zeroWords } from "./tree-field.js";
import { bytes } from "./words.js";

/** The six fields of the header. */
export function headerFields(record: FcgiRecord): readonly Field[] {
	const raw = headerBytes(record);
	const field = (at: number, length: number, text: string): Field => ({
		offset: record.offset + at,
		bytes: raw.subarray(at, at + length),
		text,
	});
	const twoBytes = (at: number, name: string): Field =>
		field(at, 2, twoByteText(name, raw[at] ?? 0, raw[at + 1] ?? 0));
	const { version, type, reserved } = record;
	return [
		field(
			0,
			1,
			`version = ${version}${version === FCGI_VERSION_1 ? " (FCGI_VERSION_1)" : ", not a version of the specification"}`,
		),
		field(1, 1, `type = ${type} (${recordTypeName(type)})`),
		twoBytes(2, "requestId"),
		twoBytes(4, "contentLength"),
		field(6, 1, paddingLengthText(record)),
		field(7, 1, `reserved = ${reserved}${reserved === 0 ? "" : ", not zero"}`),
	];
}

/** The padding, none where the record has none. */
export function paddingField(record: FcgiRecord): readonly Field[] {
	const { paddingData, paddingLength, contentLength } = record;
	if (paddingLength === 0 || paddingData.length === 0) return [];
	return [
		{
			offset: record.offset + 8 + contentLength,
			bytes: paddingData,
			text: `paddingData ${bytes(paddingData.length)}, ${zeroWords(paddingData)}`,
		},
	];
}

/** The recommended alignment of records, in bytes. */
const ALIGNMENT = 8;

function paddingLengthText(record: FcgiRecord): string {
	const { contentLength, paddingLength } = record;
	const wanted = (ALIGNMENT - (contentLength % ALIGNMENT)) % ALIGNMENT;
	const judgement =
		paddingLength === wanted
			? "as 8-byte alignment asks"
			: (contentLength + paddingLength) % ALIGNMENT === 0
				? `8-byte alignment asks for ${wanted} only`
				: `8-byte alignment would ask for ${wanted}`;
	return `paddingLength = ${paddingLength}, ${judgement}`;
}
