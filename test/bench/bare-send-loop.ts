// What sending costs at least: prepared bytes are written to a Unix socket, and FCGI_END_REQUEST is waited for, again and
// again on one connection. Prints requests a second, counted from the first write on.

import { connect } from "node:net";
import { encodeNameValue } from "../../src/fastcgi/name-values.js";
import { encodeRecord } from "../../src/fastcgi/record-encoder.js";
import { SMALL_REQUEST } from "./send-params.js";

const [path = "", count = "1"] = process.argv.slice(2);
const END_REQUEST = 3;
const HEADER = 8;

const pairs = SMALL_REQUEST.map(([name, value]) =>
	encodeNameValue(Buffer.from(name), Buffer.from(value)),
);
const record = (type: number, contentData = Buffer.alloc(0)) =>
	encodeRecord({ type, requestId: 1, contentData });
const request = Buffer.concat([
	record(1, Buffer.from([0, 1, 1, 0, 0, 0, 0, 0])),
	record(4, Buffer.concat(pairs)),
	record(4),
	record(5),
]);

const header = Buffer.alloc(HEADER);
let have = 0;
let skip = 0;
let left = Number(count);
let began = 0;
const socket = connect({ path });
socket.on("connect", () => {
	began = performance.now();
	socket.write(request);
});
socket.on("data", (bytes) => {
	for (let at = 0; at < bytes.length; ) {
		if (skip === 0) {
			header[have++] = bytes[at++] as number;
			if (have < HEADER) continue;
			have = 0;
			skip = header.readUInt16BE(4) + (header[6] as number);
		} else {
			const some = Math.min(skip, bytes.length - at);
			skip -= some;
			at += some;
		}
		if (skip === 0 && header[1] === END_REQUEST) ended();
	}
});

function ended(): void {
	if (--left > 0) {
		socket.write(request);
		return;
	}
	const seconds = (performance.now() - began) / 1000;
	console.log(Math.round(Number(count) / seconds));
	socket.destroy();
}
