// The fields of a form into the body that a browser would send (RFC 7578), files as places for bytes that are read later.

import { FcgiInspectError } from "../errors.js";
import { quoted } from "./quoted.js";

/** One field, as `--form` takes it. */
export type FormField =
	| { readonly kind: "text"; readonly name: string; readonly value: string }
	/** `upload` where the file is sent as one, with its name; else its bytes are the field's value. */
	| {
			readonly kind: "file";
			readonly name: string;
			readonly path: string;
			readonly upload: boolean;
			readonly fileName: string;
			readonly type: string;
	  };

/** A form's body: bytes, and in between paths of files whose bytes belong there. */
export interface FormBody {
	readonly type: string;
	readonly parts: readonly (Buffer | { readonly path: string })[];
}

/** `NAME=VALUE`, `NAME=@FILE` or `NAME=<FILE`, with `;type=` and `;filename=` behind a file. Throws FcgiInspectError. */
export function formField(text: string): FormField {
	const [, name, rest = ""] = /^([^=]+)=([\s\S]*)$/.exec(text) ?? [];
	if (name === undefined) throw refused(text);
	const mark = rest[0];
	if (mark !== "@" && mark !== "<") return { kind: "text", name, value: rest };
	const [, path = "", options = ""] =
		/^.([\s\S]*?)((?:;(?:type|filename)=[^;]*)*)$/.exec(rest) ?? [];
	if (path === "") throw refused(text);
	const option = (key: string) =>
		new RegExp(`;${key}=([^;]*)`).exec(options)?.[1];
	return {
		kind: "file",
		name,
		path,
		upload: mark === "@",
		fileName: option("filename") ?? path.slice(path.lastIndexOf("/") + 1),
		type: option("type") ?? "application/octet-stream",
	};
}

/** The body of a form. `boundary` must not be in any of the values. */
export function formBody(
	fields: readonly FormField[],
	boundary: string,
): FormBody {
	const parts: FormBody["parts"][number][] = [];
	for (const field of fields) {
		const upload = field.kind === "file" && field.upload;
		const head = [
			`--${boundary}`,
			`Content-Disposition: form-data; name="${escapedName(field.name)}"${
				upload ? `; filename="${escapedName(field.fileName)}"` : ""
			}`,
			...(upload ? [`Content-Type: ${oneLine(field.type)}`] : []),
			"",
			"",
		].join("\r\n");
		parts.push(Buffer.from(head));
		parts.push(
			field.kind === "text" ? Buffer.from(field.value) : { path: field.path },
		);
		parts.push(Buffer.from("\r\n"));
	}
	parts.push(Buffer.from(`--${boundary}--\r\n`));
	return { type: `multipart/form-data; boundary=${boundary}`, parts };
}

/** As browsers write names (HTML, section 4.10.22.8). */
function escapedName(name: string): string {
	return name
		.replaceAll("\r", "%0D")
		.replaceAll("\n", "%0A")
		.replaceAll('"', "%22");
}

function oneLine(text: string): string {
	return text.replace(/[\r\n]+/g, " ");
}

function refused(text: string): FcgiInspectError {
	return new FcgiInspectError(
		"usage",
		`${quoted(text)} is no field of a form: NAME=VALUE, NAME=@FILE or NAME=<FILE`,
	);
}
