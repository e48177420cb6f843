// Software that may be at an end of a connection, and a guess at it. Whoever shows a guess says "probably".

/** Software that findings have something particular to say of. */
export type SoftwareName =
	| "nginx"
	| "Apache"
	| "lighttpd"
	| "HAProxy"
	| "Caddy"
	| "h2o"
	| "cgi-fcgi"
	| "php"
	| "libfcgi"
	| "Go"
	| "ruby"
	| "uWSGI";

/** A guess at the software of one end. */
export interface Software {
	readonly name: SoftwareName;
	/** As far as it says it, such as `1.22.1`. */
	readonly version: string | undefined;
	/** What the guess is built on, such as `SERVER_SOFTWARE`. */
	readonly because: string;
}
