/*
 * Both ends of FastCGI for measuring what stands in between, in C so that they cost next to nothing.
 *
 *   load app PATH BYTES                     answers each request with BYTES of STDOUT
 *   load client PATH REQUESTS CONNECTIONS keep|new [RATE]
 *       sends requests, RATE of them a second if it is given, and prints: MB/s, requests/s, p50, p99 and the longest in
 *       microseconds, requests that failed
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { BEGIN = 1, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6 };

static struct sockaddr_un address;

static size_t record(uint8_t *out, int type, const void *content, int length) {
	uint8_t header[8] = {1, type, 0, 1, length >> 8, length & 255, -length & 7, 0};
	memcpy(out, header, 8);
	if (length) memcpy(out + 8, content, length);
	memset(out + 8 + length, 0, -length & 7);
	return 8 + length + (-length & 7);
}

/* Reads records until one of a type and, if empty is asked for, without content; returns bytes read, or 0 at the end. */
struct reader { uint8_t *buffer; size_t skip; int header_bytes; uint8_t header[8]; };
static long read_until(int fd, struct reader *r, int type, int empty) {
	static const size_t SIZE = 1 << 18;
	long total = 0;
	for (;;) {
		ssize_t n = read(fd, r->buffer, SIZE);
		if (n <= 0) return 0;
		total += n;
		int found = 0;
		for (ssize_t at = 0; at < n;) {
			if (r->skip) {
				size_t step = r->skip < (size_t)(n - at) ? r->skip : (size_t)(n - at);
				r->skip -= step;
				at += step;
				continue;
			}
			r->header[r->header_bytes++] = r->buffer[at++];
			if (r->header_bytes < 8) continue;
			r->header_bytes = 0;
			int length = r->header[4] << 8 | r->header[5];
			r->skip = length + r->header[6];
			if (r->header[1] == type && (!empty || length == 0)) found = 1;
		}
		if (found && r->skip == 0) return total;
	}
}

static int write_all(int fd, const uint8_t *bytes, size_t length) {
	while (length) {
		ssize_t n = write(fd, bytes, length);
		if (n <= 0) return 0;
		bytes += n;
		length -= n;
	}
	return 1;
}

static uint8_t *answer;
static size_t answer_length;

static void *serve(void *argument) {
	int fd = (int)(intptr_t)argument;
	struct reader r = {malloc(1 << 18), 0, 0, {0}};
	while (read_until(fd, &r, STDIN, 1) > 0 && write_all(fd, answer, answer_length)) {}
	close(fd);
	free(r.buffer);
	return NULL;
}

static void start(void *(*work)(void *), intptr_t argument, pthread_t *thread) {
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 65536);
	if (pthread_create(thread, &attributes, work, (void *)argument)) abort();
}

static int app(long bytes) {
	static uint8_t content[65528];
	memset(content, 'x', sizeof content);
	memcpy(content, "Content-Type: text/plain\r\n\r\n", 28);
	answer = malloc(bytes + bytes / 65528 * 8 + 200);
	for (long left = bytes; left > 0; left -= left < 65528 ? left : 65528) {
		answer_length += record(answer + answer_length, STDOUT, content, left < 65528 ? left : 65528);
		memset(content, 'x', 28);
	}
	answer_length += record(answer + answer_length, STDOUT, NULL, 0);
	answer_length += record(answer + answer_length, END, "\0\0\0\0\0\0\0", 8);
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	unlink(address.sun_path);
	if (bind(listener, (void *)&address, sizeof address) || listen(listener, 1024)) return perror("listen"), 1;
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		pthread_t thread;
		if (fd < 0) continue;
		start(serve, fd, &thread);
		pthread_detach(thread);
	}
}

static uint8_t request[2048];
static size_t request_length;
static long per_connection;
static int keep;
static double interval;
static double *latencies;
static long failures, received, connections_in_all;
static double started;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void *ask(void *argument) {
	long connection = (intptr_t)argument, failed = 0, bytes = 0;
	struct reader r = {malloc(1 << 18), 0, 0, {0}};
	int fd = -1;
	for (long i = 0; i < per_connection; i++) {
		if (interval > 0) {
			double early = started + (i + (double)connection / connections_in_all) * interval - now();
			if (early > 0) usleep(early * 1e6);
		}
		double began = now();
		if (fd < 0) {
			fd = socket(AF_UNIX, SOCK_STREAM, 0);
			r.skip = r.header_bytes = 0;
			if (connect(fd, (void *)&address, sizeof address)) failed++;
		}
		long got = write_all(fd, request, request_length) ? read_until(fd, &r, END, 0) : 0;
		latencies[connection * per_connection + i] = now() - began;
		bytes += got;
		if (got == 0) failed++;
		if (got == 0 || !keep) close(fd), fd = -1;
	}
	if (fd >= 0) close(fd);
	pthread_mutex_lock(&lock);
	failures += failed;
	received += bytes;
	pthread_mutex_unlock(&lock);
	free(r.buffer);
	return NULL;
}

static int ascending(const void *a, const void *b) {
	double x = *(double *)a, y = *(double *)b;
	return (x > y) - (x < y);
}

static size_t pair(uint8_t *out, const char *name, const char *value) {
	out[0] = strlen(name);
	out[1] = strlen(value);
	memcpy(out + 2, name, out[0]);
	memcpy(out + 2 + out[0], value, out[1]);
	return 2 + out[0] + out[1];
}

static int client(long requests, long connections) {
	uint8_t begin[8] = {0, 1, keep}, params[1024];
	size_t length = pair(params, "REQUEST_METHOD", "GET");
	length += pair(params + length, "SCRIPT_NAME", "/index.php");
	length += pair(params + length, "REQUEST_URI", "/index.php?page=7");
	length += pair(params + length, "SCRIPT_FILENAME", "/srv/shop/public/index.php");
	length += pair(params + length, "HTTP_USER_AGENT", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
	request_length = record(request, BEGIN, begin, 8);
	request_length += record(request + request_length, PARAMS, params, length);
	request_length += record(request + request_length, PARAMS, NULL, 0);
	request_length += record(request + request_length, STDIN, NULL, 0);
	per_connection = requests / connections;
	requests = per_connection * connections;
	latencies = calloc(requests, sizeof *latencies);
	pthread_t *threads = calloc(connections, sizeof *threads);
	connections_in_all = connections;
	double began = started = now();
	for (long i = 0; i < connections; i++) start(ask, i, &threads[i]);
	for (long i = 0; i < connections; i++) pthread_join(threads[i], NULL);
	double took = now() - began;
	qsort(latencies, requests, sizeof *latencies, ascending);
	printf("%.1f %.0f %.1f %.1f %.1f %ld\n", received / took / 1e6, requests / took, latencies[requests / 2] * 1e6,
		latencies[requests * 99 / 100] * 1e6, latencies[requests - 1] * 1e6, failures);
	return failures > 0;
}

int main(int count, char **words) {
	signal(SIGPIPE, SIG_IGN);
	if (count < 4) return fprintf(stderr, "load app PATH BYTES | load client PATH REQUESTS CONNECTIONS keep|new\n"), 2;
	address.sun_family = AF_UNIX;
	strncpy(address.sun_path, words[2], sizeof address.sun_path - 1);
	if (strcmp(words[1], "app") == 0) return app(atol(words[3]));
	if (count < 6) return 2;
	keep = strcmp(words[5], "keep") == 0;
	/* Each connection takes its turn. */
	if (count > 6 && atof(words[6]) > 0) interval = atol(words[4]) / atof(words[6]);
	return client(atol(words[3]), atol(words[4]));
}
