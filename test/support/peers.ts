// The five applications that `send` is held to, php-fpm among them, and what they say that they were sent.

import { connect, createServer } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import {
	type Address,
	formatAddress,
	netOptions,
} from "../../src/live/address.js";
import { APPS, appParams, startApp } from "./apps.js";
import { type Run, run } from "./cli.js";
import { socketOf, startPhpFpm } from "./php-fpm.js";
import { scratch } from "./unix-application.js";

export const PEERS = [...APPS, "php-fpm"] as const;
export type PeerName = (typeof PEERS)[number];

/** An application that runs. */
export interface RunningPeer {
	readonly address: Address;
	/** Runs `send` with what the application has to be asked (test/apps/README.md); stdout is the body. */
	ask(query: string, ...args: readonly string[]): Promise<Run>;
	/** Runs `send` without any parameters. */
	plain(...args: readonly string[]): Promise<Run>;
	/** The same as `ask`, without `-o -`. */
	send(query: string, ...args: readonly string[]): Promise<Run>;
}

/** Starts one; it ends with the test. */
export async function startPeer(
	t: TestContext,
	name: PeerName,
): Promise<RunningPeer> {
	const address = await started(t, name);
	const plain = (...args: readonly string[]) =>
		run(["send", "--to", formatAddress(address), ...args]);
	const send = (query: string, ...args: readonly string[]) =>
		plain(...paramsOf(name, query), ...args);
	return {
		address,
		plain,
		send,
		ask: (query, ...args) => send(query, "-o", "-", ...args),
	};
}

/** Another address of an application, at which connections are counted, by what is no part of this project. */
export async function countingConnections(
	t: TestContext,
	to: Address,
): Promise<{ readonly path: string; count(): number }> {
	const path = join(scratch(t), "counting.sock");
	let count = 0;
	const server = createServer({ allowHalfOpen: true }, (socket) => {
		count++;
		const onward = connect({ ...netOptions(to), allowHalfOpen: true });
		socket.pipe(onward).pipe(socket);
		for (const [one, other] of [
			[socket, onward],
			[onward, socket],
		] as const) {
			one.on("error", () => other.destroy());
		}
	});
	await new Promise<void>((resolve) => server.listen({ path }, resolve));
	t.after(() => server.close());
	return { path, count: () => count };
}

async function started(t: TestContext, name: PeerName): Promise<Address> {
	if (name === "php-fpm") {
		const pool = { folder: scratch(t), user: "root" } as const;
		await startPhpFpm(t, pool);
		return { kind: "unix", path: socketOf(pool) };
	}
	const app = await startApp(name);
	t.after(() => app.stop());
	return app.address;
}

function paramsOf(name: PeerName, query: string): readonly string[] {
	const params = appParams(name === "php-fpm" ? "php-cgi" : name, query);
	return Object.entries(params).flatMap(([key, value]) => [
		"-P",
		`${key}=${value}`,
	]);
}
