// Which way `tap` gets in between, as its options say: in place, beside, or in front of an application that it starts. The
// options that would change nothing are refused.

import { FcgiInspectError } from "../../errors.js";
import {
	type Address,
	formatAddress,
	parseAddress,
} from "../../live/address.js";
import type { Entrance, Say } from "../../live/entrance.js";

/** The options that say how to get in between. */
export interface EntranceOptions {
	readonly listen?: string;
	readonly allowRemote?: boolean;
	/** Of a socket's file. */
	readonly mode?: number;
	readonly wait?: boolean;
	readonly restore?: boolean;
	readonly spawn?: boolean;
	readonly inherit?: boolean;
	readonly workers?: number;
	readonly env?: readonly (readonly [name: string, value: string])[];
	readonly cleanEnv?: boolean;
	/** Milliseconds. */
	readonly grace?: number;
}

/** How long requests may take to finish, and applications to end, once the tap is to end. */
export const GRACE_MS = 5000;

/** A way in, and what to tell the person who watches. */
export interface WayIn {
	readonly entrance: Entrance;
	/** Said once it is open. */
	readonly opened: () => readonly string[];
	/** Said once it is closed. */
	readonly closed: readonly string[];
}

/** The way in that the options ask for. Throws FcgiInspectError where they contradict one another. */
export async function wayIn(
	text: string,
	command: readonly string[],
	options: EntranceOptions,
	say: Say,
): Promise<WayIn> {
	refuseUnused(options, command);
	if (options.inherit) return inherit([text, ...command], options, say);
	const address = parseAddress(text);
	if (options.listen !== undefined) {
		return beside(address, parseAddress(options.listen), options, say);
	}
	if (options.spawn) return spawn(address, command, options, say);
	if (address.kind !== "unix") {
		throw usage(
			`${text}: only the file of a Unix socket can be taken in place; add --listen ADDRESS, and lead the web server there`,
		);
	}
	return inPlace(address.path, say);
}

/** Repairs only: what `--restore` does. */
export async function restore(text: string, say: Say): Promise<void> {
	const { restoreSocket } = await import("../../live/restore-socket.js");
	await restoreSocket(unixPath(text, "--restore"), say);
}

/** Waits for a socket; false where the signal came first. */
export async function wait(
	text: string,
	say: Say,
	signal: AbortSignal,
): Promise<boolean> {
	const { waitForSocket } = await import("../../live/wait-for-socket.js");
	return waitForSocket(unixPath(text, "--wait"), say, signal);
}

async function inPlace(path: string, say: Say): Promise<WayIn> {
	const { InPlace } = await import("../../live/in-place.js");
	return {
		entrance: new InPlace(path, say),
		opened: () => [`watching ${path} in place; Ctrl-C ends, and puts it back`],
		closed: [],
	};
}

async function beside(
	application: Address,
	listen: Address,
	{ allowRemote = false, mode }: EntranceOptions,
	say: Say,
): Promise<WayIn> {
	const { Beside } = await import("../../live/beside.js");
	const { webServerLines } = await import("../../live/web-server-lines.js");
	const at = formatAddress(listen);
	const to = formatAddress(application);
	return {
		entrance: new Beside(listen, application, {
			say,
			allowRemote,
			like: application,
			...(mode === undefined ? {} : { mode }),
		}),
		opened() {
			void sayWhereNobodyListens(application, say);
			return [
				`listening on ${at} for ${to}; lead the web server here, and back before Ctrl-C ends this:`,
				...webServerLines(application, listen),
			];
		},
		closed: [
			`nobody listens on ${at} any more. Lead the web server back:`,
			...webServerLines(listen, application),
		],
	};
}

async function sayWhereNobodyListens(
	application: Address,
	say: Say,
): Promise<void> {
	const { whoListens } = await import("../../live/who-listens.js");
	const listens = await whoListens(application);
	if (listens !== "nobody" && listens !== "missing") return;
	say(
		`nobody listens at ${formatAddress(application)} yet; until somebody does, connections are reset`,
	);
}

async function spawn(
	address: Address,
	command: readonly string[],
	options: EntranceOptions,
	say: Say,
): Promise<WayIn> {
	const { Beside } = await import("../../live/beside.js");
	const { allowRemote = false, mode } = options;
	const entrance = await startBehind(
		command,
		options,
		say,
		(application) =>
			new Beside(address, application, {
				say,
				allowRemote,
				...(mode === undefined ? {} : { mode }),
			}),
	);
	return {
		entrance,
		opened: () => [
			`listening on ${entrance.address} for ${command[0]}; Ctrl-C ends both`,
		],
		closed: [],
	};
}

async function inherit(
	command: readonly string[],
	options: EntranceOptions,
	say: Say,
): Promise<WayIn> {
	const { Inherited, inheritedSocket } = await import(
		"../../live/inherited.js"
	);
	// Before anything is started for it.
	inheritedSocket();
	const entrance = await startBehind(
		command,
		options,
		say,
		(application) => new Inherited(application, say),
	);
	return {
		entrance,
		opened: () => [`accepting on ${entrance.address} for ${command[0]}`],
		closed: [],
	};
}

/** Starts the applications, and what they write becomes messages. */
async function startBehind(
	command: readonly string[],
	{ workers = 1, cleanEnv = false, env = [], grace }: EntranceOptions,
	say: Say,
	entranceTo: (application: Address) => Entrance,
): Promise<Entrance> {
	const { Spawned } = await import("../../live/spawn/spawned.js");
	const { inFrontOf } = await import("../../live/spawn/front.js");
	const applications = new Spawned(
		{ command, workers, cleanEnv, env, graceMs: grace ?? GRACE_MS },
		{ say, output: (_, line) => say(`application: ${line}`) },
	);
	return inFrontOf(applications, entranceTo);
}

/** Options that need another one, or one of others. */
const NEEDS: readonly (readonly [
	option: string,
	given: (options: EntranceOptions) => unknown,
	needs: string,
	has: (options: EntranceOptions) => unknown,
])[] = [
	["--allow-remote", (o) => o.allowRemote, "--listen or --spawn", listens],
	["--mode", (o) => o.mode, "--listen or --spawn", listens],
	["--workers", (o) => o.workers, "--spawn or --inherit", starts],
	["--env", (o) => o.env, "--spawn or --inherit", starts],
	["--clean-env", (o) => o.cleanEnv, "--spawn or --inherit", starts],
];

function listens({ listen, spawn }: EntranceOptions): unknown {
	return listen ?? spawn;
}

function starts({ spawn, inherit }: EntranceOptions): unknown {
	return spawn ?? inherit;
}

function refuseUnused(
	options: EntranceOptions,
	command: readonly string[],
): void {
	for (const [option, given, needs, has] of NEEDS) {
		if (given(options) !== undefined && has(options) === undefined) {
			throw usage(`${option} is for ${needs}`);
		}
	}
	const word = command[0];
	if (word === undefined && options.spawn) {
		throw usage(
			"the application to start is missing: it stands at the end, behind --",
		);
	}
	if (word !== undefined && !starts(options)) {
		throw usage(`'${word}': to start an application takes --spawn`);
	}
	if (options.wait && (options.listen !== undefined || starts(options))) {
		throw usage("--wait is for a socket that is taken in place");
	}
}

function unixPath(text: string, option: string): string {
	const address = parseAddress(text);
	if (address.kind === "unix") return address.path;
	throw usage(`${option} is for the file of a Unix socket, and not ${text}`);
}

function usage(message: string): FcgiInspectError {
	return new FcgiInspectError("usage", message);
}
