// Logs of socat as a form of input: with -x they have all bytes, with -v alone they have lost some.

import { join } from "../../stage.js";
import type { CaptureFormat, RefusedFormat } from "../format.js";
import type { Head } from "../head.js";
import { PiecesToChunks } from "../recognition/pieces-to-chunks.js";
import { Lines } from "../text/lines.js";
import { SocatLog } from "./socat-log.js";
import { readTransfer } from "./socat-transfer.js";

const HEX = /^[\s>|]*[0-9a-f]{2}(?: [0-9a-f]{2})*(?: |$)/;

/** What socat -x writes on stderr. */
export const socat: CaptureFormat = {
	name: "socat",
	summary: "a log of socat -x or socat -x -v",
	recognises: (head) => firstBody(head, (line) => HEX.test(line)),
	open({ ports }, report) {
		return join(
			new Lines(),
			join(new SocatLog(report), new PiecesToChunks(ports, report)),
		);
	},
};

/** What socat -v writes without -x. */
export const socatText: RefusedFormat = {
	name: "socat -v",
	recognises: (head) => firstBody(head, (line) => !HEX.test(line)),
	advice: "has dots for the bytes that are no text: socat -x -v keeps them",
};

/** Whether the line behind the first transfer's is as asked for. */
function firstBody(head: Head, is: (line: string) => boolean): boolean {
	const at = head.lines.findIndex((line) => readTransfer(line) !== undefined);
	const body = head.lines[at + 1];
	return at >= 0 && body !== undefined && is(body);
}
