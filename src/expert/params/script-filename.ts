// SCRIPT_FILENAME, the file that an application is to run: not part of CGI/1.1, yet php, fcgiwrap and others go by it.

/** What Apache puts in front of the file: `proxy:fcgi://127.0.0.1:9000`. php-fpm strips it. */
const APACHE_PREFIX = /^proxy:(?:fcgi|balancer):\/\/[^/]*/;

/** The file's name without what Apache puts in front. */
export function withoutPrefix(filename: string): string {
	return filename.replace(APACHE_PREFIX, "");
}

/** Whether a file is below a directory. */
export function isBelow(filename: string, directory: string): boolean {
	return (
		filename.startsWith(directory) &&
		(directory.endsWith("/") || filename[directory.length] === "/")
	);
}

/** What makes a file's name suspicious, in words; empty where nothing does. */
export function oddities(
	filename: string,
	documentRoot: string | undefined,
): readonly string[] {
	const name = withoutPrefix(filename);
	const odd: string[] = [];
	if (name === "") odd.push("it is empty");
	else if (name.includes("$")) {
		odd.push("a variable of the configuration stands in it unexpanded");
	} else if (!name.startsWith("/") && !/^[A-Za-z]:[/\\]/.test(name)) {
		odd.push("it is not absolute");
	}
	if (name.includes("//")) odd.push("it has an empty directory (//)");
	if (name.endsWith("/")) odd.push("it ends in /");
	if (/(^|\/)\.\.(\/|$)/.test(name)) odd.push("it has .. in it");
	if (/^\s|\s$|["']/.test(name)) odd.push("it has blanks or quotes around it");
	if (/\.php\/./.test(name)) odd.push("something follows the script's name");
	if (
		documentRoot !== undefined &&
		documentRoot !== "" &&
		name.startsWith("/") &&
		!isBelow(name, documentRoot)
	) {
		odd.push(`it is not below DOCUMENT_ROOT ${JSON.stringify(documentRoot)}`);
	}
	return odd;
}
