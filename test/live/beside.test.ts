// Getting in between by listening elsewhere: all kinds of addresses on either side, and where it cannot be listened.

import assert from "node:assert/strict";
import fs, {
	chmodSync,
	chownSync,
	lstatSync,
	mkdirSync,
	rmSync,
	symlinkSync,
	unlinkSync,
	writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
	type Address,
	formatAddress,
	netOptions,
	parseAddress,
} from "../../src/live/address.js";
import { Beside, type BesideOptions } from "../../src/live/beside.js";
import { refuseToListen } from "../../src/live/listen-refusal.js";
import {
	application,
	childApplication,
	killed,
	names,
	relay,
	scratch,
} from "../support/unix-application.js";

const silent: BesideOptions = { say: assert.fail };

/** What is said at an address first; the error's code where nobody listens. */
function askAt(address: Address): Promise<string> {
	return new Promise((resolve) => {
		const socket = connect(netOptions(address));
		socket.once("data", (data) => {
			resolve(String(data));
			socket.destroy();
		});
		socket.once("error", (error: NodeJS.ErrnoException) =>
			resolve(error.code ?? error.message),
		);
	});
}

/** An address of each kind at which nobody listens. */
async function free(t: TestContext, kind: Address["kind"]): Promise<Address> {
	if (kind === "unix") return { kind, path: join(scratch(t), "app.sock") };
	if (kind === "abstract")
		return { kind, name: `fcgi-inspect${Math.random()}` };
	const server = createServer();
	await new Promise<void>((resolve) =>
		server.listen(0, "127.0.0.1", () => resolve()),
	);
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return { kind, host: "127.0.0.1", port };
}

async function listening(t: TestContext, address: Address): Promise<Server> {
	const server = createServer((socket) => {
		socket.on("error", () => undefined);
		socket.write("the application");
	});
	await new Promise<void>((resolve) =>
		server.listen(netOptions(address), () => resolve()),
	);
	t.after(() => server.close());
	return server;
}

async function opened(
	t: TestContext,
	listen: Address,
	to: Address,
	options: BesideOptions = silent,
): Promise<Beside> {
	const entrance = new Beside(listen, to, options);
	t.after(() => entrance.close());
	await entrance.open(relay(entrance));
	return entrance;
}

for (const outer of ["tcp", "unix", "abstract"] as const) {
	for (const inner of ["tcp", "unix", "abstract"] as const) {
		test(`${outer} to ${inner}`, async (t) => {
			const listen = await free(t, outer);
			const to = await free(t, inner);
			await listening(t, to);
			const entrance = await opened(t, listen, to);
			assert.equal(entrance.address, formatAddress(listen));
			const asked = Array.from({ length: 20 }, () => askAt(listen));
			assert.deepEqual(
				new Set(await Promise.all(asked)),
				new Set(["the application"]),
			);
			await entrance.close();
			assert.equal(
				await askAt(listen),
				outer === "unix" ? "ENOENT" : "ECONNREFUSED",
			);
		});
	}
}

test("the socket's file has the permissions that the umask leaves, or those asked for, and is removed", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "tap.sock");
	const to = parseAddress(":9");
	const umask = process.umask(0o027);
	try {
		const entrance = await opened(t, { kind: "unix", path }, to);
		assert.equal(lstatSync(path).mode & 0o777, 0o750);
		await entrance.close();
	} finally {
		process.umask(umask);
	}
	assert.deepEqual(names(folder), []);
	const options = { ...silent, mode: 0o660 };
	const entrance = await opened(t, { kind: "unix", path }, to, options);
	assert.equal(lstatSync(path).mode & 0o777, 0o660);
	assert.deepEqual(names(folder), ["tap.sock"]);
	entrance.closeNow();
	assert.deepEqual(names(folder), []);
});

test("who may connect to the application may connect to the socket beside it", async (t) => {
	const folder = scratch(t);
	const to: Address = { kind: "unix", path: join(folder, "app.sock") };
	await listening(t, to);
	chmodSync(to.path, 0o620);
	chownSync(to.path, 33, 12);
	const path = join(folder, "tap.sock");
	const listen: Address = { kind: "unix", path };
	const entrance = await opened(t, listen, to, { ...silent, like: to });
	const { mode, uid, gid } = lstatSync(path);
	assert.deepEqual([mode & 0o777, uid, gid], [0o620, 33, 12]);
	await entrance.close();
});

test("a socket that nobody listens at is replaced, and that is said", async (t) => {
	const path = join(scratch(t), "tap.sock");
	await killed(await childApplication(t, path, ""));
	const said: string[] = [];
	const listen: Address = { kind: "unix", path };
	await opened(t, listen, parseAddress(":9"), {
		say: (line) => said.push(line),
	});
	assert.deepEqual(said, [
		`${path}: replaced a socket that nobody listened at`,
	]);
});

test("who waits at the door when the tap leaves is still let in", async (t) => {
	const listen = await free(t, "unix");
	const to = await free(t, "unix");
	await listening(t, to);
	const entrance = await opened(t, listen, to);
	const asked = Array.from({ length: 100 }, () => askAt(listen));
	await entrance.close();
	assert.deepEqual(
		new Set(await Promise.all(asked)),
		new Set(["the application"]),
	);
});

test("a socket that somebody else has made in its place is left alone", async (t) => {
	const folder = scratch(t);
	const path = join(folder, "tap.sock");
	const entrance = await opened(t, { kind: "unix", path }, parseAddress(":9"));
	rmSync(path);
	await application(t, path, "another");
	await entrance.close();
	assert.deepEqual(names(folder), ["tap.sock"]);
	assert.equal(await askAt({ kind: "unix", path }), "another");
});

