// Which other protocol bytes belong to, by how they begin: what is found on a port that was meant to speak FastCGI.

/** The texts that the messages of a protocol begin with. */
const BEGINNINGS: readonly (readonly [name: string, starts: string[]])[] = [
	["HTTP", ["HTTP/", "GET ", "POST ", "HEAD ", "PUT ", "PATCH ", "DELETE "]],
	["HTTP", ["OPTIONS ", "CONNECT ", "TRACE ", "PROPFIND ", "REPORT "]],
	["HTTP/2", ["PRI * HTTP/2"]],
	["SSH", ["SSH-"]],
	["HTML or XML", ["<"]],
	["SMTP or FTP", ["220 ", "220-"]],
	["POP3", ["+OK "]],
	["Redis", ["-ERR", "-NOAUTH", "-DENIED", "-WRONGPASS", "+PONG", "+OK\r"]],
	["memcached", ["ERROR\r", "CLIENT_ERROR", "SERVER_ERROR"]],
	["AMQP", ["AMQP"]],
	["the PROXY protocol", ["PROXY ", "\r\n\r\n\0\r\nQUIT"]],
];

/** Those that are told by bytes in fixed places; -1 stands for any byte, other negative numbers for one up to it. */
const LAYOUTS: readonly (readonly [name: string, bytes: number[]])[] = [
	["TLS", [0x16, 0x03, -4]],
	["TLS", [0x15, 0x03, -4]],
	["HTTP/2", [0x00, 0x00, -1, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00]],
	["MySQL or MariaDB", [-1, -2, 0x00, 0x00, 0x0a]],
	["MySQL or MariaDB", [-1, -2, 0x00, 0x00, 0xff]],
	["PostgreSQL", [0x52, 0x00, 0x00, 0x00, -32]],
	["PostgreSQL", [0x45, 0x00, 0x00, -4, -1, 0x53]],
];

/** A protocol's name, such as `HTTP`; undefined where the beginning is of none that is known here. */
export function protocolOf(firstBytes: Buffer): string | undefined {
	const text = firstBytes.toString("latin1");
	if (/^\d+\0<\?xml/.test(text)) return "the debugger protocol DBGp (xdebug)";
	if (/^\d+:CONTENT/.test(text)) return "SCGI";
	const begins = BEGINNINGS.find(([, starts]) =>
		starts.some((start) => text.startsWith(start)),
	);
	return (begins ??
		LAYOUTS.find(([, layout]) => fits(firstBytes, layout)))?.[0];
}

function fits(bytes: Buffer, layout: readonly number[]): boolean {
	return layout.every((wanted, at) => {
		const byte = bytes[at];
		if (byte === undefined) return false;
		return wanted < -1 ? byte <= -wanted : wanted === -1 || byte === wanted;
	});
}
