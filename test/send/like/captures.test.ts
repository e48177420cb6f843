// Each likeness beside recorded traffic of the server: from the method, the URL and the fields that a recorded request had,
// the same variables in the same order, in the same records.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { FcgiRecord } from "../../../src/fastcgi/record.js";
import { draftOf } from "../../../src/fastcgi/record-encoder.js";
import {
	framingOf,
	likenessOf,
	requestOf,
	scriptOf,
} from "../../../src/send/index.js";
import { CAPTURES } from "../../support/cli.js";
import { eachEvent } from "../../support/decoded.js";
import { contentOf, pairsOf, recordsIn } from "../../support/sent.js";

interface Recorded {
	readonly file: string;
	readonly like: string;
	/** Whole requests in the file. */
	readonly requests: number;
	/** Variables that the server's configuration there has otherwise. */
	readonly configured?: readonly string[];
	readonly keepConn?: true;
	/** Variables that are not sent with this configuration. */
	readonly unset?: readonly string[];
}

const FILES: readonly Recorded[] = [
	{
		file: "01-nginx-fpm-basic.pcap",
		like: "nginx",
		requests: 13,
		configured: ["SERVER_NAME"],
	},
	{
		file: "04-nginx-fpm-long-params.pcap",
		like: "nginx",
		requests: 2,
		configured: ["SERVER_NAME"],
	},
	{
		file: "05-nginx-fpm-keepalive.pcap",
		like: "nginx",
		requests: 14,
		configured: ["SERVER_NAME"],
		keepConn: true,
	},
	{ file: "08-lighttpd-fpm.pcap", like: "lighttpd", requests: 4 },
	{ file: "24-lighttpd-authorizer.pcap", like: "lighttpd", requests: 3 },
	{
		file: "09-apache-fpm.pcap",
		like: "apache",
		requests: 8,
		configured: ["PATH", "SCRIPT_FILENAME"],
	},
	{
		file: "10-apache-fpm-reuse.pcap",
		like: "apache",
		requests: 6,
		configured: ["PATH", "SCRIPT_FILENAME"],
		unset: ["proxy-nokeepalive"],
		keepConn: true,
	},
	{
		file: "25-apache-authnz-fcgi.pcap",
		like: "apache",
		requests: 1,
		configured: ["PATH"],
	},
	{ file: "11-caddy-fpm.pcap", like: "caddy", requests: 8 },
	{ file: "13-haproxy-fpm-keepconn.pcap", like: "haproxy", requests: 6 },
];

for (const one of FILES) {
	test(`${one.file}: ${one.like} sends what was recorded`, async () => {
		const like = likenessOf(one.like);
		let compared = 0;
		for (const records of await requestsIn(`${CAPTURES}${one.file}`)) {
			const params = pairsOf(contentOf(records, "params"));
			const told = (name: string) =>
				params.findLast(([other]) => other === name)?.[1];
			const body = contentOf(records, "stdin");
			const { keepConn } = one;
			const host = told("HTTP_HOST") ?? "";
			const role = Number(
				records[0]?.kind === "beginRequest" && records[0].body?.role,
			);
			const { request } = requestOf(
				{
					like,
					role,
					url: `http://${host}:${told("SERVER_PORT")}${told("REQUEST_URI")}`,
					root: told("DOCUMENT_ROOT"),
					method: told("REQUEST_METHOD"),
					headers: [
						...params.flatMap(headerOf),
						...authorization(told),
						...bodyHeaders(told),
					],
					remote: `${told("REMOTE_ADDR")}:${told("REMOTE_PORT")}`,
					body:
						body.length > 0 || told("CONTENT_LENGTH") === "-1"
							? { length: undefined }
							: undefined,
					set: (one.configured ?? []).map((name) => `${name}=${told(name)}`),
					unset: one.unset,
				},
				{ stdin: role === 2 ? undefined : body },
			);
			const framing = framingOf({
				like: like.framing,
				keepConn,
				requestId: records[0]?.requestId,
			});
			const sent = await recordsIn(scriptOf(request, framing));
			const ours = pairsOf(contentOf(sent, "params"));
			if (one.like === "caddy") {
				params.sort();
				ours.sort();
			}
			assert.deepEqual(ours, params);
			if (one.like !== "caddy")
				assert.deepEqual(sent.map(draftOf), records.map(draftOf));
			compared++;
		}
		assert.equal(compared, one.requests);
	});
}

/** The web server's records of all requests that it sent whole. */
async function requestsIn(path: string): Promise<FcgiRecord[][]> {
	const open = new Map<string, FcgiRecord[]>();
	await eachEvent(path, (event) => {
		if (event.kind !== "record" || event.from !== "webServer") return;
		const { record } = event;
		if (record.requestId === 0) return;
		const id = `${event.connection.number} ${record.requestId}`;
		const key =
			record.kind === "beginRequest"
				? `${id} ${open.size}`
				: [...open.keys()].findLast((other) => other.startsWith(`${id} `));
		if (key === undefined) return;
		const records = open.get(key) ?? [];
		open.set(key, records);
		records.push({
			...record,
			contentData: Buffer.from(record.contentData),
			paddingData: Buffer.from(record.paddingData),
		});
	});
	return [...open.values()].filter((records) => {
		const last = records.at(-1);
		return last?.contentLength === 0 && last.kind !== "abortRequest";
	});
}

/** The field that a variable was made of. Of the two that tell of the body, the one with the value. */
function headerOf([name, value]: readonly [string, string]): string[] {
	const field = /^HTTP_(.*)$/.exec(name)?.[1]?.replaceAll("_", "-");
	if (field === undefined || /^(?:CONTENT|X-FORWARDED)-/.test(field)) return [];
	return [value === "" ? `${field};` : `${field}: ${value}`];
}

/** The fields of a body, in the order of the client that was recorded. */
function bodyHeaders(told: Told): string[] {
	const [type, length] = [told("CONTENT_TYPE"), told("CONTENT_LENGTH")];
	const own = length === "0" && told("REQUEST_METHOD") !== "POST";
	return [
		...(type ? [`Content-Type: ${type}`] : []),
		...(length && length !== "-1" && !own ? [`Content-Length: ${length}`] : []),
	];
}

/** The field of a user and password, which no variable shows as it was. */
function authorization(told: Told): string[] {
	const [user, password] = [told("REMOTE_USER"), told("REMOTE_PASSWD")];
	if (password === undefined) return [];
	const both = Buffer.from(`${user}:${password}`).toString("base64");
	return [`Authorization: Basic ${both}`];
}

type Told = (name: string) => string | undefined;
