// What the refusals of connect(2) mean, in words.

const REASONS: Readonly<Record<string, string>> = {
	ECONNREFUSED: "nobody listens there",
	ENOENT: "no such socket",
	EACCES: "permission denied: the socket's owner or mode keeps you out",
	EAGAIN: "its queue of connections is full: it accepts too slowly",
	ENOTSOCK: "not a socket",
	EPROTOTYPE: "a socket of another kind, not a stream",
	ENOTFOUND: "no such host",
	ETIMEDOUT: "no answer",
	EHOSTUNREACH: "no way there",
};

/** Why a connection was refused, with the system's name for it. */
export function whyRefused({ code, message }: NodeJS.ErrnoException): string {
	const reason = REASONS[code ?? ""];
	return reason === undefined ? message : `${reason} (${code})`;
}
