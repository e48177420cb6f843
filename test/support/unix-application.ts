// Applications at Unix sockets that say their name to whoever connects, a relay of a few lines, and who asks them.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { netOptions } from "../../src/live/address.js";
import type { Entrance } from "../../src/live/entrance.js";
import { InPlace } from "../../src/live/in-place.js";

/** A folder of the test's own, removed at its end. */
export function scratch(t: TestContext): string {
	const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-live-"));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** Starts an application in this process. It unlinks its path when it closes, as Go's do. */
export async function application(
	t: TestContext,
	path: string,
	name: string,
): Promise<Server> {
	const server = createServer((socket) => {
		socket.on("error", () => undefined);
		socket.write(name);
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen({ path }, resolve);
	});
	t.after(() => server.close());
	return server;
}

/** Starts an application in a process of its own, which may be killed. */
export async function childApplication(
	t: TestContext,
	path: string,
	name: string,
): Promise<ChildProcess> {
	const child = spawn(process.execPath, [
		"-e",
		`require("node:net").createServer((socket) => socket.on("error", () => 0).write(${JSON.stringify(name)}))
			.listen(${JSON.stringify(path)}, () => console.log("listens"))`,
	]);
	t.after(() => child.kill("SIGKILL"));
	await new Promise((resolve) => child.stdout.once("data", resolve));
	return child;
}

/** Kills a process and waits until it is gone. */
export async function killed(
	child: ChildProcess,
	signal: NodeJS.Signals = "SIGKILL",
): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const gone = new Promise((resolve) => child.once("exit", resolve));
	child.kill(signal);
	await gone;
}

/** Hands connections on to an entrance's application. */
export function relay(entrance: Entrance): (webServer: Socket) => void {
	return (webServer) => {
		const onward = connect({
			...netOptions(entrance.application),
			allowHalfOpen: true,
		});
		onward.on("error", (error) => {
			entrance.refused?.(error);
			webServer.destroy();
		});
		webServer.on("error", () => onward.destroy());
		onward.pipe(webServer);
		webServer.pipe(onward);
	};
}

/** Opens an entrance in place, with a relay behind it, and closes it at the end of the test. */
export async function opened(
	t: TestContext,
	path: string,
	said: string[] = [],
): Promise<InPlace> {
	const entrance = new InPlace(path, (line) => said.push(line));
	t.after(() => entrance.close());
	await entrance.open(relay(entrance));
	return entrance;
}

/** What whoever listens at a path says first; the error's code where nobody does, `""` where nothing is said. */
export function ask(path: string): Promise<string> {
	return new Promise((resolve) => {
		const socket = connect({ path });
		socket.once("data", (data) => {
			resolve(String(data));
			socket.destroy();
		});
		socket.once("error", (error: NodeJS.ErrnoException) =>
			resolve(error.code ?? error.message),
		);
		socket.once("close", () => resolve(""));
	});
}

/** When a process was started, in ticks: field 22 of its line (proc(5)), of a program that may have spaces in its name. */
export function startOf(id: number): number {
	const line = readFileSync(`/proc/${id}/stat`, "utf8");
	return Number(line.replace(/\(.*\)/s, "x").split(" ")[21]);
}

/** The name under which a process would have moved a socket aside. */
export function asideOf(path: string, id: number): string {
	const name = `.${basename(path)}.fcgi-inspect-${id}-${startOf(id)}`;
	return join(dirname(path), name);
}

/** Starts a process that looks like a tap of a user's from outside; its id. */
export function seemingTap(t: TestContext, user = 0): number {
	const child = spawn(
		process.execPath,
		["-e", "setInterval(() => 0, 1000)", "fcgi-inspect", "tap", "x"],
		{ uid: user, gid: user, cwd: "/", stdio: "ignore" },
	);
	t.after(() => child.kill("SIGKILL"));
	return child.pid ?? 0;
}

/** The names in a folder, in order. */
export function names(folder: string): readonly string[] {
	return readdirSync(folder).sort();
}
