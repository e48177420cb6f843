// Secrets that whoever is given the capture would be given, too.

import type { RequestCheck } from "../../inspect/check.js";
import type { FcgiRequest } from "../../inspect/request.js";
import { headField } from "../head-field.js";
import { named } from "../words.js";

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
		const listed = names.slice(0, NAMED).map(named).join(", ");
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
		if (!mayBeSecret(name) || value === "" || !SECRET.test(name)) continue;
		names ??= [];
		if (!names.includes(name) && names.length < 100) names.push(name);
	}
	if (
		response === undefined ||
		headField(response, "set-cookie") === undefined
	) {
		return names;
	}
	const field = "Set-Cookie of the response";
	return names === undefined ? [field] : [...names, `and ${field}`];
}

/** Whether the last two letters are those of such a name: it tells most others. */
function mayBeSecret(name: string): boolean {
	const { length } = name;
	switch (
		((name.charCodeAt(length - 2) & UPPER_CASE) << 8) |
		(name.charCodeAt(length - 1) & UPPER_CASE)
	) {
		case 0x4945: // IE, of COOKIE
		case 0x5244: // RD, of PASSWORD
		case 0x5744: // WD, of PASSWD and PWD
		case 0x5353: // SS, of PASS
		case 0x5057: // PW
		case 0x454e: // EN, of TOKEN
		case 0x4554: // ET, of SECRET
		case 0x4559: // EY, of KEY
		case 0x4c53: // LS, of CREDENTIALS
		case 0x4f4e: // ON, of AUTHORIZATION
			return true;
		default:
			return false;
	}
}

const UPPER_CASE = 0xdf;

const SECRET =
	/(?:PASSWORD|PASSWD|PASS|_PWD|AUTH_PW|TOKEN|SECRET|_KEY|APIKEY|CREDENTIALS|AUTHORIZATION|^HTTP_COOKIE)$/i;
