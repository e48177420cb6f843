// Secrets that whoever is given the capture would be given, too.

import type { RequestCheck } from "../../inspect/check.js";
import type { FcgiRequest } from "../../inspect/request.js";

/** Names that are listed. */
const NAMED = 8;

/** Parameters or header fields hold secrets. */
export const secretsInCapture: RequestCheck = {
	code: "secrets-in-capture",
	severity: "note",
	detail: true,
	once: "connection",
	summary: "The input holds secrets",
	diagnosis:
		"Cookies, authorisation and passwords go to the application as parameters, and often the whole environment of a container with them. Think of that before you show the capture to others",
	remedies: {
		any: "--redact replaces the values of secrets by as many asterisks, so that all offsets stay",
	},
	example: "HTTP_COOKIE, DB_PASSWORD, and Set-Cookie of the response",
	on: "requestEnded",
	evenDamaged: true,
	look(request) {
		const names = secretNames(request);
		if (names === undefined) return undefined;
		const listed = names.slice(0, NAMED).join(", ");
		return names.length > NAMED
			? `${listed}, and ${names.length - NAMED} more`
			: listed;
	},
};

function secretNames(request: FcgiRequest): string[] | undefined {
	const { parameters, response } = request;
	let names: string[] | undefined;
	for (let i = 0; i < parameters.length; i++) {
		const { name, value } = parameters[i] as (typeof parameters)[number];
		if (value === "" || !mayBeSecret(name) || !SECRET.test(name)) continue;
		names ??= [];
		if (!names.includes(name) && names.length < 100) names.push(name);
	}
	const sets = response?.headers.some(
		([name]) => name.length === 10 && name.toLowerCase() === "set-cookie",
	);
	if (sets !== true) return names;
	const field = "Set-Cookie of the response";
	return names === undefined ? [field] : [...names, `and ${field}`];
}

/** Whether the last letter is one that a name of a secret ends with: most names are told by that. */
function mayBeSecret(name: string): boolean {
	switch (name.charCodeAt(name.length - 1) & UPPER_CASE) {
		case 0x44: // D
		case 0x45: // E
		case 0x4e: // N
		case 0x53: // S
		case 0x54: // T
		case 0x57: // W
		case 0x59: // Y
			return true;
		default:
			return false;
	}
}

const UPPER_CASE = 0xdf;

const SECRET =
	/(?:PASSWORD|PASSWD|PASS|_PWD|AUTH_PW|TOKEN|SECRET|_KEY|APIKEY|CREDENTIALS|AUTHORIZATION|^HTTP_COOKIE)$/i;
