// Addresses as strace prints them: in the structures that calls are given, and behind descriptors with -yy.

import { readCString } from "./c-string.js";

/** What -yy says of a descriptor's two ends, as far as it does. */
export interface AnnotatedAddresses {
	readonly own: string | undefined;
	readonly peer: string | undefined;
}

const NOT_SAID: AnnotatedAddresses = { own: undefined, peer: undefined };

/** The address in `{sa_family=AF_INET, sin_port=htons(9000), sin_addr=inet_addr("127.0.0.1")}` and its like. */
export function addressIn(text: string): string | undefined {
	const port = /sin6?_port=htons\((\d{1,5})\)/.exec(text)?.[1];
	if (port === undefined) {
		const path = /sun_path=(@?)"/.exec(text);
		if (path === null) return undefined;
		const quote = path.index + path[0].length - 1;
		const name = stringAt(text, quote);
		return name === "" ? undefined : `${path[1]}${name}`;
	}
	const ipv4 = text.indexOf('inet_addr("');
	if (ipv4 >= 0) return `${stringAt(text, ipv4 + 10)}:${port}`;
	const ipv6 = text.indexOf('inet_pton(AF_INET6, "');
	return ipv6 < 0 ? undefined : `[${stringAt(text, ipv6 + 20)}]:${port}`;
}

/**
 * `4<TCP:[127.0.0.1:9000->127.0.0.1:40000]>`, `4<TCPv6:[[::1]:9000]>`, `4<UNIX-STREAM:[12->34,"/run/php.sock"]>`: the
 * process's own end comes first, and a path is that of the end that was listening.
 */
export function annotatedAddresses(text: string): AnnotatedAddresses {
	const found = /^\d+<(TCP|TCPv6|UNIX|UNIX-STREAM):\[/.exec(text);
	if (found === null) return NOT_SAID;
	const from = found[0].length;
	if (found[1]?.startsWith("UNIX")) {
		const quote = text.indexOf('"', from);
		const end = text.indexOf("]>", from);
		if (quote < 0 || quote > end) return NOT_SAID;
		return { own: stringAt(text, quote), peer: undefined };
	}
	const end = text.indexOf("]>", from);
	if (end < 0) return NOT_SAID;
	const [own, peer] = text.slice(from, end).split("->");
	return { own, peer };
}

function stringAt(text: string, quote: number): string {
	return readCString(text.slice(0, quote + 4096), quote).bytes.toString();
}
