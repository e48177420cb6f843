// A packet as a capture holds it, before anything is known of its contents. The word exists only in this room.

/** One captured frame. */
export interface Packet {
	/** Its place in the capture, from 1. */
	readonly frame: number;
	/** Unix seconds. */
	readonly timestamp: number;
	/** What its first bytes are: a LINKTYPE number, see `LINK_TYPES`. */
	readonly linkType: number;
	/** The bytes that were captured; a view: copy what you keep. */
	readonly bytes: Buffer;
	/** Bytes that it had on the wire: more than were captured, where a snap length cut it. */
	readonly originalLength: number;
}
