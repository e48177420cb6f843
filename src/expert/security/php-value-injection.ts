// Settings of php that come with a request: who may send parameters may change them.

import type { Evidence, RequestCheck } from "../../inspect/check.js";
import type { Param } from "../../inspect/request.js";
import { named, quoted } from "../words.js";

/** Settings that let a request run code of its own, and the values with which they do; those that are known to be harmless pass. */
const DANGEROUS = new Map<string, RegExp>([
	["allow_url_include", /^(?:on|1|yes|true)$/i],
	["auto_prepend_file", /^(?:[a-z]+:|\/(?:proc|tmp|var\/tmp|dev)\/)/i],
	["auto_append_file", /^(?:[a-z]+:|\/(?:proc|tmp|var\/tmp|dev)\/)/i],
	["disable_classes", /^$/],
	["disable_functions", /^$/],
	["extension", /./],
	["extension_dir", /./],
	["open_basedir", /^\/?$/],
	["zend_extension", /./],
]);

/** Most lines that are looked at: php has fewer settings. */
const MOST_LINES = 1000;

/** Settings that are named in a message. */
const NAMED = 6;

/** A request brings settings of php. */
export const phpValueInjection: RequestCheck = {
	code: "php-value-injection",
	severity: "error",
	summary: "The request sets options of php that let it run code of its own",
	diagnosis:
		"php-fpm obeys PHP_VALUE and PHP_ADMIN_VALUE of whoever reaches it. Either it listens where others than the web server can connect, or a program was made to connect for them (SSRF), or the web server's configuration lets parts of a request into these parameters. Where the configuration sets them itself, the list says what",
	remedies: {
		php: "listen on a Unix socket or on 127.0.0.1, with listen.allowed_clients; set options in the pool (php_admin_value), where a request cannot",
		nginx: "no variables of the request in fastcgi_param PHP_VALUE",
		any: "if it was none of yours: treat the host as taken over",
	},
	example:
		'PHP_VALUE sets auto_prepend_file = "php://input", allow_url_include = "On"',
	on: "paramsEnded",
	evenDamaged: true,
	look({ parameters }) {
		for (let i = parameters.length - 1; i >= 0; i--) {
			const { name, value } = parameters[i] as Param;
			// Their lengths are rare, and cheaper to compare than their letters.
			if (name.length !== 9 && name.length !== 15) continue;
			if (value === "") continue;
			if (name === "PHP_VALUE" || name === "PHP_ADMIN_VALUE") {
				return evidence(name, value);
			}
		}
		return undefined;
	},
};

function evidence(carrier: string, value: string): Evidence {
	const settings = value.split("\n", MOST_LINES).map(settingOf);
	const dangerous = settings.filter(([name, set]) =>
		DANGEROUS.get(name.toLowerCase())?.test(set),
	);
	const shown =
		dangerous.length > 0 ? dangerous : settings.filter(([name]) => name !== "");
	const words = shown
		.slice(0, NAMED)
		.map(([name, set]) => `${named(name)} = ${quoted(set)}`)
		.join(", ");
	const more = shown.length > NAMED ? `, and ${shown.length - NAMED} more` : "";
	const message = `${carrier} sets ${words}${more}`;
	return dangerous.length > 0
		? message
		: {
				severity: "note",
				message,
				diagnosis: HARMLESS,
				remedies: { php: "php_admin_value in the pool sets them as well" },
			};
}

/** What those mean that let a request run nothing of its own. */
const HARMLESS =
	"The web server's configuration sets options of php with its requests, as a rule. None of these lets a request run code of its own; php-fpm would obey others in the same way";

/** Name and value of a line, without blanks and quotes around them. */
function settingOf(line: string): readonly [name: string, value: string] {
	const equals = line.indexOf("=");
	if (equals === -1) return [line.trim(), ""];
	const value = line.slice(equals + 1).trim();
	return [line.slice(0, equals).trim(), /^"(.*)"$/.exec(value)?.[1] ?? value];
}
