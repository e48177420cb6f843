// The fields of the discrete records' bodies, reserved bytes included (specification, sections 4.2, 5.1 and 5.5).

import {
	FCGI_KEEP_CONN,
	protocolStatusName,
	recordTypeName,
	roleName,
} from "../fastcgi/constants.js";
import type { FcgiRecord } from "../fastcgi/record.js";
import {
	type Field,
	fourByteText,
	hexByte,
	twoByteText,
	zeroWords,
} from "./tree-field.js";
import { bytes } from "./words.js";

/** The body's fields, or all of the content as one where it makes no body; `offset` is where the content stands. */
export function bodyFields(
	record: FcgiRecord,
	offset: number,
): readonly Field[] {
	const content = record.contentData;
	const field = (at: number, length: number, text: string): Field => ({
		offset: offset + at,
		bytes: content.subarray(at, at + length),
		text,
	});
	const reserved = (at: number): Field => {
		const rest = content.subarray(at);
		return field(
			at,
			rest.length,
			`reserved[${rest.length}], ${zeroWords(rest)}`,
		);
	};
	const [b0 = 0, b1 = 0] = content;
	if (record.body !== undefined) {
		switch (record.kind) {
			case "beginRequest": {
				const { role, flags } = record.body;
				return [
					field(0, 2, `${twoByteText("role", b0, b1)} (${roleName(role)})`),
					field(2, 1, flagsText(flags)),
					reserved(3),
				];
			}
			case "endRequest": {
				const { protocolStatus } = record.body;
				const status = protocolStatusName(protocolStatus);
				return [
					field(0, 4, fourByteText("appStatus", content, false)),
					field(4, 1, `protocolStatus = ${protocolStatus} (${status})`),
					reserved(5),
				];
			}
			case "unknownType": {
				const { type } = record.body;
				return [
					field(0, 1, `type = ${type} (${recordTypeName(type)})`),
					reserved(1),
				];
			}
		}
	}
	if (content.length === 0) return [];
	const asked = record.kind === "unknown" ? "" : ", which make no body";
	return [
		field(0, content.length, `contentData ${bytes(content.length)}${asked}`),
	];
}

function flagsText(flags: number): string {
	const keepConn = (flags & FCGI_KEEP_CONN) !== 0 ? "set" : "not set";
	const others = flags & ~FCGI_KEEP_CONN;
	const rest =
		others === 0
			? "other bits zero"
			: `undefined bits 0x${hexByte(others)} set`;
	return `flags = 0x${hexByte(flags)}: FCGI_KEEP_CONN ${keepConn}, ${rest}`;
}