const MOMENTS = ["lstatSync", "openSync", "chmodSync", "linkSync"] as const;
for (const moment of MOMENTS) {
	test(`a link that is put in its place before ${moment} gives nobody the file that it leads to`, async (t) => {
		const folder = scratch(t);
		const file = join(scratch(t), "file");
		writeFileSync(file, "of root", { mode: 0o600 });
		const before = fs.statSync(file);
		let swapped = "";
		const real = fs[moment] as (...parameters: unknown[]) => unknown;
		const mock = t.mock.method(fs, moment, (...parameters: unknown[]) => {
			const made = names(folder).find((name) => name.endsWith(".new0"));
			if (swapped === "" && made !== undefined) {
				swapped = join(folder, made);
				unlinkSync(swapped);
				symlinkSync(file, swapped);
			}
			return real.apply(fs, parameters);
		});
		syncBuiltinESMExports();
		t.after(() => {
			mock.mock.restore();
			syncBuiltinESMExports();
		});
		const path = join(folder, "tap.sock");
		const options = { ...silent, mode: 0o666 };
		const listen: Address = { kind: "unix", path };
		const entrance = new Beside(listen, parseAddress(":9"), options);
		await assert.rejects(
			entrance.open(() => undefined),
			{
				code: "connection-failed",
				message: /; take a path elsewhere$/,
			},
		);
		assert.notEqual(swapped, "");
		assert.deepEqual(names(folder), []);
		const after = fs.statSync(file);
		assert.deepEqual(
			[after.mode, after.ctimeMs, after.nlink],
			[before.mode, before.ctimeMs, before.nlink],
		);
	});
}

test("other machines are let in only where that is asked for", async (t) => {
	const to = await free(t, "tcp");
	const { port } = (await free(t, "tcp")) as Extract<Address, { kind: "tcp" }>;
	for (const host of ["0.0.0.0", "::", "192.0.2.1", "web.example"]) {
		const listen: Address = { kind: "tcp", host, port };
		assert.throws(() => new Beside(listen, to, silent), {
			code: "usage",
			message: /: other machines may reach this address.*--allow-remote/,
		});
	}
	await listening(t, to);
	const everywhere: Address = { kind: "tcp", host: "0.0.0.0", port };
	await opened(t, everywhere, to, { ...silent, allowRemote: true });
	const here: Address = { kind: "tcp", host: "127.0.0.1", port };
	assert.equal(await askAt(here), "the application");
});

test("where it cannot listen it says so in one line, and leaves nothing", async (t) => {
	const folder = scratch(t);
	const path = (name: string) => join(folder, name);
	const to = parseAddress(":9");
	const refused = async (
		listen: Address,
		code: string,
		message: RegExp,
		options: BesideOptions = silent,
	) => {
		const before = names(folder);
		await assert.rejects(
			async () => new Beside(listen, to, options).open(() => undefined),
			{ code, message },
		);
		assert.deepEqual(names(folder), before);
	};
	const unix = (name: string): Address => ({ kind: "unix", path: path(name) });
	writeFileSync(path("file"), "kept");
	await refused(
		unix("file"),
		"usage",
		/: is a file already; take another path$/,
	);
	mkdirSync(path("folder"));
	await refused(unix("folder"), "usage", /: is a folder already; take another/);
	await application(t, path("app.sock"), "");
	const taken =
		/: somebody listens there already; take another (path|address)$/;
	await refused(unix("app.sock"), "connection-failed", taken);
	await refused(
		unix("none/app.sock"),
		"connection-failed",
		/: there is no folder .*none; make it first$/,
	);
	for (const kind of ["tcp", "abstract"] as const) {
		const address = await free(t, kind);
		await listening(t, address);
		await refused(address, "connection-failed", taken);
	}
	const elsewhere: Address = { kind: "tcp", host: "192.0.2.1", port: 9001 };
	await refused(
		elsewhere,
		"connection-failed",
		/: this machine does not have that address; take one of its own/,
		{ ...silent, allowRemote: true },
	);
	assert.throws(() => new Beside(to, to, silent), {
		code: "usage",
		message: /^--listen 127\.0\.0\.1:9: the application listens there; take/,
	});
});

test("a user without the right to is told so", async (t) => {
	const folder = scratch(t);
	chmodSync(folder, 0o755);
	const listen: Address = { kind: "unix", path: join(folder, "tap.sock") };
	const entrance = new Beside(listen, parseAddress(":9"), silent);
	process.seteuid?.(65534);
	try {
		await assert.rejects(
			entrance.open(() => undefined),
			{
				code: "connection-failed",
				message: /: no permission to write in .*; take a path elsewhere$/,
			},
		);
	} finally {
		process.seteuid?.(0);
	}
	assert.deepEqual(names(folder), []);
	// In containers everybody may listen at low ports.
	const refused = refuseToListen({ code: "EACCES" }, parseAddress(":80"));
	assert.match(refused.message, /: only root may listen at a port as low as/);
});

test("a name as long as a path may be is listened at, and nothing is left of it", async (t) => {
	const folder = scratch(t);
	const name = "a".repeat(106 - folder.length);
	const listen: Address = { kind: "unix", path: join(folder, name) };
	const entrance = new Beside(listen, parseAddress(":9"), silent);
	await entrance.open((socket) => socket.end("the tap"));
	assert.deepEqual(names(folder), [name]);
	assert.equal(await askAt(listen), "the tap");
	await entrance.close();
	assert.deepEqual(names(folder), []);
});
