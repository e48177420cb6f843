// Sockets that outlive a refused write: an application may answer, and close, before it has read all that it was sent, and
// what it said must not be lost.

import type { Socket } from "node:net";

/**
 * Node closes a socket whose peer takes no more, and what the peer said before is lost. Here it stays open to be read;
 * what is written to it from then on goes nowhere.
 */
export function surviveRefusedWrites(
	socket: Socket,
	refused: () => void,
): void {
	type Done = (error?: Error | null) => void;
	const write = socket._write.bind(socket);
	const writev = socket._writev?.bind(socket);
	let deaf = false;
	const surviving =
		(done: Done): Done =>
		(error) => {
			if (error) {
				deaf = true;
				refused();
			}
			done();
		};
	socket._write = (bytes, encoding, done) => {
		if (deaf) done();
		else write(bytes, encoding, surviving(done));
	};
	if (writev === undefined) return;
	socket._writev = (pieces, done) => {
		if (deaf) done();
		else writev(pieces, surviving(done));
	};
}
