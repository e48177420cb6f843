// tshark, the dissector that everybody trusts, as a yardstick. Where CI runs it has to be there.

import { execFileSync, spawnSync } from "node:child_process";

/** Whether tshark can be run. Throws in CI if it cannot: there its tests may not be skipped. */
export function hasTshark(): boolean {
	const found = spawnSync("tshark", ["--version"]).status === 0;
	if (!found && process.env.CI) throw new Error("CI has to have tshark");
	return found;
}

/** One record, as both sides of a comparison tell it. */
export interface ComparedRecord {
	/** `source address > destination address`. */
	readonly direction: string;
	readonly type: number;
	readonly requestId: number;
	readonly contentLength: number;
	readonly paddingLength: number;
	/** The application's port. */
	readonly port: number;
}

/** The FastCGI records that tshark finds on the given TCP ports, in the order of its packets. */
export function tsharkRecords(
	path: string,
	ports: readonly number[],
): ComparedRecord[] {
	const fields = [
		"ip.src",
		"ipv6.src",
		"tcp.srcport",
		"ip.dst",
		"ipv6.dst",
		"tcp.dstport",
		"fcgi.type",
		"fcgi.id",
		"fcgi.content.length",
		"fcgi.padding.length",
	];
	const output = execFileSync(
		"tshark",
		[
			"-r",
			path,
			// Without it, tshark loses what comes out of order.
			...["-o", "tcp.reassemble_out_of_order:TRUE"],
			"-Y",
			"fcgi",
			...ports.flatMap((port) => ["-d", `tcp.port==${port},fcgi`]),
			"-T",
			"fields",
			...fields.flatMap((field) => ["-e", field]),
			"-E",
			"separator=/t",
		],
		{ encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
	);
	const records: ComparedRecord[] = [];
	for (const line of output.split("\n")) {
		if (line === "") continue;
		const [src4, src6, srcPort, dst4, dst6, dstPort, ...values] =
			line.split("\t");
		const [types, ids, contents, paddings] = values.map((value) =>
			value.split(","),
		);
		for (const [i, type] of (types ?? []).entries()) {
			records.push({
				direction: `${addressOf(src4, src6, srcPort)} > ${addressOf(dst4, dst6, dstPort)}`,
				type: Number(type),
				requestId: Number(ids?.[i]),
				contentLength: Number(contents?.[i]),
				paddingLength: Number(paddings?.[i] ?? 0),
				port: 0,
			});
		}
	}
	return records;
}

function addressOf(
	v4: string | undefined,
	v6: string | undefined,
	port: string | undefined,
): string {
	return v6 ? `[${v6}]:${port}` : `${v4}:${port}`;
}

/** Type, id and content length of each record in a pcapng file, as tshark reads it: with no flag, or on a TCP port. */
export function pcapngRecords(path: string, port?: number): string[] {
	const columns = ["fcgi.type", "fcgi.id", "fcgi.content.length"];
	const output = execFileSync(
		"tshark",
		[
			...["-r", path, "-T", "fields", "-E", "occurrence=a"],
			...(port === undefined ? [] : ["-d", `tcp.port==${port},fcgi`]),
			...["-Y", "fcgi", ...columns.flatMap((name) => ["-e", name])],
		],
		{
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
			maxBuffer: 2 ** 28,
		},
	);
	return output
		.trim()
		.split("\n")
		.flatMap((line) => {
			const [types = "", ids = "", lengths = ""] = line.split("\t");
			const id = ids.split(",");
			const length = lengths.split(",");
			return types.split(",").map((type, i) => `${type} ${id[i]} ${length[i]}`);
		});
}
