// What a person is told of a pcap file that is damaged or cut off.

import type { SourceReport } from "../../inspect/chunk.js";
import { MAX_CAPTURED_LENGTH } from "../packet/packet.js";
import { FILE_HEADER_LENGTH } from "./pcap-header.js";

/** Notes that a packet announces more captured bytes than the `most` there can be, where the reading ends. */
export function noteImpossibleLength(
	report: SourceReport,
	frame: number,
	offset: number,
	capturedLength: number,
	most: number = MAX_CAPTURED_LENGTH,
): void {
	report.truncated = true;
	report.remarks.push(
		`packet ${frame} at offset ${offset} announces ${capturedLength} captured bytes, more than the ${most} there can be: the file is damaged there, and was read up to there`,
	);
}

/** Notes how a file ends: in the middle of a header or packet of which `has` bytes are there, or without any packet. */
export function noteEnd(
	report: SourceReport,
	frames: number,
	offset: number,
	has: number,
): void {
	if (has > 0) {
		report.truncated = true;
		report.remarks.push(
			offset === 0
				? `the file ends after ${has} of the ${FILE_HEADER_LENGTH} bytes of its header`
				: `the file ends in the middle of packet ${frames + 1} at offset ${offset}`,
		);
	} else if (frames === 0) report.remarks.push("the file holds no packets");
}
