// Which names are names of secrets: all the rules there are, as tables. A name is read as words: `user[newPassword]`,
// `X-New-Password` and `HTTP_X_NEW_PASSWORD` have the words NEW and PASSWORD in common. What a name stands for is judged
// by its words, never by its value.

/**
 * A word that contains one of these makes a secret, wherever it stands: `PASSWD2`, `csrfmiddlewaretoken`, `PHPSESSID`,
 * `AWS_SECRET_ACCESS_KEY`. No usual word contains them, but for those of `HARMLESS_WORDS`.
 */
export const SECRET_PARTS: readonly string[] = [
	...["PASSW", "PASSPHRASE", "KENNWORT", "MOTDEPASSE", "CONTRASENA", "SENHA"],
	...["SECRET", "TOKEN", "CREDENTIAL", "APIKEY", "SESSIONID", "SESSID"],
];

/** A word that contains a part of a secret's name, and begins with one of these, has another sense. */
export const HARMLESS_WORDS: readonly string[] = [
	...["SECRETAR", "TOKENIZ", "TOKENIS", "PASSWORDLESS"],
];

/**
 * Words that make a secret where they stand whole, anywhere in a name. `PW` and `PWD` are what PHP and WordPress call a
 * password; `SID`, `SIG` and `SIGNATURE` sign or carry a session in URLs; a `CSRF` token works for as long as its session.
 * CODE is not among them: OAuth's works once, within minutes, and only for its client (RFC 6749, section 4.1.2), and most
 * other fields called so are codes of countries, products and statuses.
 */
export const SECRET_WORDS: readonly string[] = [
	...["AUTHORIZATION", "PASSCODE", "PASS", "PW", "PWD", "PSWD", "SID", "SIG"],
	...["CREDS"],
	...["SIGNATURE", "JWT", "BEARER", "OTP", "TOTP", "CSRF", "XSRF", "WPNONCE"],
	...["ASSERTION", "WSSE", "CVV", "CVC", "IBAN"],
];

/** Words that make a secret as the last of a name: `laravel_session`, `X-Auth`, WordPress's `NONCE_SALT`, but not `SESSION_NAME` or `AUTH_TYPE`. */
export const SECRET_LAST_WORDS: readonly string[] = [
	...["SESSION", "AUTH", "PIN", "SALT"],
];

/** Words that make a secret next to each other. */
export const SECRET_PHRASES: readonly string[] = [
	...["API_KEY", "ACCESS_KEY", "SECRET_KEY", "PRIVATE_KEY", "AUTH_DIGEST"],
	...["CONNECTION_STRING", "SAML_RESPONSE", "CODE_VERIFIER", "OIDC_DATA"],
	...["GITHUB_PAT", "GITLAB_PAT", "AZURE_PAT", "DEVOPS_PAT"],
	...["CARD_NUMBER", "CARD_CODE", "ACCOUNT_NUMBER"],
];

/** What makes a secret in front of KEY in one word: `authkey`, `licensekey`; of KEYBOARD, USEKEYSIZE and KEEP, nothing. */
export const KEY_KINDS: readonly string[] = [
	...["ACCESS", "API", "APP", "AUTH", "CONSUMER", "ENCRYPTION", "LICENSE"],
	...["LICENCE", "MASTER", "PASS", "PRIVATE", "SERVICE", "SIGNING"],
];

/**
 * A name of several words whose last is KEY is a secret, unless the word in front is one of these: keys that open nothing.
 * `A` is mod_ssl's SSL_SERVER_A_KEY, the name of an algorithm; WEBSOCKET's is no secret but a nonce (RFC 6455, 4.1). KEY
 * alone names the key of anything: Google's `key=` has to be asked for.
 */
export const HARMLESS_KEYS: readonly string[] = [
	...["A", "ARRAY", "CACHE", "COLUMN", "FOREIGN", "GROUP", "HOT", "INDEX"],
	...["LANG", "LANGUAGE", "MAP", "META", "OBJECT", "OPTION", "PARTITION"],
	...["PRIMARY", "PUBLIC", "PUBLISHABLE", "ROUTING", "SORT", "TRANSLATION"],
	...["UNIQUE", "WEBSOCKET"],
];

