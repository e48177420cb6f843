// System calls in all the ways in which strace prints them, and what they say of who talked to whom.

import assert from "node:assert/strict";
import { test } from "node:test";
import { StraceLog } from "../../../src/capture/log/strace-log.js";
import type { Flow } from "../../../src/capture/recognition/flow.js";
import { Lines } from "../../../src/capture/text/lines.js";
import { join } from "../../../src/stage.js";
import { emptyReport } from "../network/crafted.js";

/** What a log says: the pieces of each conversation, a line each. */
function told(log: string) {
	const report = emptyReport();
	const reader = new StraceLog(report);
	const stage = join(new Lines(), reader);
	const flows: Flow[] = [];
	const lines: string[] = [];
	for (const pieces of [stage.push(Buffer.from(log)), stage.end()]) {
		for (const {
			flow,
			side,
			bytes,
			missingBefore,
			closes,
			timestamp,
		} of pieces) {
			if (!flows.includes(flow)) flows.push(flow);
			lines.push(
				[
					`${flows.indexOf(flow)}.${side}`,
					...(timestamp === undefined ? [] : [timestamp.toFixed(3)]),
					...(missingBefore > 0 ? [`missing ${missingBefore}`] : []),
					...(bytes.length > 0 ? [bytes.toString()] : []),
					...(closes === undefined ? [] : [closes]),
				].join(" "),
			);
		}
	}
	// As if all were FastCGI: what is missing is said of those only.
	for (const flow of flows) {
		flow.recognised = {
			connection: { number: 0, startSeen: true },
			webServer: 0,
		};
	}
	reader.remark();
	return { lines, flows, remarks: report.remarks };
}

const CALLS: Readonly<
	Record<string, readonly [log: string, ...lines: string[]]>
