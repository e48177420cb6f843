// The yardstick for packets: the file's packets by pcap-parser on its own, and nothing done with them.

import { createReadStream } from "node:fs";
import { parse } from "pcap-parser";

parse(createReadStream(process.argv[2] as string)).on(
	"packet",
	() => undefined,
);
