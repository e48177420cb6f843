// Which remedies of a check a finding offers: those for the software that is probably at the two ends, and those for all.

import type { Remedies } from "./check.js";
import type { Software, SoftwareName } from "./software.js";

/** The lines, most particular first; where nothing is known of the ends, those for each software. */
export function remediesFor(
	remedies: Remedies,
	webServer: Software | undefined,
	application: Software | undefined,
): readonly string[] {
	const lines: string[] = [];
	for (const software of [webServer, application]) {
		const text = software && remedies[software.name];
		if (text !== undefined) lines.push(`${software?.name} (probably): ${text}`);
	}
	if (remedies.any !== undefined) lines.push(remedies.any);
	return lines.length > 0 ? lines : allRemedies(remedies);
}

/** All remedies of a check: `nginx: fastcgi_request_buffering on`. */
export function allRemedies(remedies: Remedies): readonly string[] {
	const lines: string[] = [];
	for (const name of Object.keys(remedies) as (SoftwareName | "any")[]) {
		const text = remedies[name];
		if (text === undefined) continue;
		lines.push(name === "any" ? text : `${name}: ${text}`);
	}
	return lines;
}
