// What a person says of an HTTP request into the request that a web server would have got: method, URL, fields, and
// both ends of the connection. No variables are made here.

import { FcgiInspectError } from "../errors.js";
import { byteText } from "./byte-text.js";
import { fieldWish, type HttpField } from "./http-fields.js";
import { type HttpUrl, parseUrl } from "./http-url.js";
import { quoted } from "./quoted.js";
import { type ScriptPlace, scriptPlace } from "./script-place.js";

/** What is known of a request's body. */
export interface BodyFacts {
	/** Bytes; undefined where that is not known before the end. */
	readonly length: number | undefined;
	/** CONTENT_TYPE, where the headers say nothing else. */
	readonly type?: string | undefined;
}

/** How a request is asked for. All as typed. */
export interface HttpOptions {
	readonly url: string;
	/** DOCUMENT_ROOT, an absolute path; `/var/www/html` by default. */
	readonly root?: string | undefined;
	/** The script: an absolute path, or one in the root. */
	readonly script?: string | undefined;
	/** The index file of a folder. */
	readonly index?: string | undefined;
	/** POST by default where there is a body, else GET. */
	readonly method?: string | undefined;
	/** `Name: value`, as `-H` of curl. */
	readonly headers?: readonly string[] | undefined;
	/** Whose request it is: `ADDRESS` or `ADDRESS:PORT`; 127.0.0.1:40000 by default. */
	readonly remote?: string | undefined;
	/** The server's own address; 127.0.0.1 by default. */
	readonly serverAddress?: string | undefined;
	readonly body?: BodyFacts | undefined;
	/** Leaves out what tells of the body. */
	readonly exact?: boolean | undefined;
}

/** An HTTP request as a server has it. All texts are byte texts. */
export interface HttpRequest extends HttpUrl, ScriptPlace {
	readonly method: string;
	readonly protocol: string;
	/** Path and query as they were sent. */
	readonly target: string;
	/** In their order; Host first. */
	readonly fields: readonly HttpField[];
	readonly remoteAddress: string;
	readonly remotePort: string;
	readonly serverAddress: string;
	/** Who says they are: of an Authorization field with Basic. */
	readonly user:
		| { readonly name: string; readonly password: string }
		| undefined;
	/** Whether there is a body, even an empty one. */
	readonly hasBody: boolean;
}

/** The request. Throws FcgiInspectError (usage) where something that was typed is none. */
export function httpRequest(options: HttpOptions): HttpRequest {
	const url = parseUrl(options.url);
	const { body, exact = false } = options;
	const method = options.method ?? (body === undefined ? "GET" : "POST");
	if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(method)) {
		throw new FcgiInspectError(
			"usage",
			`${quoted(method)} is no method: GET, POST, or another word`,
		);
	}
	const fields = fieldsOf(url, options.headers ?? [], exact ? undefined : body);
	return {
		...url,
		...scriptPlace(url.path, {
			root: bytesOf(options.root),
			script: bytesOf(options.script),
			index: bytesOf(options.index),
		}),
		method,
		protocol: "HTTP/1.1",
		target: url.query === undefined ? url.path : `${url.path}?${url.query}`,
		fields,
		...remoteOf(options.remote ?? "127.0.0.1:40000"),
		serverAddress: options.serverAddress ?? "127.0.0.1",
		user: userOf(fieldValue(fields, "authorization")),
		hasBody: body !== undefined,
	};
}

/** The value of the last field of a name in lower case. */
export function fieldValue(
	fields: readonly HttpField[],
	name: string,
): string | undefined {
	return fields.findLast(([other]) => other.toLowerCase() === name)?.[1];
}

/** As curl orders them: Host, who asks, what was typed, what tells of the body. */
function fieldsOf(
	url: HttpUrl,
	headers: readonly string[],
	body: BodyFacts | undefined,
): readonly HttpField[] {
	const wishes = headers.map(fieldWish);
	const without = new Set<string>();
	const typed: HttpField[] = [];
	for (const wish of wishes) {
		if (wish.kind === "without") without.add(wish.name.toLowerCase());
		else typed.push(wish.field);
	}
	for (const [name] of typed) without.add(name.toLowerCase());
	const ours = (field: HttpField | undefined): readonly HttpField[] =>
		field === undefined || without.has(field[0].toLowerCase()) ? [] : [field];
	// A Host that was typed stands where ours would.
	const [hosts, others] = [
		typed.filter(([name]) => /^host$/i.test(name)),
		typed.filter(([name]) => !/^host$/i.test(name)),
	];
	return [
		...ours(["Host", url.authority]),
		...hosts,
		...ours(
			url.userInfo === undefined
				? undefined
				: [
						"Authorization",
						`Basic ${Buffer.from(url.userInfo, "latin1").toString("base64")}`,
					],
		),
		...others,
		...ours(
			body?.length === undefined
				? undefined
				: ["Content-Length", `${body.length}`],
		),
		...ours(
			body?.type === undefined
				? undefined
				: ["Content-Type", byteText(body.type)],
		),
	];
}

function remoteOf(
	text: string,
): Pick<HttpRequest, "remoteAddress" | "remotePort"> {
	const parts =
		/^(?:\[([\da-fA-F:.]+)\]|([^:[\]\s]+)|([\da-fA-F]*:[\da-fA-F]*:[\da-fA-F:.]*))(?::(\d{1,5}))?$/.exec(
			text,
		);
	const port = parts?.[4] ?? "40000";
	if (parts === null || Number(port) > 65535) {
		throw new FcgiInspectError(
			"usage",
			`${quoted(text)} is no client: 192.0.2.7, 192.0.2.7:40000 or [2001:db8::7]:40000`,
		);
	}
	const address = parts[1] ?? parts[2] ?? parts[3] ?? "";
	return { remoteAddress: byteText(address), remotePort: port };
}

function userOf(authorization: string | undefined): HttpRequest["user"] {
	const encoded = /^Basic +([\w+/=-]+)$/i.exec(authorization ?? "")?.[1];
	if (encoded === undefined) return undefined;
	const [, name, password] =
		/^([^:]*):([\s\S]*)$/.exec(
			Buffer.from(encoded, "base64").toString("latin1"),
		) ?? [];
	if (name === undefined || password === undefined) return undefined;
	return { name, password };
}

function bytesOf(text: string | undefined): string | undefined {
	return text === undefined ? undefined : byteText(text);
}
