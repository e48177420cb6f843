// A process that stands where an application should, as `tap --inherit` does: it accepts on descriptor 0, starts the
// application of its arguments behind it, and passes all bytes on. What is said goes to stderr, a line at a time.

import { connect } from "node:net";
import { netOptions } from "../../src/live/address.js";
import { Inherited } from "../../src/live/inherited.js";
import { Spawned } from "../../src/live/spawn/spawned.js";

const say = (line: string) => void process.stderr.write(`${line}\n`);
const spawned = new Spawned(
	{
		command: process.argv.slice(2),
		workers: 1,
		cleanEnv: false,
		env: [],
		graceMs: 500,
	},
	{ say, output: (from, line) => say(`${from}: ${line}`) },
);

try {
	const application = await spawned.start();
	const entrance = new Inherited(application, say);
	process.once("SIGTERM", async () => {
		await entrance.close();
		await spawned.stop();
		say("stopped");
		process.exit();
	});
	await entrance.open((webServer) => {
		const onward = connect({
			...netOptions(application),
			allowHalfOpen: true,
		});
		onward.on("error", () => webServer.destroy());
		webServer.on("error", () => onward.destroy());
		webServer.pipe(onward).pipe(webServer);
	});
	say(`open ${entrance.address}`);
} catch (error) {
	await spawned.stop();
	say((error as Error).message);
	process.exitCode = 2;
}
