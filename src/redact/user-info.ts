// The user info of an address in running text (RFC 3986, section 3.2.1), byte by byte behind `//`: a password stands between a
// colon and `@`. Digits behind a colon are shown, since they could be a port.

import { endsAuthority, endsHost } from "./url-scanner.js";

const AT = 0x40;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;

/** Reads an authority. */
export class UserInfo {
	#state: "host" | "brackets" | "port" | "password" = "host";

	/** Begins another one. */
	start(): void {
		this.#state = "host";
	}

	/** What the next byte is: a part of the authority, of its password, or behind it. `@` is behind it. */
	push(byte: number): "shown" | "covered" | "behind" {
		if (byte === AT) return "behind";
		if (this.#state === "password") {
			return endsAuthority(byte) ? "behind" : "covered";
		}
		if (endsHost(byte)) return "behind";
		if (this.#state === "port") {
			if (byte >= 0x30 && byte <= 0x39) return "shown";
			this.#state = "password";
			return "covered";
		}
		if (byte === CLOSE_BRACKET) this.#state = "host";
		else if (byte === OPEN_BRACKET) this.#state = "brackets";
		else if (byte === COLON && this.#state === "host") this.#state = "port";
		return "shown";
	}
}
