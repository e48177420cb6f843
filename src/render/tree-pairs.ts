// The name-value pairs of a record, field by field (specification, section 3.4). A pair may begin in one PARAMS record and
// end in another: it is shown where it ends, with what of it lies in earlier records; where it begins, as far as it goes.

import type { NameValue } from "../fastcgi/name-values.js";
import { type Field, fourByteText, hexByte } from "./tree-field.js";
import { bytes, visibleBytes } from "./words.js";

/**
 * The fields of the pairs that end in `content`, and of what follows the last of them. `offset` is where the content
 * stands in the direction, `streamOffset` where in the stream of pairs, `pairsEnd` where in it the last pair before
 * ended.
 */
export function pairFields(
	content: Buffer,
	offset: number,
	streamOffset: number,
	pairs: readonly NameValue[],
	pairsEnd: number,
): readonly Field[] {
	const fields: Field[] = [];
	let end = pairsEnd;
	for (const pair of pairs) {
		end = addPair(fields, pair, offset - streamOffset, streamOffset);
	}
	const contentEnd = streamOffset + content.length;
	if (end < contentEnd) {
		const start = Math.max(end, streamOffset);
		const rest = content.subarray(start - streamOffset);
		const at = offset + start - streamOffset;
		addUnfinished(fields, rest, at, end < streamOffset);
	}
	return fields;
}

/** Adds the four fields of a pair; `shift` turns a place in the stream into one in the direction. Returns its end. */
function addPair(
	fields: Field[],
	pair: NameValue,
	shift: number,
	streamOffset: number,
): number {
	let at = pair.offset;
	const add = (data: Buffer, text: string, value?: string) => {
		const earlier = Math.min(Math.max(streamOffset - at, 0), data.length);
		const note = earlierText(earlier, data.length);
		fields.push(
			value === undefined
				? { offset: place(at, earlier), bytes: data, text: text + note }
				: {
						offset: place(at, earlier),
						bytes: data,
						text: `${text}${note} = `,
						value: `"${value}"`,
					},
		);
		at += data.length;
	};
	const place = (start: number, earlier: number) =>
		earlier > 0 ? undefined : start + shift;
	const { name, value } = pair;
	const nameLength = lengthBytes(name.length, pair.nameLengthBytes);
	const valueLength = lengthBytes(value.length, pair.valueLengthBytes);
	add(nameLength, lengthText("nameLength", nameLength));
	add(valueLength, lengthText("valueLength", valueLength));
	add(name, "nameData", visibleBytes(name));
	add(value, "valueData", visibleBytes(value));
	return at;
}

function earlierText(earlier: number, length: number): string {
	if (earlier === 0) return "";
	return earlier === length
		? "  (in an earlier record)"
		: `  (${earlier} of ${bytes(length)} in earlier records)`;
}

/** Adds what is there of a pair that does not end here; `begun` where it began in an earlier record. */
function addUnfinished(
	fields: Field[],
	rest: Buffer,
	offset: number,
	begun: boolean,
): void {
	const what = begun ? "of a pair begun earlier" : "of a pair";
	fields.push({
		offset,
		bytes: rest,
		text: `${bytes(rest.length)} ${what}, which does not end in this record`,
	});
	if (begun) return;
	const lengths: number[] = [];
	let at = 0;
	for (const name of ["nameLength", "valueLength"]) {
		const first = rest[at];
		if (first === undefined) return;
		const data = rest.subarray(at, at + (first > 0x7f ? 4 : 1));
		const text =
			first > 0x7f && data.length < 4
				? `${data.length} of the 4 bytes of ${name}`
				: lengthText(name, data);
		fields.push({ offset: offset + at, bytes: data, text });
		if (first > 0x7f && data.length < 4) return;
		at += data.length;
		lengths.push(first > 0x7f ? data.readUInt32BE() & 0x7fffffff : first);
	}
	const [nameLength = 0, valueLength = 0] = lengths;
	for (const [name, length] of [
		["nameData", nameLength],
		["valueData", valueLength],
	] as const) {
		const data = rest.subarray(at, at + length);
		if (data.length === 0) continue;
		const part =
			data.length < length ? ` (${data.length} of ${bytes(length)})` : "";
		fields.push({
			offset: offset + at,
			bytes: data,
			text: `${name}${part} = `,
			value: `"${visibleBytes(data)}"`,
		});
		at += data.length;
	}
}

function lengthText(name: string, data: Buffer): string {
	const [first = 0] = data;
	return data.length === 4
		? fourByteText(name, data, true)
		: `${name}B0 ${hexByte(first)}  ${name} = ${first}`;
}

/** The bytes of a length in its form. */
function lengthBytes(length: number, form: 1 | 4): Buffer {
	if (form === 1) return Buffer.of(length & 0x7f);
	return Buffer.of(
		0x80 | ((length >>> 24) & 0x7f),
		(length >>> 16) & 0xff,
		(length >>> 8) & 0xff,
		length & 0xff,
	);
}
