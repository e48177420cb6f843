// Why getting in between a socket's users and its application cannot be done, each in one line with the way out.

import { lstatSync } from "node:fs";
import { FcgiInspectError } from "../errors.js";
import { userName, userOrRoot } from "./owner-name.js";
import { lookAt, type SocketFile } from "./socket-file.js";
import type { SocketPlace } from "./socket-place.js";
import type { Listens } from "./who-listens.js";

/** What was being done: looking at files, making or moving sockets in the folder, giving one its owner. */
type Doing = "look" | "move" | "own";

/** What the file system says, as a refusal. What is one already stays as it is; a fault of the program is thrown on. */
export function refusal(
	error: unknown,
	place: Pick<SocketPlace, "given" | "folder" | "path">,
	doing: Doing,
): FcgiInspectError {
	if (error instanceof FcgiInspectError) return error;
	const { code } = error as NodeJS.ErrnoException;
	if (code === undefined) throw error;
	const { given, folder } = place;
	const refuse = (text: string) =>
		new FcgiInspectError("connection-failed", `${given}: ${text}`);
	switch (code) {
		case "ENOENT":
		case "ENOTDIR":
			return noSuchSocket(given);
		case "EROFS":
			return refuse(
				`${folder} is on a read-only file system, so the socket cannot be moved aside; use --listen`,
			);
		case "ENOSPC":
		case "EDQUOT":
			return refuse(`no room for a socket in ${folder}; use --listen`);
		case "EACCES":
		case "EPERM":
			break;
		default:
			return refuse(`cannot get in between (${code}); use --listen`);
	}
	if (doing === "look") {
		return refuse(
			`no permission to look into ${folder}; run as ${ownerOf(folder)}`,
		);
	}
	if (doing === "own") {
		const owner = lookAt(place.path)?.uid ?? 0;
		return refuse(
			`belongs to ${userName(owner)}, and only ${userOrRoot(owner)} can make one with the same permissions; run as ${userOrRoot(owner)}, or use --listen`,
		);
	}
	return refuse(
		`no permission to write in ${folder}, where the socket is moved aside; run as ${ownerOf(folder)}, or use --listen`,
	);
}

/** That there is no socket. */
function noSuchSocket(given: string): FcgiInspectError {
	return new FcgiInspectError(
		"connection-failed",
		`${given}: no such socket; --wait waits until it is there`,
	);
}

/** Why a file is nothing to get in front of; undefined where it is a socket. */
export function noSocket(
	given: string,
	file: SocketFile | undefined,
): FcgiInspectError | undefined {
	if (file === undefined) return noSuchSocket(given);
	if (file.kind === "socket") return undefined;
	const what =
		file.kind === "folder"
			? "is a folder; name the socket in it"
			: "is not a socket; name the one that the application listens on";
	return new FcgiInspectError("usage", `${given}: ${what}`);
}

/** Why a socket where that came of connecting is nothing to get in front of; undefined where somebody listens. */
export function noListener(
	given: string,
	listens: Listens,
	file: SocketFile,
): FcgiInspectError | undefined {
	const refuse = (text: string) =>
		new FcgiInspectError("connection-failed", `${given}: ${text}`);
	switch (listens) {
		case "somebody":
			return undefined;
		case "missing":
			return noSuchSocket(given);
		case "nobody":
			return refuse(
				"nobody listens at this socket; start the application, or --wait for it",
			);
		case "denied":
			return refuse(
				`no permission to connect to this socket of ${userName(file.uid)}; run as ${userOrRoot(file.uid)}`,
			);
		case "other":
			return new FcgiInspectError(
				"usage",
				`${given}: is no stream socket, so it carries no FastCGI; name another`,
			);
	}
}

function ownerOf(folder: string): string {
	return userOrRoot(lstatSync(folder, { throwIfNoEntry: false })?.uid ?? 0);
}
