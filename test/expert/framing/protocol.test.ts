// The first 16 bytes that real servers and clients of other protocols send.

import assert from "node:assert/strict";
import { test } from "node:test";
import { protocolOf } from "../../../src/expert/framing/protocol.js";

const BEGINNINGS: readonly (readonly [
	bytes: string,
	protocol: string | undefined,
])[] = [
	["HTTP/1.1 400 Bad", "HTTP"],
	["GET / HTTP/1.1\r\n", "HTTP"],
	["PRI * HTTP/2.0\r\n", "HTTP/2"],
	["\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80\0", "HTTP/2"],
	["\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\x8f\x11\x9c\x01\x02", "TLS"],
	["\x15\x03\x01\0\x02\x02\x46", "TLS"],
	["SSH-2.0-OpenSSH_", "SSH"],
	["503\0<?xml version", "the debugger protocol DBGp (xdebug)"],
	["<!DOCTYPE HTML>\n", "HTML or XML"],
	["220 mail.example", "SMTP or FTP"],
	["+OK Dovecot read", "POP3"],
	["-ERR unknown com", "Redis"],
	["J\0\0\0\n8.0.33\0\x0b\0\0\0", "MySQL or MariaDB"],
	["E\0\0\0\x8cSFATAL\0VFAT", "PostgreSQL"],
	["ERROR\r\n", "memcached"],
	["AMQP\0\0\x09\x01", "AMQP"],
	["PROXY TCP4 192.0", "the PROXY protocol"],
	["\r\n\r\n\0\r\nQUIT\n!\x11\0\x0c", "the PROXY protocol"],
	["70:CONTENT_LENGT", "SCGI"],
	["hello", undefined],
	["\xde\xad\xbe\xef\0\x01\x02\x03\x04", undefined],
	["\x01\x06\0\x01\0\0\0\0", undefined],
	["", undefined],
];

for (const [text, protocol] of BEGINNINGS) {
	test(`${JSON.stringify(text)} is ${protocol ?? "of no known protocol"}`, () => {
		assert.equal(protocolOf(Buffer.from(text, "latin1")), protocol);
	});
}