/** A name that ends in one of these tells something about a secret, not the secret: `token_type`, `PASSWORD_LENGTH`. */
export const MEASURES: readonly string[] = [
	...["ALG", "ALGORITHM", "COUNT", "ENABLED", "EXPIRES", "EXPIRY", "KEYSIZE"],
	...["LENGTH", "LIFETIME", "REQUIRED", "SIZE", "TIMEOUT", "TTL", "TYPE"],
	...["VERSION"],
];

/** Words that count, in front of a plural: `max_tokens` of a language model. */
export const COUNTING_WORDS: readonly string[] = ["MAX", "MIN", "NUM", "TOTAL"];

/**
 * Names of parameters (and header fields) that would be taken for secrets by their words and are none: Apache's footer, and
 * what the environment of a shell holds, which cgi-fcgi sends. In forms, `pwd` is a password.
 */
export const HARMLESS_PARAMETERS: readonly string[] = [
	...["SERVER_SIGNATURE", "PWD", "DESKTOP_SESSION"],
];

/**
 * Parameters that web servers send and that are secrets by themselves: if the length in front of one is a lie, what is left over
 * of it, or of its value, is known for what it is.
 */
export const LISTED_NAMES: readonly string[] = [
	...["HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_PROXY_AUTHORIZATION"],
	...["PHP_AUTH_PW", "PHP_AUTH_DIGEST", "REMOTE_PASSWD"],
];

/** Header fields, and parameters made of them, that list cookies. */
export const COOKIE_NAMES: readonly string[] = ["COOKIE", "COOKIE2"];

/** Header fields that set a cookie. */
export const SET_COOKIE_NAMES: readonly string[] = [
	"SET_COOKIE",
	"SET_COOKIE2",
];

/** Names that end so hold an address with a password in it, if a word says what it is the address of. */
export const ADDRESS_WORDS: readonly string[] = ["URL", "URI", "DSN"];

/** What is reached by an address with a password in it. A DSN is one of these in any case, and so is a proxy. */
export const SERVICE_WORDS: readonly string[] = [
	...["AMQP", "BROKER", "CACHE", "CELERY", "CLEARDB", "CONNECTION", "DATABASE"],
	...["DB", "DSN", "ELASTICSEARCH", "FTP", "JAWSDB", "LDAP", "MAIL", "MAILER"],
	...["MARIADB", "MEMCACHED", "MESSENGER", "MONGO", "MONGODB", "MYSQL", "PG"],
	...["POSTGRES", "POSTGRESQL", "RABBITMQ", "REDIS", "SMTP"],
];

/** Parameters of several lines: settings of php.ini, such as `mysqli.default_pw`, and IIS's lists of all header fields. */
export const LINES_NAMES: readonly string[] = [
	...["PHP_VALUE", "PHP_ADMIN_VALUE", "ALL_HTTP", "ALL_RAW"],
];

/** Parameters whose name ends so begin with a field of a query; in others, a field follows `?`, `&`, `;` or `#`. */
export const QUERY_ENDINGS: readonly string[] = [
	...["QUERY_STRING", "QUERY_STRING_UNESCAPED", "REQUEST_BODY"],
];

/** What web servers put in front of the name of a header field, or of a parameter of an earlier try. */
export const NAME_PREFIXES: readonly string[] = ["REDIRECT_", "HTTP_"];

/**
 * The schemes of `Authorization`, which are shown (IANA's registry, and what is in use beside it). A value that begins with
 * none is masked from the first byte on that no scheme has there.
 */
export const AUTHORIZATION_SCHEMES: readonly string[] = [
	...["apikey", "aws4-hmac-sha256", "basic", "bearer", "digest", "dpop"],
	...["hawk", "hoba", "mutual", "negotiate", "ntlm", "oauth", "token", "vapid"],
	...["scram-sha-1", "scram-sha-256"],
];
