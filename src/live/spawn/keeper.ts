// A program of its own: keeps a listening socket as its descriptor 0, without ever accepting on it, for as long as
// applications come and go (specification, section 2.2). The tap cannot: what node:net listens on, it accepts on. When
// the tap is gone, even by SIGKILL, the channel to it ends; then the applications are ended, and their folder removed.

import { rmSync } from "node:fs";
import type { Order, Report } from "./keeper-messages.js";
import { Worker } from "./worker.js";

/** The folder with the file of the socket. */
const folder = process.argv[2] as string;
const workers: Worker[] = [];
let ending = false;

process.on("message", (order: Order) => {
	if (order.kind === "end") {
		void end();
		return;
	}
	for (let number = 0; number < order.workers; number++) {
		workers.push(new Worker(order, report));
	}
	for (const worker of workers) worker.start();
});
process.on("disconnect", end);
// Whoever ends the keeper by hand means the applications.
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.on(signal, end);

async function end(): Promise<void> {
	if (ending) return;
	ending = true;
	await Promise.all(workers.map((worker) => worker.end()));
	rmSync(folder, { recursive: true, force: true });
	process.exit();
}

/** Where the tap is gone, nobody wants to know. */
function report(told: Report): void {
	if (process.connected) process.send?.(told, undefined, {}, () => undefined);
}
