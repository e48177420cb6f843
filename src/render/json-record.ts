// A record as the JSON object of the machine formats. What is not known is absent, not null.

import {
	protocolStatusName,
	recordTypeName,
	roleName,
} from "../fastcgi/constants.js";
import type { FcgiRecord } from "../fastcgi/record.js";
import type { RecordEvent } from "../inspect/event.js";
import { contentJson, findingsJson, quote, timeField } from "./json-text.js";

/** The object, without a line end; without `content`, where that is not wanted. */
export function recordJson(event: RecordEvent, content: boolean): string {
	const { record } = event;
	return (
		`{"kind":"record","number":${event.number}` +
		(event.frame === undefined ? "" : `,"frame":${event.frame}`) +
		timeField("time", event.timestamp) +
		`,"connection":${event.connection.number}` +
		(event.request === undefined ? "" : `,"request":${event.request.number}`) +
		`,"from":"${event.from}","offset":${record.offset}` +
		`,"version":${record.version},"type":${record.type},"typeName":"${recordTypeName(record.type)}","requestId":${record.requestId}` +
		`,"contentLength":${record.contentLength},"paddingLength":${record.paddingLength},"reserved":${record.reserved}` +
		bodyField(record) +
		(content ? `,"content":${contentJson(record.contentData)}` : "") +
		`,"padding":"${record.paddingData.toString("hex")}"` +
		(record.missing > 0 ? `,"missing":${record.missing}` : "") +
		(record.truncated ? `,"truncated":true` : "") +
		`,"findings":${findingsJson(event.findings)}}`
	);
}

function bodyField(record: FcgiRecord): string {
	switch (record.kind) {
		case "beginRequest": {
			const { body } = record;
			if (body === undefined) return "";
			return `,"body":{"role":${body.role},"roleName":"${roleName(body.role)}","flags":${body.flags},"keepConn":${body.keepConn}}`;
		}
		case "endRequest": {
			const { body } = record;
			if (body === undefined) return "";
			return `,"body":{"appStatus":${body.appStatus},"protocolStatus":${body.protocolStatus},"protocolStatusName":"${protocolStatusName(body.protocolStatus)}"}`;
		}
		case "unknownType":
			return record.body === undefined
				? ""
				: `,"body":{"type":${record.body.type}}`;
		case "getValues":
		case "getValuesResult": {
			if (record.body === undefined) return "";
			const pairs = record.body.pairs.map(
				({ nameText, valueText }) =>
					`[${quote(nameText.text)},${quote(valueText.text)}]`,
			);
			return `,"body":{"pairs":[${pairs.join(",")}]}`;
		}
		default:
			return "";
	}
}
