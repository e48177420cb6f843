// Which addresses are of the public internet.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isGlobal } from "../../../src/expert/security/global-address.js";

const GLOBAL = [
	"8.8.8.8",
	"172.15.255.255",
	"172.32.0.1",
	"100.63.255.255",
	"100.128.0.0",
	"192.169.0.1",
	"198.20.0.0",
	"223.255.255.255",
	"::ffff:8.8.8.8",
	"2a00:1450:4001::5",
	"2001:4860:4860::8888",
	"2600::",
];

const SPECIAL = [
	"127.0.0.1",
	"10.1.2.3",
	"172.16.0.1",
	"172.31.255.255",
	"192.168.1.1",
	"169.254.169.254",
	"100.64.0.1",
	"100.127.255.255",
	"192.0.2.1",
	"198.51.100.7",
	"203.0.113.9",
	"198.19.255.255",
	"0.0.0.0",
	"224.0.0.1",
	"255.255.255.255",
	"::1",
	"::",
	"::ffff:10.0.0.1",
	"fe80::1",
	"fd12:3456::1",
	"2001:db8::1",
	"2001:0db8:1::1",
	"3fff:fff::1",
	"ff02::1",
	"/run/php/php-fpm.sock",
	"",
];

test("addresses of the internet are global", () => {
	assert.deepEqual(GLOBAL.filter(isGlobal), GLOBAL);
});

test("addresses for private and special use, and other text, are not", () => {
	assert.deepEqual(SPECIAL.filter(isGlobal), []);
});
