// The line that socat -v and -x print in front of each transfer:
// `> 2026/11/22 01:18:19.000564977  length=520 from=0 to=519`.

import type { Side } from "../recognition/flow.js";
import type { PrintedTime } from "../text/printed-time.js";

/** A transfer, as its line announces it. */
export interface Transfer {
	/** 0 is socat's first address, where connections come from. */
	readonly side: Side;
	readonly time: PrintedTime;
	readonly length: number;
	/** Place of its first byte in the stream. */
	readonly from: number;
	/** Place of its last byte. */
	readonly to: number;
}

const LINE =
	/([<>]) (\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?\s+length=(\d{1,12}) from=(\d{1,15}) to=(\d{1,15})\s*$/;

/** Reads the line; undefined where it is another. It may stand at the end of one, behind what `-v` printed. */
export function readTransfer(text: string): Transfer | undefined {
	if (!text.includes(" length=")) return undefined;
	const found = LINE.exec(text.slice(-160));
	if (found === null) return undefined;
	const [, mark, year, month, day, hours, minutes, seconds] = found;
	const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
	const inDay = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
	return {
		side: mark === ">" ? 0 : 1,
		time: {
			kind: "date",
			seconds: midnight / 1000 + inDay + fractionOf(found[8]),
			end: 0,
		},
		length: Number(found[9]),
		from: Number(found[10]),
		to: Number(found[11]),
	};
}

/** socat prints microseconds, in some versions with nine digits. */
function fractionOf(digits = "0"): number {
	const microseconds = Number(digits) / 1e6;
	return microseconds < 1 ? microseconds : Number(`0.${digits}`);
}
