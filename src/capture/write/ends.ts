// The addresses of a connection's two ends, as a capture needs them: IP addresses and ports. Where there are none, as on a
// Unix socket, addresses that are for documentation (RFC 5737, RFC 3849) stand for them, others for each connection.

import type { Peer } from "../../fastcgi/constants.js";
import type { Connection } from "../../inspect/chunk.js";

/** One end: four or sixteen bytes, and a port. */
export interface End {
	readonly address: Buffer;
	readonly port: number;
}

/** Both ends; their addresses are equally long. */
export type Ends = Readonly<Record<Peer, End>>;

/** What is invented is in these networks. */
export const INVENTED = "192.0.2.0/24, 198.51.100.0/24 or 2001:db8::/32";

/** Where invented web servers are, 1 to 254 in their last byte. */
const WEB_SERVERS = { 4: "192.0.2.0", 6: "2001:db8:0:1::0" } as const;
const APPLICATIONS = { 4: "198.51.100.0", 6: "2001:db8:0:2::0" } as const;
const HOSTS = 254;

/** Ports that a web server is given, those that no service has: with the addresses, enough for 16 million connections. */
const FIRST_PORT = 1024;
const PORTS = 65_536 - FIRST_PORT;

/** Where the application listens: as php-fpm does, and whoever tells Wireshark of a port. */
const APPLICATION_PORT = 9000;

/** Makes the ends of connections; keeps which application has which address. */
export class EndTable {
	readonly #applications = new Map<string, number>();
	readonly #named: (address: Buffer, application: string) => void;

	/** `named` is told of each address that stands for a named application, once. */
	constructor(named: (address: Buffer, application: string) => void) {
		this.#named = named;
	}

	/** The ends of a connection. */
	of({ number, webServer, application }: Connection): Ends {
		const realWebServer = parsed(webServer);
		const realApplication = parsed(application);
		const version =
			(realWebServer ?? realApplication)?.address.length === 16 ? 6 : 4;
		const fits = (end: End | undefined) =>
			end?.address.length === (version === 6 ? 16 : 4) ? end : undefined;
		return {
			webServer: fits(realWebServer) ?? {
				address: host(WEB_SERVERS[version], Math.floor(number / PORTS) % HOSTS),
				port: FIRST_PORT + (number % PORTS),
			},
			application: fits(realApplication) ?? {
				address: this.#addressOf(version, application),
				port: APPLICATION_PORT,
			},
		};
	}

	/** The address of an invented application; those beyond what addresses there are share the last. */
	#addressOf(version: 4 | 6, application = ""): Buffer {
		const network = APPLICATIONS[version];
		const key = `${version} ${application}`;
		const known = this.#applications.get(key);
		if (known !== undefined) return host(network, known);
		const number = Math.min(this.#applications.size, HOSTS - 1);
		const address = host(network, number);
		if (this.#applications.size < HOSTS) {
			this.#applications.set(key, number);
			if (application !== "") this.#named(address, application);
		}
		return address;
	}
}

/** An end with an IP address: `127.0.0.1:9000`, `[::1]:9000`. */
function parsed(text = ""): End | undefined {
	const [, four, six, digits] =
		/^(?:([\d.]+)|\[([\da-f:.]+)(?:%[^\]]*)?\]):(\d{1,5})$/i.exec(text) ?? [];
	const port = Number(digits);
	if (!(port <= 65_535)) return undefined;
	const address = four === undefined ? ipv6(six ?? "") : ipv4(four);
	return address && { address, port };
}

function host(network: string, number: number): Buffer {
	const address = ipv4(network) ?? (ipv6(network) as Buffer);
	address[address.length - 1] = 1 + number;
	return address;
}

function ipv4(text: string): Buffer | undefined {
	const bytes = text.split(".").map(Number);
	const fits = bytes.length === 4 && bytes.every((byte) => byte <= 255);
	return fits ? Buffer.from(bytes) : undefined;
}

/** RFC 4291, section 2.2: eight groups, `::` for a run of zeros, dots in the last two. */
function ipv6(text: string): Buffer | undefined {
	const dotted = /^(.*:)([\d.]+\.[\d.]+)$/.exec(text);
	if (dotted !== null) {
		const last = ipv4(dotted[2] as string);
		if (last === undefined) return undefined;
		const groups = [last.readUInt16BE(0), last.readUInt16BE(2)];
		return ipv6(
			`${dotted[1]}${groups.map((group) => group.toString(16)).join(":")}`,
		);
	}
	const halves = text
		.split("::")
		.map((half) => half.split(":").filter(Boolean));
	const [front = [], back = []] = halves;
	const zeros = 8 - front.length - back.length;
	if (halves.length > 2 || (halves.length === 1 ? zeros !== 0 : zeros < 0)) {
		return undefined;
	}
	const groups = [...front, ...Array(zeros).fill("0"), ...back];
	const bytes = Buffer.alloc(16);
	for (const [i, group] of groups.entries()) {
		if (!/^[\da-f]{1,4}$/i.test(group)) return undefined;
		bytes.writeUInt16BE(Number.parseInt(group, 16), 2 * i);
	}
	return bytes;
}
