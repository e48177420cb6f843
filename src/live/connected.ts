// An address into an open connection, in time.

import { connect, type Socket } from "node:net";
import { FcgiInspectError } from "../errors.js";
import { type Address, formatAddress, netOptions } from "./address.js";
import { whyRefused } from "./why-refused.js";

/** Bytes that are read at once: what a record holds. */
const READ_BYTES = 65_536;

/** Connects, and hands on what comes, each time in a buffer of its own. Rejects with a FcgiInspectError where nobody accepts, not in so many milliseconds, or `signal` is aborted before. */
export async function connected(
	address: Address,
	timeoutMs: number,
	signal: AbortSignal,
	hear: (bytes: Buffer) => void,
): Promise<Socket> {
	const socket = connect({
		...netOptions(address),
		allowHalfOpen: true,
		// Node would take new memory of this size for each read, however little comes.
		onread: {
			buffer: Buffer.allocUnsafe(READ_BYTES),
			callback: (length, room) => {
				hear(Buffer.from(room.subarray(0, length)));
				return true;
			},
		},
	});
	const failure = await failureOf(socket, address, timeoutMs, signal);
	socket.removeAllListeners("error");
	if (failure === undefined) return socket;
	socket.on("error", () => undefined);
	socket.destroy();
	throw failure;
}

/** What keeps a socket from being connected; undefined once it is. */
function failureOf(
	socket: Socket,
	address: Address,
	timeoutMs: number,
	signal: AbortSignal,
): Promise<FcgiInspectError | undefined> {
	const name = formatAddress(address);
	return new Promise((resolve) => {
		const settle = (failure?: FcgiInspectError) => {
			clearTimeout(timer);
			signal.removeEventListener("abort", late);
			resolve(failure);
		};
		const late = () => {
			const limit = `${timeoutMs / 1000} s (--connect-timeout)`;
			settle(
				new FcgiInspectError(
					"timed-out",
					`${name}: no connection within ${limit}`,
				),
			);
		};
		const timer = setTimeout(late, timeoutMs);
		signal.addEventListener("abort", late);
		socket.once("connect", () => settle());
		socket.once("error", (error) =>
			settle(
				new FcgiInspectError(
					"connection-failed",
					`${name}: ${whyRefused(error, address)}`,
				),
			),
		);
	});
}
