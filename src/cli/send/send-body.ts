// FCGI_STDIN as `send` takes it from words, files, pipes and forms, with what is known of it before it is sent.

import { formBody, formField } from "../../send/index.js";
import { type Stream, streamFrom, streamOf } from "./input-file.js";

/** FCGI_STDIN, as `-d` and `--form` say it. Rejects with FcgiInspectError where a file cannot be read. */
export async function stdinFrom({
	body,
	form,
}: {
	readonly body?: string;
	readonly form?: readonly string[];
}): Promise<Stream | undefined> {
	if (form !== undefined) return formFrom(form);
	if (body === undefined) return undefined;
	const stream = await bodyFrom(body);
	const type = "application/x-www-form-urlencoded";
	return { ...stream, facts: { ...stream.facts, type } };
}

async function bodyFrom(body: string): Promise<Stream> {
	if (body === "-") return streamOf("stdin", process.stdin);
	if (body.startsWith("@")) return streamFrom(body.slice(1));
	return streamOfBytes(Buffer.from(body));
}

function streamOfBytes(bytes: Buffer): Stream {
	const facts = { length: bytes.length, lastModified: undefined };
	return { body: bytes, facts };
}

async function formFrom(fields: readonly string[]): Promise<Stream> {
	const boundary = `fcgi-inspect-${Date.now().toString(36)}-${process.pid.toString(36)}`;
	const { type, parts } = formBody(fields.map(formField), boundary);
	const streams: Stream[] = [];
	for (const part of parts) {
		streams.push(
			Buffer.isBuffer(part) ? streamOfBytes(part) : await streamFrom(part.path),
		);
	}
	const pipe = streams.find((one) => one.pipe)?.pipe;
	return {
		body: {
			async *[Symbol.asyncIterator]() {
				for (const { body } of streams) {
					if (Buffer.isBuffer(body)) yield body;
					else yield* body;
				}
			},
		},
		facts: { length: sumOf(streams), type, lastModified: undefined },
		...(pipe && { pipe }),
	};
}

/** Bytes of all; undefined where nobody knows. */
function sumOf(streams: readonly Stream[]): number | undefined {
	let sum = 0;
	for (const { facts } of streams) {
		if (facts.length === undefined) return undefined;
		sum += facts.length;
	}
	return sum;
}
