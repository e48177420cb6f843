// Logs of strace as a form of input.

import { join } from "../../stage.js";
import type { CaptureFormat } from "../format.js";
import { PiecesToChunks } from "../recognition/pieces-to-chunks.js";
import { Lines } from "../text/lines.js";
import { StraceLog } from "./strace-log.js";

/** A line of a call that says what passed, behind whatever says who called and when. */
const CALL =
	/^[^"(]{0,80}\b(?:read|write|recv|recvfrom|recvmsg|send|sendto|sendmsg|readv|writev)\(\d+[<,].*(?:\) += +-?\d|<unfinished \.\.\.>)/;
/** Lines of such calls that a log has before it is taken for one: a single one may be quoted in prose or in a program. */
const ENOUGH = 2;

/** What strace writes. */
export const strace: CaptureFormat = {
	name: "strace",
	summary: "a log of strace -f -s 65535: read, write, recv, send and their kin",
	recognises(head) {
		let calls = 0;
		for (const line of head.lines) {
			if (CALL.test(line) && ++calls === ENOUGH) return true;
		}
		return calls > 0 && head.whole;
	},
	open({ ports }, report) {
		const log = new StraceLog(report);
		const toChunks = new PiecesToChunks(ports, report);
		const stage = join(new Lines(), join(log, toChunks));
		return {
			push: (bytes) => stage.push(bytes),
			end() {
				const last = stage.end();
				log.remark();
				return last;
			},
		};
	},
};