> = {
	"an accepted connection": [
		`accept(0, {sa_family=AF_UNIX}, [112 => 2]) = 4
read(4, "ab", 8) = 2
write(4, "cd", 2) = 2
close(4) = 0`,
		...["0.0 ab", "0.1 cd", "0.1 fin", "0.0 fin"],
	],
	"a connection that the process opened": [
		`socket(AF_UNIX, SOCK_STREAM, 0) = 33
connect(33, {sa_family=AF_UNIX, sun_path="/run/a.sock"}, 110) = 0
sendto(33, "ab", 2, 0, NULL, 0) = 2
recvfrom(33, "cd", 4096, 0, NULL, NULL) = 2
recvfrom(33, "", 4096, 0, NULL, NULL) = 0
close(33) = 0`,
		...["0.0 ab", "0.1 cd", "0.1 fin", "0.0 fin"],
	],
	"numbers that serve again": [
		`read(4, "a", 8) = 1
close(4) = 0
read(4, "b", 8) = 1`,
		...["0.0 a", "0.1 fin", "0.0 fin", "1.0 b"],
	],
	"a close that the log does not show": [
		`accept(0, NULL, NULL) = 4
read(4, "a", 8) = 1
accept(0, NULL, NULL) = 4
read(4, "b", 8) = 1`,
		...["0.0 a", "0.1 fin", "0.0 fin", "1.0 b"],
	],
	vectors: [
		`writev(4, [{iov_base="ab", iov_len=2}, {iov_base="cdef", iov_len=4}], 2) = 6
readv(4, [{iov_base="gh", iov_len=2}, {iov_base="i", iov_len=100}], 2) = 3
sendmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="jk", iov_len=2}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 2`,
		...["0.1 ab", "0.1 cdef", "0.0 gh", "0.0 i", "0.1 jk"],
	],
	"a write in part": [`write(4, "abcdef", 6) = 4`, "0.1 abcd"],
	"a vector written in part": [
		`writev(4, [{iov_base="ab", iov_len=2}, {iov_base="cdef", iov_len=4}], 2) = 3`,
		...["0.1 ab", "0.1 c"],
	],
	"a vector with strings that are cut": [
		`writev(4, [{iov_base="ab"..., iov_len=10}, {iov_base="cd"..., iov_len=5}], 2) = 15
write(4, "e", 1) = 1`,
		...["0.1 ab", "0.1 missing 8 cd", "0.1 missing 3 e"],
	],
	"a string that is cut, at the end": [
		`write(4, "ab"..., 10) = 10`,
		...["0.1 ab", "0.1 missing 8"],
	],
	"bytes from a file": [
		`write(4, "ab", 2) = 2
sendfile(4, 7, [0] => [100], 100) = 100
write(4, "cd", 2) = 2`,
		...["0.1 ab", "0.1 missing 100 cd"],
	],
	"a look that takes nothing": [
		`recvfrom(4, "ab", 8, MSG_PEEK, NULL, NULL) = 2
recvfrom(4, "ab", 8, 0, NULL, NULL) = 2`,
		"0.0 ab",
	],
	"bytes that name a flag, and calls that are none": [
		`recvfrom(4, "MSG_PEEK", 8, 0, NULL, NULL) = 8
constructor(4, "ab", 8) = 2`,
		"0.0 MSG_PEEK",
	],
	"calls that fail": [
		`read(4, "a", 8) = 1
read(4, 0x7ffd, 8) = -1 EAGAIN (Resource temporarily unavailable)
write(4, "x", 1) = -1 EAGAIN (Ресурс временно недоступен)
read(4, "b", 8) = 1
read(4, 0x7ffd, 8) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)`,
		...["0.0 a", "0.0 b"],
	],
	"a connection that the peer breaks off": [
		`read(4, "a", 8) = 1
read(4, 0x7ffd, 8) = -1 ECONNRESET (Connection reset by peer)
close(4) = 0`,
		...["0.0 a", "0.0 rst"],
	],
	"a shutdown": [
		`read(4, "a", 8) = 1
shutdown(4, SHUT_WR) = 0
read(4, "b", 8) = 1
read(4, "", 8) = 0
close(4) = 0`,
		...["0.0 a", "0.1 fin", "0.0 b", "0.0 fin"],
	],
	"a read of nothing": [
		`read(4, "", 0) = 0
read(4, "a", 8) = 1`,
		"0.0 a",
	],
	"files and standard streams": [
		`openat(AT_FDCWD, "/etc/hosts", O_RDONLY) = 5
read(5, "file", 8) = 4
write(2, "error", 5) = 5
read(6</etc/passwd>, "file", 8) = 4
write(7<pipe:[123]>, "pipe", 4) = 4
read(8<TCP:[1.1.1.1:9000->2.2.2.2:5]>, "a", 8) = 1`,
		"0.0 a",
	],
	"two numbers for one socket": [
		`accept(3, NULL, NULL) = 4
dup2(4, 0) = 0
close(4) = 0
read(0, "a", 8) = 1
fcntl(0, F_DUPFD, 10) = 10
close(0) = 0
write(10, "b", 1) = 1
close(10) = 0`,
		...["0.0 a", "0.1 b", "0.1 fin", "0.0 fin"],
	],
	"processes with numbers of their own": [
		`11 read(4, "a", 8) = 1
12 read(4, "b", 8) = 1
[pid    11] read(4, "c", 8) = 1
[pid 12<php-fpm>] read(4, "d", 8) = 1`,
		...["0.0 a", "1.0 b", "0.0 c", "1.0 d"],
	],
	"threads, known to be such": [
		`11 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_THREAD, parent_tid=[12]) = 12
11 accept4(3, NULL, NULL, SOCK_CLOEXEC) = 4
12 read(4, "a", 8) = 1
11 write(4, "b", 1) = 1`,
		...["0.0 a", "0.1 b"],
	],
	"threads that were there before": [
		`11 accept4(3, NULL, NULL, SOCK_CLOEXEC) = 4
12 read(4, "a", 8) = 1
13 write(4, "b", 1) = 1`,
		...["0.0 a", "0.1 b"],
	],
	"a process that another has made": [
		`11 accept(3, NULL, NULL) = 4
11 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD) = 12
11 close(4) = 0
12 read(4, "a", 8) = 1
12 +++ exited with 0 +++`,
		...["0.0 a", "0.1 fin", "0.0 fin"],
	],
	"a process that is killed": [
		`12 read(4, "a", 8) = 1
12 +++ killed by SIGKILL +++`,
		...["0.0 a", "0.1 fin", "0.0 fin"],
	],
	"calls in two halves": [
		`[pid 11] read(4,  <unfinished ...>
[pid 12] write(5, "x", 1 <unfinished ...>
[pid 11] <... read resumed>"ab", 8) = 2
[pid 12] <... write resumed>) = 1`,
		...["0.0 ab", "1.1 x"],
	],
	"a call in three parts": [
		`[pid 11] read(4,  <unfinished ...>
[pid 11] <... read resumed> <unfinished ...>) = ?`,
	],
	"an accept of which the log has the second half only": [
		`[pid 11] <... accept resumed>{sa_family=AF_UNIX}, [112 => 2]) = 4
[pid 12] <... accept resumed>{sa_family=AF_UNIX}, [112 => 2]) = 4
[pid 11] read(4, "ab", 8) = 2
[pid 12] read(4, "cd", 8) = 2
[pid 11] <... openat resumed>) = 4
[pid 11] read(4, "file", 8) = 4`,
		...["0.0 ab", "1.0 cd", "0.1 fin", "0.0 fin"],
	],
	"times of day, past midnight": [
		`11 23:59:59.500000 read(4, "a", 8) = 1
11 00:00:00.250000 read(4, "b", 8) = 1`,
		...["0.0 86399.500 a", "0.0 86400.250 b"],
	],
	"seconds since 1970, and how long a call took": [
		`1700000000.100000 read(4, "a", 8) = 1 <0.200000>
1700000000.400000 write(4, "b", 1) = 1 <0.200000>`,
		...["0.0 1700000000.300 a", "0.1 1700000000.400 b"],
	],
	"times from call to call": [
		`     0.000000 read(4, "a", 8) = 1
     0.500000 read(4, "b", 8) = 1
     0.250000 read(4, "c", 8) = 1`,
		...["0.0 0.000 a", "0.0 0.500 b", "0.0 0.750 c"],
	],
	"a second half with a time of its own": [
		`[pid 11] 10:00:00.000000 read(4,  <unfinished ...>
[pid 11] 10:00:01.000000 <... read resumed>"a", 8) = 1`,
		"0.0 36001.000 a",
	],
	"instruction pointers and numbers of calls": [
		`11 [00007f2b5d1c2a3d] read(4, "a", 8) = 1
11 [   0] read(4, "b", 8) = 1`,
		...["0.0 a", "0.0 b"],
	],
	"dumps of all that passed": [
		`read(4, "ab"..., 100)      = 20
 | 00000  61 62 63 64 65 66 67 68  69 6a 6b 6c 6d 6e 6f 70  abcdefghijklmnop |
 | 00010  71 72 73 74                                       qrst             |
write(4, "x", 1) = 1`,
		...["0.0 abcdefghijklmnopqrst", "0.1 x"],
	],
	"signals, stack traces and what strace says itself": [
		`strace: Process 11 attached
--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=12} ---
read(4, "a", 8) = 1
 > /usr/lib/libc.so.6(read+0x10) [0x1234]
strace: Process 11 detached`,
		"0.0 a",
	],
	"strings that look like the end of a call": [
		`write(4, "x) = 5", 6) = 6
write(4, "<unfinished ...>", 16) = 16
write(4, "\\") = 1", 6) = 6`,
		...["0.1 x) = 5", "0.1 <unfinished ...>", '0.1 ") = 1'],
	],
};

