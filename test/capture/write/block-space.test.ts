import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { BlockSpace } from "../../../src/capture/write/block-space.js";
import { until } from "../../support/until.js";

const LENGTH = 100_000;

test("what was taken and is needed no more is not held, though nobody says reuse", async () => {
	setFlagsFromString("--expose-gc");
	const collect: () => void = runInNewContext("gc");
	collect();
	const before = process.memoryUsage().arrayBuffers;
	const space = new BlockSpace();
	for (let i = 0; i < 1000; i++) {
		space.reserve(LENGTH);
		space.take();
	}
	// What was collected is given back by and by.
	await until("it is given back", () => {
		collect();
		return process.memoryUsage().arrayBuffers - before < 10 * 2 ** 20;
	});
});
