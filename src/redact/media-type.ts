// What a media type says of where secrets are in a body (RFC 9110, section 8.3).

import { FormScanner } from "./form-scanner.js";
import { JsonScanner } from "./json-scanner.js";
import { MultipartScanner } from "./multipart-scanner.js";
import type { NameJudge } from "./name-judge.js";
import type { Scanner } from "./scanner.js";

/** A form of body that secrets are found in. */
export type BodyForm = "form" | "multipart" | "json";

/** The form of a body of that type; undefined where it has none of them. */
export function bodyForm(type: string): BodyForm | undefined {
	const essence = (type.split(";", 1)[0] ?? "").trim().toLowerCase();
	if (essence === "application/x-www-form-urlencoded") return "form";
	if (essence.startsWith("multipart/")) return "multipart";
	const json = /[/+.-](json|ndjson|jsonl|json-seq|jsonlines)$/.test(essence);
	return json ? "json" : undefined;
}

/** Whether a body of that type is none of them for sure, whatever it begins with: clients send JSON as plain text. */
export function isMedia(type: string): boolean {
	return /^\s*(image|audio|video|font)\//i.test(type);
}

/** The scanner of a body; of a type where that is known. */
export function bodyScanner(
	form: BodyForm,
	judge: NameJudge,
	type = "",
): Scanner {
	if (form === "json") return new JsonScanner(judge);
	if (form === "form") return new FormScanner(judge);
	const found = /;\s*boundary\s*=\s*(?:"([^"]+)"|([^\s;,"]+))/i.exec(type);
	return new MultipartScanner(judge, found?.[1] ?? found?.[2]);
}
