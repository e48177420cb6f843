// A small request, as all that are measured against each other send it.

export const SMALL_REQUEST: readonly (readonly [string, string])[] = [
	["REQUEST_METHOD", "GET"],
	["SCRIPT_NAME", "/index.php"],
	["REQUEST_URI", "/index.php?page=7"],
	["SCRIPT_FILENAME", "/srv/shop/public/index.php"],
	[
		"HTTP_USER_AGENT",
		"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
	],
];
