// What an application wrote to STDERR. The web server only passes it on to its log, however much it looks like a fault of
// its own (specification, section 6.2).

import type { RequestCheck } from "../../inspect/check.js";
import { counted, quoted } from "../words.js";

/** Messages that are quoted. */
const QUOTED_MESSAGES = 3;

/** STDERR carried text. */
export const stderrOutput: RequestCheck = {
	code: "stderr-output",
	severity: "note",
	section: "6.2",
	summary: "The application wrote to STDERR, and the web server's log has it",
	diagnosis:
		"This is output of the application, not a fault of the protocol or the web server, whose log it only passes through. A fatal error in it is why the response is what it is",
	remedies: {
		php: "fix what the messages name; error_log in the php configuration keeps them out of the web server's log",
		HAProxy: "log-stderr in the fcgi-app section shows it",
		any: "fix what the messages name, or log them elsewhere",
	},
	logs: {
		nginx: [
			'FastCGI sent in stderr: "…" while reading response header from upstream',
			'FastCGI sent in stderr: "…" while reading upstream',
		],
		Apache: ["AH01071: Got error '…'"],
		lighttpd: ["FastCGI-stderr:…", "FastCGI-stderr: …"],
		php: ['child … said into stderr: "…"', "PHP message: …"],
	},
	example:
		'112 bytes, 2 messages: 2 times "PHP Warning:  Undefined variable $x in /a.php on line 1"',
	on: "requestEnded",
	look(request) {
		const { stderr } = request;
		if (stderr.bytes === 0) return undefined;
		// That one quotes the text as the reason.
		if (request.findings.some(({ code }) => code === "end-before-headers")) {
			return undefined;
		}
		const text = request.stderrText;
		const messages = messagesOf(text);
		if (messages.length === 0) return undefined;
		const groups = new Map<string, number>();
		for (const message of messages) {
			groups.set(message, (groups.get(message) ?? 0) + 1);
		}
		const first = [...groups].slice(0, QUOTED_MESSAGES).map(inWords);
		const rest = groups.size - first.length;
		const more = rest > 0 ? `, and ${rest} more` : "";
		// The lines themselves are shown as they come; it is the fatal ones that explain a response.
		const fatal = FATAL.test(text);
		return {
			severity: fatal ? "warning" : "note",
			detail: !fatal,
			message: `${counted(stderr.bytes, "byte")}, ${counted(messages.length, "message")}: ${first.join(", ")}${more}`,
		};
	},
};

/** Words of messages that end a script. */
const FATAL =
	/PHP Fatal error|PHP Parse error|PHP Compile error|\bUncaught |^panic: |^Traceback \(most recent call last\)|[Ss]egmentation fault|\bsegfault\b/m;

/**
 * The first lines of the messages in the text. php collects several in a record, each behind "PHP message: "; of others each
 * line is a message, but for those of a stack trace. What has findings of its own is left out.
 */
function messagesOf(text: string): readonly string[] {
	const parts = text.includes(PHP_MESSAGE)
		? text.split(PHP_MESSAGE).map((part) => part.split("\n", 1)[0] ?? "")
		: text.split("\n").filter((line) => !CONTINUES.test(line));
	return parts
		.map((part) => part.replace(/; $/, "").trim())
		.filter((part) => part !== "" && !isOfOthers(part));
}

/** Lines of a stack trace, and those that are indented. */
const CONTINUES = /^(?:\s|#\d+ |Stack trace:)/;

const PHP_MESSAGE = "PHP message: ";

function isOfOthers(message: string): boolean {
	return (
		message === "Primary script unknown" ||
		message.startsWith("Unable to open primary script: ") ||
		(message.startsWith("Access to the script '") &&
			message.endsWith("(see security.limit_extensions)"))
	);
}

function inWords([message, count]: [string, number]): string {
	return count === 1 ? quoted(message) : `${count} times ${quoted(message)}`;
}
