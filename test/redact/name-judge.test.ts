import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NameBytes } from "../../src/redact/name-bytes.js";
import { NameJudge } from "../../src/redact/name-judge.js";
import * as tables from "../../src/redact/secret-names.js";

const judge = new NameJudge();

const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
	whole: [
		...["PHP_AUTH_PW", "PHP_AUTH_DIGEST", "REMOTE_PASSWD", "DB_PASSWORD"],
		...["MYSQL_ROOT_PASSWORD", "SMTP_PASS", "APP_SECRET", "APP_KEY"],
		...["HTTP_X_API_KEY", "HTTP_X_APIKEY", "HTTP_X_CSRF_TOKEN", "API_TOKEN"],
		...["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "SSL_SESSION_ID"],
		...["SESSION_ID", "HTTP_X_SESSION_ID", "SESSIONID", "GOOGLE_CREDENTIALS"],
		...["HTTP_X_AMZN_OIDC_ACCESSTOKEN", "HTTP_CF_ACCESS_JWT_ASSERTION"],
		...["HTTP_X_AUTH", "X-Api-Key", "X-Auth-Token", "X-Hub-Signature-256"],
		...["AUTH_SALT", "NONCE_SALT", "DB_PSWD", "SMTP_CREDS", "GITHUB_PAT"],
		...["HTTP_COOKIEa", "HTTP_AUTHORIZATIONB", "PHP_AUTH_PWx"],
		...["REDIRECT_REMOTE_PASSWD", "PRIVATE_KEY_PEM", "DB_CONNECTION_STRING"],
	],
	cookies: ["HTTP_COOKIE", "Cookie", "REDIRECT_HTTP_COOKIE", "HTTP_COOKIE2"],
	setCookie: [
		...["Set-Cookie", "set-cookie", "Set-Cookie ", "\xef\xbb\xbfSet-Cookie"],
	],
	credentials: [
		...["HTTP_AUTHORIZATION", "AUTHORIZATION", "HTTP_PROXY_AUTHORIZATION"],
		...["REDIRECT_HTTP_AUTHORIZATION", "Proxy-Authorization"],
		...["HTTP_X_FORWARDED_AUTHORIZATION", "authorization"],
	],
	connection: [
		...["DATABASE_URL", "REDIS_URL", "MAILER_DSN", "SENTRY_DSN", "MONGODB_URI"],
		...["HTTP_PROXY", "https_proxy", "CLEARDB_DATABASE_URL"],
	],
	lines: ["PHP_VALUE", "PHP_ADMIN_VALUE", "ALL_RAW"],
	query: ["QUERY_STRING", "REDIRECT_QUERY_STRING"],
	url: [
		...["REQUEST_URI", "DOCUMENT_URI", "HTTP_REFERER", "UNENCODED_URL"],
		...["SCRIPT_FILENAME", "SCRIPT_NAME", "PATH_INFO", "SERVER_PROTOCOL"],
		...["HTTP_KEEP_ALIVE", "SSL_CIPHER_USEKEYSIZE", "SSL_CIPHER_ALGKEYSIZE"],
		...["KEYBOARD", "HTTP_SEC_WEBSOCKET_KEY", "SSL_SERVER_A_KEY"],
		...["SSL_CLIENT_A_KEY", "SSL_SESSION_RESUMED", "SERVER_SIGNATURE", "PWD"],
		...["OLDPWD", "AUTH_TYPE", "PHP_AUTH_USER", "REMOTE_USER", "KEYWORDS"],
		...["XDG_SESSION_TYPE", "DESKTOP_SESSION", "SSH_AUTH_SOCK", "MONKEY"],
		...["HTTP_ACCEPT", "HTTP_USER_AGENT", "CONTENT_TYPE", "CONTENT_LENGTH"],
		...["HTTP_SEC_FETCH_SITE", "HTTP_X_FORWARDED_FOR", "COMPASS", "PASSENGER"],
		...["HTTP_X_REQUEST_ID", "WWW-Authenticate", "Location", "SECRETARIAT"],
		...["HTTP_UPGRADE_INSECURE_REQUESTS", "PATH", "LESSKEY", "SSL_TLS_SNI"],
		...["HTTP_X_FORWARDED_PROTO", "PUBLIC_KEY", "SESSION_TIMEOUT", "Status"],
	],
};
for (const [treatment, names] of Object.entries(PARAMETERS)) {
	test(`parameters and header fields whose treatment is ${treatment}`, () => {
		for (const name of names) {
			assert.equal(judge.judge(name).treatment, treatment, name);
		}
	});
}

