// What a person is told of a pcapng file that is damaged or beyond what is read.

import type { SourceReport } from "../../inspect/chunk.js";
import { counted } from "../counted.js";

/** Notes what is wrong with the block at `offset`, where the reading ends. */
export function noteDamagedBlock(
	report: SourceReport,
	offset: number,
	what: string,
): void {
	report.truncated = true;
	report.remarks.push(
		`the block at offset ${offset} ${what}: the file is damaged there, and was read up to there`,
	);
}

/** Notes a section of a version that reads differently, where the reading ends. */
export function noteOtherVersion(
	report: SourceReport,
	offset: number,
	major: number,
): void {
	report.truncated = true;
	report.remarks.push(
		`the section at offset ${offset} is of version ${major} of pcapng: the file was read up to there`,
	);
}

/** Notes packets that name an interface which their section does not describe. */
export function noteUndescribed(report: SourceReport, packets: number): void {
	if (packets === 0) return;
	report.remarks.push(
		`${counted(packets, "packet")} of interfaces that the file does not describe left out`,
	);
}

/** Notes how a file ends: in the middle of a block of which `has` bytes are there, or without any packet. */
export function noteEnd(
	report: SourceReport,
	frames: number,
	offset: number,
	has: number,
): void {
	if (has > 0) {
		report.truncated = true;
		report.remarks.push(
			`the file ends in the middle of the block at offset ${offset}, behind ${counted(frames, "packet")}`,
		);
	} else if (frames === 0) report.remarks.push("the file holds no packets");
}
