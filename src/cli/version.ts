// Which version of the package this is, found by the package's name, as a bundled file may lie in any of its folders.

import { createRequire } from "node:module";

/** `fcgi-inspect 1.2.3`, as files say who wrote them. */
export function programAndVersion(): string {
	const require = createRequire(import.meta.url);
	const { version } = require("fcgi-inspect/package.json") as {
		version: string;
	};
	return `fcgi-inspect ${version}`;
}
