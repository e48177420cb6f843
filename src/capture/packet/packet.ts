// A packet as a capture holds it, before anything is known of its contents. The word exists only in this room.

/** The most captured bytes that tcpdump and Wireshark write or read for one packet: a longer one is damage. */
export const MAX_CAPTURED_LENGTH = 262_144;

/** One captured frame. */
export interface Packet {
	/** Its place in the capture, from 1. */
	readonly frame: number;
	/** Unix seconds; undefined where the input has no times. */
	readonly timestamp: number | undefined;
	/** What its first bytes are: a LINKTYPE number, see `LINK_TYPES`. */
	readonly linkType: number;
	/** What the captured bytes lie in. Others may lie there, too: a view for each packet would cost as much as reading it. */
	readonly bytes: Buffer;
	/** Where in `bytes` the captured ones start. */
	readonly start: number;
	/** Where they end. */
	readonly end: number;
	/** Bytes that it had on the wire: more than were captured, where a snap length cut it. */
	readonly originalLength: number;
}
