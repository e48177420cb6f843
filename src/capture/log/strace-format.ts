// Logs of strace as a form of input.

import { join } from "../../stage.js";
import type { CaptureFormat } from "../format.js";
import { PiecesToChunks } from "../recognition/pieces-to-chunks.js";
import { Lines } from "../text/lines.js";
import { StraceLog } from "./strace-log.js";

/** A line of a call that says what passed, behind whatever says who called and when. */
const CALL =
	/^[^"(]{0,80}\b(?:read|write|recv|recvfrom|recvmsg|send|sendto|sendmsg|readv|writev)\(\d+[<,].*(?:\) += +-?\d|<unfinished \.\.\.>)/;
/** A line of any call. */
const ANY_CALL =
	/^(?:\[pid\s+\d+\] |\d+ +)?[^"(]{0,40}\b[a-z_][a-z_0-9]*\(.*\) += (?:-?\d|0x|\?)/;
/** Lines of such calls that a log has before it is taken for one: a single one may be quoted in prose or in a program. */
const ENOUGH = 2;
/** Lines of any calls by which a log is told that has none of those. */
const MANY = 5;

/** What strace writes. */
export const strace: CaptureFormat = {
	name: "strace",
	summary: "a log of strace -f -s 65535: what was read and written",
	recognises(head) {
		let calls = 0;
		let others = 0;
		for (const line of head.lines) {
			if (CALL.test(line) && ++calls === ENOUGH) return true;
			if (ANY_CALL.test(line)) others++;
		}
		return (calls > 0 && head.whole) || others >= MANY;
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
