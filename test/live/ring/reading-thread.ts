// A thread that reads a ring to its end, and tells how many chunks and bytes it had, and the sum of the bytes.

import { parentPort, workerData } from "node:worker_threads";
import { RingReader } from "../../../src/live/ring/ring-reader.js";

const reader = new RingReader(workerData, () =>
	parentPort?.postMessage("room"),
);
parentPort?.on("message", () => reader.wake());
let chunks = 0;
let bytes = 0;
let sum = 0;
for await (const batch of reader) {
	for (const chunk of batch) {
		chunks++;
		bytes += chunk.bytes.length;
		// All bytes of a chunk are the same; the last would be another if a chunk were cut or mixed up.
		const last = chunk.bytes.at(-1) ?? 0;
		sum = (sum + last * chunk.bytes.length) % 2 ** 32;
	}
}
parentPort?.postMessage([chunks, bytes, sum]);
parentPort?.close();
