#!/bin/sh
# A plain CGI program for fcgiwrap; what it can be asked for is in README.md.
asked() {
	printf '%s' "$QUERY_STRING" | tr '&' '\n' | sed -n "s/^$1=//p"
}
printf 'Content-Type: text/plain\r\n\r\n'
sleep=$(asked sleep)
[ -z "$sleep" ] || sleep "$(echo "$sleep" | awk '{ print $1 / 1000 }')"
stderr=$(asked stderr)
[ -z "$stderr" ] || echo "$stderr" >&2
size=$(asked size)
if [ -n "$(asked echo)" ]; then
	# fcgiwrap writes all of the body before it reads any of the answer.
	body=$(mktemp)
	cat >"$body"
	cat "$body"
	rm "$body"
elif [ -n "$size" ]; then
	head -c "$size" /dev/zero | tr '\0' x
elif [ -n "$(asked digest)" ]; then
	body=$(mktemp)
	cat >"$body"
	printf 'stdin %s\ndigest %s\n' "$(stat -c %s "$body")" "$(sha256sum <"$body" | cut -c 1-64)"
	rm "$body"
else
	stdin=$(head -c "${CONTENT_LENGTH:-0}" | wc -c)
	printf 'app fcgiwrap\nrole RESPONDER\npid %s\nmethod %s\nstdin %s\n' "$PPID" "$REQUEST_METHOD" "$stdin"
	env=$(asked env)
	[ -z "$(asked vars)" ] || printf 'vars %s\n' "$(env | grep '^HTTP_X_' | LC_ALL=C sort | sha256sum | cut -c 1-64)"
	[ -z "$env" ] || printf 'env %s\n' "$(printenv "$env")"
fi
