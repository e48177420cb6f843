// Which environment applications get.

import assert from "node:assert/strict";
import { test } from "node:test";
import { environmentOf } from "../../../src/live/spawn/environment.js";

const OWN = { PATH: "/bin", HOME: "/root", FCGI_WEB_SERVER_ADDRS: "10.0.0.1" };

test("one's own is kept, and added to", () => {
	const options = {
		cleanEnv: false,
		env: [
			["HOME", "/"],
			["A", ""],
		],
	} as const;
	assert.deepEqual(environmentOf(options, OWN), { ...OWN, HOME: "/", A: "" });
});

test("a clean one has PATH and what is added", () => {
	assert.deepEqual(
		environmentOf({ cleanEnv: true, env: [["A", "b=c"]] }, OWN),
		{
			PATH: "/bin",
			A: "b=c",
		},
	);
	assert.deepEqual(
		environmentOf({ cleanEnv: true, env: [["PATH", ""]] }, OWN),
		{
			PATH: "",
		},
	);
});
