// Every shipped capture, written anew: what is known of it is true of the copy, tshark reads the same records in it, and
// has no complaint.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { eachEvent, recordsOf } from "./support/decoded.js";
import { disagreements, type TrueFile } from "./support/truth.js";
import { hasTshark, tsharkRecords } from "./support/tshark.js";
import { type Written, written } from "./support/written.js";

const CAPTURES = fileURLToPath(new URL("../../captures/", import.meta.url));
const TRUTH: readonly TrueFile[] = JSON.parse(
	readFileSync(`${CAPTURES}truth.json`, "utf8"),
);
const folder = mkdtempSync(join(tmpdir(), "fcgi-inspect-written-"));
after(() => rmSync(folder, { recursive: true }));
const skip = hasTshark() ? false : "tshark is not installed";

async function copyOf(
	file: string,
	link: "fcgi" | "tcp",
): Promise<Written & { path: string }> {
	const made = await written(`${CAPTURES}${file}`, link);
	const path = join(folder, `${link}-${file}.pcapng`);
	writeFileSync(path, made.bytes);
	return { ...made, path };
}

for (const link of ["fcgi", "tcp"] as const) {
	for (const known of TRUTH) {
		if (known.truth.records === 0) continue;
		test(`${known.file}: what is known of it is true of its copy as ${link}`, async () => {
			const { path } = await copyOf(known.file, link);
			const found = await disagreements(path, known);
			assert.deepEqual(
				found.filter((one) => !mayDiffer(one, known.file, link)),
				[],
			);
		});
	}
}

/**
 * A packet that is a record has one time, that of its last byte. Bytes behind lost ones, which came before what was sent
 * again for those, are as late in TCP as what they waited for.
 */
function mayDiffer(found: string, file: string, link: "fcgi" | "tcp"): boolean {
	return link === "fcgi"
		? / first byte: /.test(found)
		: / t_end: /.test(found) && file.startsWith("70");
}

function tshark(path: string, options: readonly string[]): string[] {
	const output = execFileSync("tshark", ["-r", path, ...options], {
		encoding: "utf8",
		stdio: ["ignore", "pipe", "ignore"],
		maxBuffer: 2 ** 28,
	});
	return output.split("\n").filter((line) => line !== "");
}

test("tshark reads the records of all captures in their copies, without being told of a port", {
	skip,
}, async () => {
	const records: string[] = [];
	const sections: Buffer[] = [];
	for (const { file } of TRUTH) {
		const made = await written(`${CAPTURES}${file}`, "fcgi");
		records.push(...made.records);
		// A file may have several sections.
		sections.push(made.bytes);
	}
	const path = join(folder, "all.pcapng");
	writeFileSync(path, Buffer.concat(sections));
	const fields = ["fcgi.type", "fcgi.id", "fcgi.content.length"];
	const theirs = tshark(path, [
		...["-Y", "fcgi", "-T", "fields", "-E", "separator=/s"],
		...fields.flatMap((field) => ["-e", field]),
	]);
	assert.ok(records.length > 3000, `${records.length}`);
	assert.deepEqual(theirs, records);
	assert.deepEqual(tshark(path, ["-Y", "_ws.malformed"]), []);
});

/** What tshark says of TCP that is not as it should be. */
const COMPLAINTS =
	"tcp.analysis.flags || ip.checksum.status == 0 || tcp.checksum.status == 0 || _ws.malformed";

for (const file of [
	"05-nginx-fpm-keepalive.pcap",
	"14b-haproxy-mux-abort.pcap",
	"26-management-and-odd.pcap",
	"31-worker-killed.pcap",
	"40-ipv6-loopback.pcap",
	"70-lossy-client-side.pcap",
	"75-missing-segments-keepalive.pcap",
	"77-starts-mid-connection.pcap",
]) {
	test(`${file}: tshark reads the same records in its copy as TCP, and complains of what is missing only`, {
		skip,
	}, async () => {
		const { path, whole } = await copyOf(file, "tcp");
		const ours = await recordsOf(`${CAPTURES}${file}`);
		const ports = [...new Set(ours.map(({ port }) => port))];
		const checks = ["tcp.check_checksum:TRUE", "ip.check_checksum:TRUE"];
		const complaints = tshark(path, [
			...checks.flatMap((check) => ["-o", check]),
			...ports.flatMap((port) => ["-d", `tcp.port==${port},fcgi`]),
			...["-Y", COMPLAINTS, "-T", "fields", "-e", "_ws.expert.message"],
		]);
		if (whole) assert.deepEqual(complaints, []);
		for (const complaint of complaints) {
			assert.match(
				complaint,
				/unseen segment|[Pp]revious segment|wasn't captured/,
			);
		}
		if (!whole) return;
		const theirs = tsharkRecords(path, ports);
		for (const direction of new Set(ours.map((record) => record.direction))) {
			const of = (records: readonly { direction: string }[]) =>
				records
					.filter((record) => record.direction === direction)
					.map((record) => ({ ...record, port: undefined }));
			assert.deepEqual(of(theirs), of(ours));
		}
		assert.equal(theirs.length, ours.length);
	});
}

/** Secrets that stand in captures. */
const SECRETS = [
	["25-apache-authnz-fcgi.pcap", "wonderland"],
	["01-nginx-fpm-basic.pcap", "c0ffee12"],
] as const;

for (const link of ["fcgi", "tcp"] as const) {
	test(`findings are comments that tshark reads, as ${link}`, {
		skip,
	}, async () => {
		const file = "33-libfcgi-dies.pcap";
		const { path, found } = await copyOf(file, link);
		const comments = tshark(path, [
			...["-Y", "frame.comment", "-T", "fields", "-e", "frame.comment"],
		]);
		assert.ok(found.length > 0);
		const told = [
			...comments.join("\n").matchAll(/(?:error|warning|note) ([a-z0-9-]+),/g),
		].map((match) => match[1]);
		assert.deepEqual(told.sort(), [...found].sort());
	});

	test(`with secrets replaced, a copy as ${link} has none, and the same records`, async () => {
		for (const [file, secret] of SECRETS) {
			const path = `${CAPTURES}${file}`;
			const plain = await written(path, link);
			const redacted = await written(path, link, true);
			assert.ok(plain.bytes.includes(secret), `${file} has ${secret}`);
			assert.ok(!redacted.bytes.includes(secret), `${file}: ${secret}`);
			const copy = join(folder, `redacted-${link}-${file}.pcapng`);
			writeFileSync(copy, redacted.bytes);
			const records: string[] = [];
			await eachEvent(copy, (event) => {
				if (event.kind !== "record") return;
				const { type, requestId, contentLength } = event.record;
				records.push(`${type} ${requestId} ${contentLength}`);
			});
			assert.deepEqual(records, plain.records);
		}
	});
}

for (const [file, records] of [
	["hex/conv.follow-hex.txt", 8],
	["hex/request.xxd.txt", 5],
	["strace/exact.strace", 20],
	["socat/socat-x-v.log", 20],
] as const) {
	test(`${file} becomes a capture`, { skip }, async () => {
		const made = await written(`${CAPTURES}${file}`, "fcgi");
		const path = join(folder, `${file.replace("/", "-")}.pcapng`);
		writeFileSync(path, made.bytes);
		const theirs = tshark(path, ["-Y", "fcgi && !_ws.malformed"]);
		assert.equal(theirs.length, made.records.length);
		assert.ok(theirs.length >= records, `${theirs.length}`);
	});
}