test("fields that are secrets", () => {
	for (const name of [
		...["password", "passwd", "pwd", "pw", "pass", "user[password]"],
		...["user[password_confirmation]", "newPassword", "old_pwd", "passphrase"],
		...["token", "access_token", "refreshToken", "csrfmiddlewaretoken"],
		...["authenticity_token", "_csrf", "_wpnonce", "PHPSESSID", "JSESSIONID"],
		...["sid", "connect.sid", "session", "laravel_session", "sessionId"],
		...["api_key", "apikey", "apiKey", "client_secret", "secret", "sig"],
		...["signature", "X-Amz-Signature", "X-Amz-Credential", "jwt", "otp"],
		...["client_assertion", "code_verifier", "passkey", "x-wsse"],
		...["private_key", "authKey", "licensekey", "SAMLResponse", "auth"],
		...["pass1", "pass2", "pass1-text", "user_pass2", "PIN2", "pw1"],
		...["authorization", "cookie", "password2", "Passwort", "mypassword"],
	]) {
		assert.equal(judge.judge(name).secretField, true, name);
	}
});

test("fields that are none", () => {
	for (const name of [
		...["", "a", "key", "keys", "keyword", "keyboard", "monkey", "turkey"],
		...["user", "username", "login", "email", "code", "state", "nonce", "page"],
		...["token_type", "tokenizer", "max_tokens", "password_length", "passport"],
		...["passenger", "compass", "bypass", "secretary", "design", "assign"],
		...["session_name", "session_timeout", "sessions", "author", "authors"],
		...["auth_type", "authority", "oauth_version", "meta_key", "public_key"],
		...["primary_key", "sort_key", "pinned", "spin", "side", "inside", "id"],
		...["signed", "significant", "signal", "cookie_consent", "cookies"],
	]) {
		assert.equal(judge.judge(name).secretField, false, name);
	}
});

test("a name that is added is one of a parameter, a header field and a field", () => {
	const added = new NameJudge(["x-shop-id", "HTTP_X_CART", "pan", "Order-No"]);
	for (const name of [
		...["HTTP_X_SHOP_ID", "X-Shop-Id", "x_shop_id", "X-Cart", "PAN", "pan"],
		...["card[pan]", "order_no", "REDIRECT_HTTP_X_CART", "ORDER-NO"],
	]) {
		assert.equal(added.judge(name).treatment, "whole", name);
		assert.equal(added.judge(name).secretField, true, name);
		assert.equal(added.judge(name).secretInText, true, name);
	}
	for (const name of ["panel", "SHOP_ID", "pan[x]", "company"]) {
		assert.equal(added.judge(name).secretField, false, name);
	}
});

test("any number of names is judged alike, and again", () => {
	const name = new NameBytes();
	const judged = (text: string) => {
		name.clear();
		for (const byte of Buffer.from(text)) name.add(byte);
		return judge.judgeBytes(name).secretField;
	};
	for (let i = 0; i < 10_000; i++) {
		assert.equal(judged(`field${i % 5000}`), false);
		assert.equal(judged(`field${i % 5000}_password`), true);
	}
	assert.equal(judged("a".repeat(300)), true);
});

test("what is told at a glance to be harmless is harmless by the tables as well", () => {
	const words = [...Object.values(tables).flat(), "x", "URL", "Id", "KEY"];
	const thorough = new NameJudge(["no such name"]);
	const name = fc
		.array(
			fc.tuple(
				fc.constantFrom(...words),
				fc.constantFrom("", "_", "-", "[", "x"),
				fc.boolean(),
			),
			{ maxLength: 4 },
		)
		.map((all) =>
			all
				.map(
					([word, mark, small]) => (small ? word.toLowerCase() : word) + mark,
				)
				.join(""),
		);
	fc.assert(
		fc.property(name, (text) => {
			assert.deepEqual(judge.judge(text), thorough.judge(text));
		}),
		{ numRuns: 5000 },
	);
});
