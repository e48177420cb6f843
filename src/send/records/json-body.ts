// The decoded `body` that JSON has of a record beside its content (specification, sections 4 and 5), both ways: made of the
// content, to tell where somebody changed one of the two only, and into content, where that is left out.

import {
	decodeBody,
	decodeValues,
	encodeBeginRequest,
	encodeEndRequest,
	encodeUnknownType,
} from "../../fastcgi/body.js";
import {
	FCGI_KEEP_CONN,
	PROTOCOL_STATUSES,
	protocolStatusName,
	RECORD_TYPES,
	ROLES,
	recordType,
	recordTypeName,
	roleName,
} from "../../fastcgi/constants.js";
import { encodeNameValue } from "../../fastcgi/name-values.js";
import {
	nameOrNumberAt,
	numberAt,
	type RefuseField,
	refuseOthers,
	shown,
	utf8,
} from "./json-field.js";
import type { JsonObject } from "./json-objects.js";

/** The content that a body says, of a record of this type. */
export function contentOfBody(
	type: number,
	body: JsonObject,
	refuse: RefuseField,
): Buffer {
	const name = (
		field: string,
		table: readonly { readonly name: string; readonly number: number }[],
		most: number,
	) =>
		nameOrNumberAt(body, field, table, most, refuse, `body.${field}`) ??
		table.find((row) => row.name === body[`${field}Name`])?.number ??
		refuse(`body.${field}`, "is missing");
	switch (recordType(type)?.kind) {
		case "beginRequest": {
			const given = numberAt(body, "flags", 0xff, refuse, "body.flags");
			const flags = given ?? (body.keepConn === true ? FCGI_KEEP_CONN : 0);
			return encodeBeginRequest({ role: name("role", ROLES, 0xffff), flags });
		}
		case "endRequest":
			return encodeEndRequest({
				appStatus:
					numberAt(body, "appStatus", 0xffffffff, refuse, "body.appStatus") ??
					0,
				protocolStatus: name("protocolStatus", PROTOCOL_STATUSES, 0xff),
			});
		case "unknownType":
			return encodeUnknownType({ type: name("type", RECORD_TYPES, 0xff) });
		case "params":
		case "getValues":
		case "getValuesResult":
			return contentOfPairs(body.pairs, refuse);
		default:
			return refuse("body", `${recordTypeName(type)} has no body, but content`);
	}
}

function contentOfPairs(pairs: unknown, refuse: RefuseField): Buffer {
	if (!Array.isArray(pairs)) {
		return refuse("body.pairs", `an array of ["NAME", "value"]`);
	}
	return Buffer.concat(
		pairs.map((pair: unknown, i) => {
			const path = `body.pairs[${i}]`;
			const [name, value] = Array.isArray(pair) ? pair : [];
			if (typeof name !== "string" || typeof value !== "string") {
				return refuse(path, `["NAME", "value"], not ${shown(pair)}`);
			}
			return encodeNameValue(
				utf8(name, path, refuse),
				utf8(value, path, refuse),
			);
		}),
	);
}

/** Refuses a body that says something else than the content, which is what is sent. */
export function refuseContradiction(
	type: number,
	content: Buffer,
	body: JsonObject,
	refuse: RefuseField,
): void {
	const true_ = bodyOf(type, content);
	if (true_ === undefined) {
		refuse("body", "the content has none; leave one of the two out");
	}
	refuseOthers(body, new Set(Object.keys(true_)), refuse, "body");
	for (const [field, value] of Object.entries(body)) {
		const said = JSON.stringify(true_[field]);
		if (JSON.stringify(value) === said) continue;
		if (value === nameOf(type, field, true_)) continue;
		refuse(
			`body.${field}`,
			`${shown(value)}, and the content says ${shown(true_[field])}; change the content, or leave it out with its length, and it is made of the body`,
		);
	}
}

/** The name that may stand for a number. */
function nameOf(type: number, field: string, body: JsonObject): unknown {
	if (field === "type" && recordType(type)?.kind === "unknownType") {
		return recordTypeName(Number(body.type));
	}
	return body[`${field}Name`] ?? NO_NAME;
}

const NO_NAME = Symbol("no name");

/** What decode shows as the body of this content; undefined where it has none. */
function bodyOf(type: number, content: Buffer): JsonObject | undefined {
	const body =
		recordType(type)?.kind === "params"
			? decodeValues(content)
			: decodeBody(type, content);
	if (body === undefined) return undefined;
	if ("role" in body) {
		const { role, flags, keepConn } = body;
		return { role, roleName: roleName(role), flags, keepConn };
	}
	if ("appStatus" in body) {
		const { appStatus, protocolStatus } = body;
		const name = protocolStatusName(protocolStatus);
		return { appStatus, protocolStatus, protocolStatusName: name };
	}
	if ("pairs" in body) {
		const pairs = body.pairs.map(({ nameText, valueText }) => [
			nameText.text,
			valueText.text,
		]);
		return { pairs };
	}
	return { type: body.type };
}
