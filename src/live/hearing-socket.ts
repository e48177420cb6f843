// A connection that is read through memory of its own, which serves again: that is faster than new memory for each read, as
// Node takes it.

import { connect, type NetConnectOpts, type Socket } from "node:net";

/** Bytes that are read at once: what a record holds. */
const READ_BYTES = 65_536;

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
	let room = Buffer.allocUnsafeSlow(READ_BYTES);
	let kept: (typeof room)[] = [];
	let spare: (typeof room)[] = [];
	const hearing: HearingSocket = {
		socket: connect({
			...options,
			onread: {
				// Asked after each read, for the next.
				buffer: () => room,
				callback(length) {
					if (kept.length > 0 && hearing.free()) {
						spare = kept;
						kept = [];
					}
					if (hearing.hear(room.subarray(0, length)) === "kept") {
						kept.push(room);
						room = spare.pop() ?? Buffer.allocUnsafeSlow(READ_BYTES);
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
