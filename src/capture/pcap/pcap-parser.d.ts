// The part of the npm package pcap-parser 0.2.1 (untyped) that `pcap-stream.ts` uses.

declare module "pcap-parser" {
	/** Anything that looks enough like a stream. */
	interface ParserInput {
		pause(): void;
		resume(): void;
		on(event: "data", listener: (bytes: Buffer) => void): void;
		on(event: "error" | "end", listener: () => void): void;
	}
	interface GlobalHeader {
		readonly linkLayerType: number;
	}
	interface PacketHeader {
		readonly timestampSeconds: number;
		/** Whatever the file's fractions are. */
		readonly timestampMicroseconds: number;
		readonly capturedLength: number;
		readonly originalLength: number;
	}
	interface ParsedPacket {
		readonly header: PacketHeader;
		/** A view into the bytes that came in. */
		readonly data: Buffer;
	}
	interface Parser {
		/** The bytes that it has not parsed yet. */
		buffer: Buffer | null;
		on(event: "globalHeader", listener: (header: GlobalHeader) => void): void;
		on(event: "packetHeader", listener: (header: PacketHeader) => void): void;
		on(event: "packet", listener: (packet: ParsedPacket) => void): void;
	}
	export function parse(input: ParserInput): Parser;
}
