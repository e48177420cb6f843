// The yardstick for reading: the file's bytes, a block at a time, and nothing done with them.

import { closeSync, openSync, readSync } from "node:fs";

const block = Buffer.allocUnsafe(1 << 20);
const file = openSync(process.argv[2] as string, "r");
while (readSync(file, block) > 0);
closeSync(file);
