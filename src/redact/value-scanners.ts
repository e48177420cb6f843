// Which scanner looks at the value of a parameter or of a header field. One of each kind serves all values of a stream, since
// they come one after the other.

import { CookieScanner } from "./cookie-scanner.js";
import { CredentialsScanner } from "./credentials-scanner.js";
import { CutNameScanner } from "./cut-name-scanner.js";
import type { NameBytes } from "./name-bytes.js";
import type { Judgement, NameJudge } from "./name-judge.js";
import { COVER_ALL, type Scanner } from "./scanner.js";
import { TextScanner } from "./text-scanner.js";
import { UrlScanner } from "./url-scanner.js";

/** The scanners of the values of one stream. */
export class ValueScanners {
	readonly #judge: NameJudge;
	readonly #url: UrlScanner;
	#open = true;
	readonly #cookie = new CookieScanner();
	readonly #credentials = new CredentialsScanner();

	constructor(judge: NameJudge) {
		this.#judge = judge;
		this.#url = new UrlScanner(judge);
	}

	/** Whether the value begun last is of a name that says nothing of it. */
	get open(): boolean {
		return this.#open;
	}

	/** The scanner for the value of that name, at its start. The value of a name too long to be read is covered. */
	start(name: NameBytes): Scanner {
		const { treatment, rests } = this.#judge.judgeBytes(name);
		this.#open = treatment === "url";
		const scanner = this.#startAs(treatment);
		return rests.length === 0 ? scanner : new CutNameScanner(scanner, rests);
	}

	#startAs(treatment: Judgement["treatment"]): Scanner {
		switch (treatment) {
			case "whole":
				return COVER_ALL;
			case "cookies":
			case "setCookie":
				this.#cookie.start(treatment === "setCookie");
				return this.#cookie;
			case "credentials":
				this.#credentials.start();
				return this.#credentials;
			case "lines":
				return new TextScanner(this.#judge);
			default:
				this.#url.start(treatment);
				return this.#url;
		}
	}
}
