// The simplest entrance, for tests of what is behind it, and sockets to go with it.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import {
	type Address,
	formatAddress,
	netOptions,
} from "../../src/live/address.js";
import type { Entrance } from "../../src/live/entrance.js";

/** An entrance that listens at one address and hands on to another. */
export function door(at: Address, application: Address): Entrance {
	let server: Server;
	return {
		address: formatAddress(at),
		applicationName: formatAddress(application),
		application,
		open: async (accept) => {
			server = await listening(at, accept, { pauseOnConnect: true });
		},
		close: async () => {
			server.close();
		},
		closeNow: () => {
			server.close();
		},
	};
}

/** A server that listens; its sockets stay open in one direction when the other ends. */
export function listening(
	address: Address,
	accept: (socket: Socket) => void,
	options: { readonly pauseOnConnect?: boolean } = {},
): Promise<Server> {
	return new Promise((resolve, reject) => {
		const server = createServer({ allowHalfOpen: true, ...options }, accept);
		server.once("error", reject);
		server.listen(netOptions(address), () => resolve(server));
	});
}

/** A folder that is gone after the test. */
export function temporaryFolder(t: TestContext): string {
	const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-test-"));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}
