// Connections that were refused, in a capture of nginx whose application is not there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { openCapture } from "../../../src/capture/open-capture.js";
import { CHECKS } from "../../../src/expert/index.js";
import { Inspector } from "../../../src/inspect/inspector.js";
import { describeFinding } from "../../support/described-event.js";

const CAPTURE = fileURLToPath(
	new URL("../../../../captures/34-connection-refused.pcap", import.meta.url),
);

test("a connection to a port that is named, refused, is a finding", async () => {
	assert.deepEqual(await findings([9499]), [
		"error connect-failed: 127.0.0.1:9499 refused the connection: its SYN was answered by RST 0.01 ms later, no byte was sent",
		"error connect-failed: 127.0.0.1:9499 refused the connection: its SYN was answered by RST 0.01 ms later, no byte was sent",
	]);
});

test("of a connection that nothing is known of, nothing is said", async () => {
	assert.deepEqual(await findings([]), []);
});

async function findings(ports: readonly number[]): Promise<string[]> {
	const inspector = new Inspector({ checks: CHECKS });
	const lines: string[] = [];
	for await (const chunks of await openCapture(CAPTURE, { ports })) {
		for (const chunk of chunks) {
			for (const event of inspector.push(chunk)) {
				lines.push(...event.findings.map(describeFinding));
			}
		}
	}
	return lines;
}
