// A libfcgi application; what it can be asked for is in README.md. Built by test/support/apps.ts: cc libfcgi.c -lfcgi
#include <ctype.h>
#include <fcgiapp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The value of a name in QUERY_STRING, undecoded; NULL where it is not there. One value is good until the next call.
static char *asked(const char *query, const char *name) {
	static char value[1024];
	size_t length = strlen(name);
	while (query && *query) {
		if (strncmp(query, name, length) == 0 && query[length] == '=') {
			snprintf(value, sizeof value, "%s", query + length + 1);
			value[strcspn(value, "&")] = '\0';
			return value;
		}
		query = strchr(query, '&');
		if (query) query++;
	}
	return NULL;
}

static long number(const char *query, const char *name) {
	const char *value = asked(query, name);
	return value ? atol(value) : -1;
}

// Reads a stream to its end; the bytes are the caller's.
static char *whole(FCGX_Stream *in, size_t *length) {
	size_t room = 65536;
	char *bytes = malloc(room);
	*length = 0;
	for (;;) {
		int got = FCGX_GetStr(bytes + *length, room - *length, in);
		if (got <= 0) return bytes;
		*length += got;
		if (*length == room) bytes = realloc(bytes, room *= 2);
	}
}

// Writes a line with the SHA-256 of what sha256sum is given.
static void digest(FCGX_Request *request, const char *name, const char *bytes, size_t length) {
	char path[] = "/tmp/fcgi-inspect-digest-XXXXXX", command[100], hex[65] = "";
	int fd = mkstemp(path);
	for (size_t done = 0; done < length;) {
		ssize_t n = write(fd, bytes + done, length - done);
		if (n <= 0) break;
		done += n;
	}
	close(fd);
	snprintf(command, sizeof command, "sha256sum %s", path);
	FILE *sum = popen(command, "r");
	if (sum) {
		if (!fgets(hex, sizeof hex, sum)) hex[0] = '\0';
		pclose(sum);
	}
	unlink(path);
	FCGX_FPrintF(request->out, "%s %s\n", name, hex);
}

static int ascending(const void *a, const void *b) {
	return strcmp(*(char *const *)a, *(char *const *)b);
}

// Writes a line with the SHA-256 of all parameters HTTP_X_..., a line each, in their order.
static void vars(FCGX_Request *request) {
	char *found[1024], *text;
	size_t count = 0, length = 0;
	for (char **one = request->envp; *one && count < 1024; one++) {
		if (strncmp(*one, "HTTP_X_", 7)) continue;
		found[count++] = *one;
		length += strlen(*one) + 1;
	}
	qsort(found, count, sizeof *found, ascending);
	text = malloc(length + 1);
	length = 0;
	for (size_t i = 0; i < count; i++) length += sprintf(text + length, "%s\n", found[i]);
	digest(request, "vars", text, length);
	free(text);
}

static void respond(FCGX_Request *request, const char *query, const char *role) {
	size_t length;
	char *body = whole(request->in, &length);
	const char *value;
	long count;

	if ((count = number(query, "sleep")) >= 0) usleep(count * 1000);
	if ((value = asked(query, "log"))) fprintf(stderr, "%s\n", value);
	for (count = number(query, "flood"); count > 0; count--) {
		char line[100];
		memset(line, '.', sizeof line);
		line[99] = '\n';
		if (write(1, line, sizeof line) < 0) break;
	}
	if ((value = asked(query, "stderr"))) FCGX_FPrintF(request->err, "%s\n", value);
	if ((count = number(query, "exit")) >= 0) _exit(count);
	if ((count = number(query, "signal")) >= 0) kill(getpid(), count);
	if ((count = number(query, "status")) >= 0) FCGX_SetExitStatus(count, request->out);

	FCGX_FPrintF(request->out, "Content-Type: text/plain\r\n\r\n");
	if (asked(query, "echo")) {
		FCGX_PutStr(body, length, request->out);
	} else if ((count = number(query, "size")) >= 0) {
		char block[8192];
		memset(block, 'x', sizeof block);
		for (; count > 0; count -= sizeof block)
			FCGX_PutStr(block, count < (long)sizeof block ? count : (long)sizeof block, request->out);
	} else {
		const char *method = FCGX_GetParam("REQUEST_METHOD", request->envp);
		FCGX_FPrintF(request->out, "app libfcgi\nrole %s\npid %d\nmethod %s\nstdin %d\n", role, (int)getpid(),
			method ? method : "", (int)length);
		if ((value = asked(query, "env"))) {
			const char *found = getenv(value);
			FCGX_FPrintF(request->out, "env %s\n", found ? found : "");
		}
		if (asked(query, "digest")) digest(request, "digest", body, length);
		if (asked(query, "vars")) vars(request);
	}
	free(body);
}

static void authorize(FCGX_Request *request, const char *query) {
	if (asked(query, "allow"))
		FCGX_FPrintF(request->out, "Status: 200 OK\r\nVariable-WHO: tester\r\n\r\n");
	else
		FCGX_FPrintF(request->out, "Status: 403 Forbidden\r\nContent-Type: text/plain\r\n\r\nno\n");
}

static void filter(FCGX_Request *request) {
	size_t length, stdin_length;
	const char *announced = FCGX_GetParam("FCGI_DATA_LENGTH", request->envp);
	const char *modified = FCGX_GetParam("FCGI_DATA_LAST_MOD", request->envp);
	free(whole(request->in, &stdin_length));
	FCGX_StartFilterData(request->in);
	char *data = whole(request->in, &length);
	for (size_t i = 0; i < length; i++) data[i] = toupper((unsigned char)data[i]);
	FCGX_FPrintF(request->out, "Content-Type: text/plain\r\nX-Seen: stdin %d, data %d of %s, modified %s\r\n\r\n",
		(int)stdin_length, (int)length, announced ? announced : "?", modified ? modified : "?");
	FCGX_PutStr(data, length, request->out);
	free(data);
}

int main(void) {
	FCGX_Request request;
	FCGX_Init();
	FCGX_InitRequest(&request, 0, 0);
	while (FCGX_Accept_r(&request) == 0) {
		const char *query = FCGX_GetParam("QUERY_STRING", request.envp);
		const char *role = FCGX_GetParam("FCGI_ROLE", request.envp);
		if (role && strcmp(role, "AUTHORIZER") == 0) authorize(&request, query);
		else if (role && strcmp(role, "FILTER") == 0) filter(&request);
		else respond(&request, query, role ? role : "");
		FCGX_Finish_r(&request);
	}
	return 0;
}
