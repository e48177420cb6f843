// The line over a record in the formats that spread a record over several lines.

import { recordTypeName } from "../fastcgi/constants.js";
import type { RecordEvent } from "../inspect/event.js";
import { clip } from "./width.js";
import { timeOfDay, way } from "./words.js";

/** Number, request, type, request id, ends with direction, time, packet; clipped to the terminal. */
export function recordHeading(
	event: RecordEvent,
	columns: number | undefined,
): string {
	const { record, request, timestamp, frame } = event;
	return clip(
		`record ${event.number}` +
			(request === undefined ? "" : `  #${request.number}`) +
			`  ${recordTypeName(record.type)}  id ${record.requestId}  ${way(event.connection, event.from)}` +
			(timestamp === undefined ? "" : `  ${timeOfDay(timestamp)}`) +
			(frame === undefined ? "" : `  frame ${frame}`),
		columns,
	);
}
