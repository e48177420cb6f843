// The path of a URL into the script that it names and the path info behind it (RFC 3875, sections 4.1.5 and 4.1.13), as
// web servers do it that are set up for PHP. Whether there is such a file is not asked: the application may be on another
// machine.

import { percentDecoded } from "./http-url.js";

/** Where a path leads, as byte texts. */
export interface ScriptPlace {
	/** DOCUMENT_ROOT: without a slash at its end. */
	readonly root: string;
	/** The whole path: decoded, without `.`, `..` and repeated slashes, and with the index file where it names a folder. */
	readonly uri: string;
	/** SCRIPT_NAME: the part of it that is the script. */
	readonly scriptName: string;
	/** PATH_INFO: the part behind; `""` where there is none. */
	readonly pathInfo: string;
	/** SCRIPT_FILENAME: a path in the application's file system. */
	readonly scriptFile: string;
}

/** What a person says of the script. All byte texts. */
export interface ScriptOptions {
	/** The folder that `/` of the URL is. */
	readonly root?: string | undefined;
	/** The script, in `root` where it does not begin with a slash; then the path need not name it. */
	readonly script?: string | undefined;
	/** The file that a path with a slash at its end names; `index.php` by default. */
	readonly index?: string | undefined;
}

/** Where Debian's web servers have their files. */
const DEFAULT_ROOT = "/var/www/html";

/** Where an encoded path leads. A path that servers answer with 400 is a FcgiInspectError. */
export function scriptPlace(path: string, options: ScriptOptions): ScriptPlace {
	const { script, index = "index.php" } = options;
	const plain = normalised(percentDecoded(path, path));
	// The first segment that ends in .php is the script, as with `fastcgi_split_path_info ^(.+?\.php)(/.*)$`.
	const [, name, info] = /^(.+?\.php)(\/.*)$/s.exec(plain) ?? [];
	if (script !== undefined) {
		return placeOf(script, plain, name ?? plain, options.root);
	}
	const root = withoutSlash(options.root ?? DEFAULT_ROOT);
	if (name !== undefined && info !== undefined) {
		return {
			root,
			uri: plain,
			scriptName: name,
			pathInfo: info,
			scriptFile: root + name,
		};
	}
	const uri = plain.endsWith("/") ? plain + index : plain;
	return {
		root,
		uri,
		scriptName: uri,
		pathInfo: "",
		scriptFile: root + uri,
	};
}

/** The path as a server looks for it: slashes merged, and dots followed, never above the root. */
export function normalised(path: string): string {
	const segments: string[] = [];
	const all = path.split("/").slice(1);
	for (const segment of all) {
		if (segment === "..") segments.pop();
		else if (segment !== "." && segment !== "") segments.push(segment);
	}
	const folder = /^\.{0,2}$/.test(all.at(-1) ?? "") && segments.length > 0;
	return `/${segments.join("/")}${folder ? "/" : ""}`;
}

function placeOf(
	script: string,
	uri: string,
	guess: string,
	givenRoot: string | undefined,
): ScriptPlace {
	const absolute = script.startsWith("/");
	const ends = absolute && script.endsWith(guess);
	const root = withoutSlash(
		givenRoot ??
			(ends
				? script.slice(0, -guess.length)
				: absolute
					? folderOf(script)
					: DEFAULT_ROOT),
	);
	const scriptFile = absolute ? script : `${root}/${script}`;
	const scriptName = scriptFile.startsWith(`${root}/`)
		? scriptFile.slice(root.length)
		: scriptFile.slice(scriptFile.lastIndexOf("/"));
	// A path that does not begin with the script was led to it, as by `try_files $uri /index.php`.
	const pathInfo = uri.startsWith(`${scriptName}/`)
		? uri.slice(scriptName.length)
		: "";
	return {
		root,
		uri: scriptName + pathInfo,
		scriptName,
		pathInfo,
		scriptFile,
	};
}

function withoutSlash(folder: string): string {
	return folder.replace(/\/+$/, "");
}

function folderOf(file: string): string {
	return file.slice(0, file.lastIndexOf("/"));
}