for (const [name, [log, ...lines]] of Object.entries(CALLS)) {
	test(name, () => {
		assert.deepEqual(told(`${log}\n`).lines, lines);
	});
}

test("ends have the addresses that the log shows", () => {
	const addresses = (log: string) => {
		const [flow] = told(`${log}\n`).flows;
		return [flow?.addressOf(0), flow?.addressOf(1)];
	};
	const read = 'read(4, "a", 8) = 1';
	assert.deepEqual(
		addresses(
			`accept(3, {sa_family=AF_INET, sin_port=htons(4000), sin_addr=inet_addr("\\x31\\x2e\\x32\\x2e\\x33\\x2e\\x34")}, [16]) = 4\n${read}`,
		),
		["1.2.3.4:4000", undefined],
	);
	assert.deepEqual(
		addresses(
			`accept(3, {sa_family=AF_INET6, sin6_port=htons(4000), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, [28]) = 4<TCPv6:[[::1]:9000->[::1]:4000]>\n${read}`,
		),
		["[::1]:4000", "[::1]:9000"],
	);
	assert.deepEqual(
		addresses(
			`accept(3<UNIX-STREAM:[12,"/run/php.sock"]>, {sa_family=AF_UNIX}, [2]) = 4<UNIX-STREAM:[13->14,"/run/php.sock"]>\n${read}`,
		),
		[undefined, "/run/php.sock"],
	);
	assert.deepEqual(
		addresses(
			`connect(4, {sa_family=AF_UNIX, sun_path=@"abstract"}, 110) = 0\n${read}`,
		),
		[undefined, "@abstract"],
	);
	assert.deepEqual(
		addresses('read(4<TCP:[1.1.1.1:9000->2.2.2.2:5]>, "a", 8) = 1'),
		["2.2.2.2:5", "1.1.1.1:9000"],
	);
});

test("what a person should know is said once", () => {
	const { remarks } = told(`11 10:00:00 write(4, "ab"..., 10) = 10
11 10:00:01 write(4, "ab"..., 10) = 10
11 10:00:02 write(4, "ab", 2 <unfinished ...>
12 10:00:02 read(5,  <unfinished ...>
`);
	assert.deepEqual(remarks, [
		"the text has times of day without a date: they count from 1970-01-01",
		"16 bytes are not in the log, the first of line 1: strace -s 65535 shows strings whole",
		"1 call of which the log has one half only, left out",
	]);
});

test("a result that the end of the log cuts off is not believed", () => {
	const { lines, remarks } = told('write(4, "abcdefghijkl", 12) = 1');
	assert.deepEqual(lines, []);
	assert.deepEqual(remarks, ["the log ends in the middle of line 1"]);
	assert.deepEqual(told('write(4, "ab", 2) = 2').lines, ["0.1 ab"]);
});

test("a call that never ends is given up", () => {
	const parts = Array.from(
		{ length: 2000 },
		() => "11 <... write resumed> <unfinished ...>",
	);
	const chain = ['11 write(4, "a", 1 <unfinished ...>', ...parts];
	const { lines, remarks } = told(`${chain.join("\n")}\n`);
	assert.deepEqual(lines, []);
	assert.match(remarks.join("\n"), /one half only, left out$/m);
});

test("what ends in prose or in a fence is no log that is cut off", () => {
	for (const last of ["```", "$ ", "Then it hung."]) {
		const { remarks } = told(`read(4, "ab", 8) = 2\n${last}`);
		assert.deepEqual(remarks, [], last);
	}
	assert.deepEqual(told('read(4, "ab", 8) = 2\nwrite(4, "c').remarks, [
		"the log ends in the middle of line 2",
	]);
});
