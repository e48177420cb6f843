// A connection that is read through memory of its own, which serves again: that is faster than new memory for each read, as
// Node takes it.

import { connect, type NetConnectOpts, type Socket } from "node:net";

/** Bytes that are read at once at first: most of what applications say. */
const FIRST_BYTES = 16 * 1024;
/** The same where they fill that again and again: about what a socket of the system holds. */
const MOST_BYTES = 256 * 1024;

/** A socket without `data` events. */
export interface HearingSocket {
	readonly socket: Socket;
	/** Told what comes. The bytes are a view, good until it returns or, where it says `kept`, until `free` is true. */
	hear: (bytes: Buffer) => "kept" | undefined;
	/** Whether all that was kept is needed no more. */
	free: () => boolean;
}

/** Connects; nothing is read before `socket` is resumed. */
export function connectHearing(options: NetConnectOpts): HearingSocket {
	let room = Buffer.allocUnsafeSlow(FIRST_BYTES);
	let kept: (typeof room)[] = [];
	let spare: (typeof room)[] = [];
	const hearing: HearingSocket = {
		socket: connect({
			...options,
			onread: {
				// Asked after each read, for the next.
				buffer: () => room,
				callback(length) {
					const size = room.length;
					if (kept.length > 0 && hearing.free()) {
						spare = kept.filter((one) => one.length === size);
						kept = [];
					}
					const isKept = hearing.hear(room.subarray(0, length)) === "kept";
					if (isKept) kept.push(room);
					if (length === size && size < MOST_BYTES) {
						room = Buffer.allocUnsafeSlow(4 * size);
						spare = [];
					} else if (isKept) {
						room = spare.pop() ?? Buffer.allocUnsafeSlow(size);
					}
					return true;
				},
			},
		}),
		hear: () => undefined,
		free: () => true,
	};
	hearing.socket.pause();
	return hearing;
}
