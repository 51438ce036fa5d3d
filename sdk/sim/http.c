/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The embedded web server of a printer: GET and HEAD of recorded pages, HTTP/1.1 with keep-alive.
 *
 * Own code and not a library, because its faults are at the level of octets. It knows no ranges,
 * no chunks, no compression, no logins. Any other method is a write: shouted, answered 405. A
 * connection to an address that is no printer is reset.
 */
#include "sim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* The longest request head. */
#define HEAD_MAX 8192u
/* Filler for pages without end, written so many octets at a time. */
#define FILLER 16384u
/* Slow connections get their share this often. */
#define TICK_MS 50

enum state { READING, WAITING, WRITING, HANGING };

struct conn {
	struct watch watch; /* first: epoll points here */
	enum state state;
	struct sockaddr_storage peer;
	struct addr addr;
	bool close_after, reset_after;
	char in[HEAD_MAX + 1];
	size_t in_len;
	char head[512];
	size_t head_len, head_sent;
	const uint8_t *body; /* NULL: filler */
	uint8_t *body_own; /* freed with the answer */
	uint64_t body_len, body_sent;
	int64_t due_ms; /* WAITING: when to answer */
	double rate; /* octets a second, 0 unlimited */
	int64_t rate_from_ms;
	uint64_t rate_sent;
	struct conn *prev, *next; /* among those that wait for time */
	bool timed;
};

static struct watch listen_v4 = { .fd = -1 }, listen_v6 = { .fd = -1 };
static struct conn *timed_first;
static struct conn **by_fd; /* all there are: epoll's pointers are out of a leak checker's sight */
static size_t by_fd_size;
static int spare_fd = -1; /* given up to refuse a connection when there are no more */

/* ---- connections --------------------------------------------------------------------------- */

static void
timed_remove(struct conn *c)
{
	if (!c->timed)
		return;
	c->timed = false;
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		timed_first = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
}

static void
timed_add(struct conn *c)
{
	if (c->timed)
		return;
	c->timed = true;
	c->prev = NULL;
	c->next = timed_first;
	if (timed_first != NULL)
		timed_first->prev = c;
	timed_first = c;
}

static void
reset_fd(int fd)
{
	struct linger hard = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
	close(fd);
}

static void
conn_keep(struct conn *c)
{
	size_t fd = (size_t)c->watch.fd;

	if (fd >= by_fd_size) {
		by_fd = must_realloc(by_fd, 2 * fd + 1, sizeof *by_fd);
		memset(by_fd + by_fd_size, 0, (2 * fd + 1 - by_fd_size) * sizeof *by_fd);
		by_fd_size = 2 * fd + 1;
	}
	by_fd[fd] = c;
}

static void
conn_end(struct conn *c)
{
	timed_remove(c);
	by_fd[c->watch.fd] = NULL;
	if (c->reset_after)
		reset_fd(c->watch.fd);
	else
		close(c->watch.fd);
	free(c->body_own);
	free(c);
}

/* ---- answers ------------------------------------------------------------------------------- */

static void
answer_head(struct conn *c, const char *status, const char *headers, uint64_t length)
{
	char length_line[48] = "";

	if (length != UINT64_MAX)
		snprintf(length_line, sizeof length_line, "Content-Length: %llu\r\n",
			(unsigned long long)length);
	c->head_len = (size_t)snprintf(c->head, sizeof c->head, "HTTP/1.1 %s\r\n%s%s%s\r\n", status,
		headers, length_line, c->close_after ? "Connection: close\r\n" : "");
	c->body_len = length;
}

static void
answer_text(struct conn *c, const char *status, const char *headers, const char *text)
{
	answer_head(c, status, headers, strlen(text));
	c->body = (const uint8_t *)text;
}

/* The page with this printer's serial number in it. */
static void
answer_page(struct conn *c, const struct printer *p, const struct page *page)
{
	char type[80];

	snprintf(type, sizeof type, "Content-Type: %s\r\n", page->type);
	answer_head(c, "200 OK", type, page->len);
	c->body = page->body;
	if (p->number != 0 && page->len > 0) {
		c->body_own = must_realloc(NULL, page->len, 1);
		memcpy(c->body_own, page->body, page->len);
		ident_overwrite(p, c->body_own, page->len);
		c->body = c->body_own;
	}
}

/* True when a fault has answered. */
static bool
answer_faulty(struct conn *c, const struct printer *p)
{
	struct fault *const *on = p->fault;
	char headers[300];

	if (on[FAULT_HTTP_REDIRECT]) {
		snprintf(headers, sizeof headers, "Location: %.280s\r\n",
			on[FAULT_HTTP_REDIRECT]->text);
		answer_text(c, "302 Found", headers, "");
	} else if (on[FAULT_HTTP_ENDLESS]) {
		c->close_after = true;
		answer_head(c, "200 OK", "Content-Type: text/html\r\n", UINT64_MAX);
	} else if (on[FAULT_HTTP_HUGE]) {
		answer_head(c, "200 OK", "Content-Type: text/html\r\n",
			(uint64_t)(on[FAULT_HTTP_HUGE]->number * 1048576));
	} else {
		return false;
	}
	return true;
}

static bool
is_write(const char *method, size_t len)
{
	return !(len == 3 && memcmp(method, "GET", 3) == 0) &&
		!(len == 4 && memcmp(method, "HEAD", 4) == 0);
}

static void
note_write(struct sim *sim, struct conn *c, const struct printer *p, const char *method,
	size_t method_len, const char *target)
{
	char what[32];

	sim->stats.post++;
	snprintf(what, sizeof what, "HTTP %.*s", (int)(method_len > 20 ? 20 : method_len), method);
	report_write(sim, what, &c->peer, p, target);
	c->close_after = true; /* its body is not read */
	answer_text(c, "405 Method Not Allowed", "Allow: GET, HEAD\r\n", "");
}

/* "GET /path HTTP/1.1": builds the answer; false when it is not HTTP. */
static bool
answer_request(struct sim *sim, struct conn *c, const struct printer *p, char *line)
{
	size_t method_len = strcspn(line, " "), target_len;
	char *target = line + method_len + 1;
	const struct page *page;

	if (line[method_len] == '\0' || target[target_len = strcspn(target, " ")] == '\0' ||
		strncmp(target + target_len, " HTTP/1.", 8) != 0)
		return false;
	if (sim->trace != NULL)
		report_trace_http(sim, &c->peer, p, line);
	c->close_after |= target[target_len + 8] == '0';
	target[target_len] = '\0';
	if (is_write(line, method_len)) {
		note_write(sim, c, p, line, method_len, target);
		return true;
	}
	sim->stats.http_get++;
	page = page_find(p->capture, target, target_len);
	if (!answer_faulty(c, p)) {
		if (page != NULL)
			answer_page(c, p, page);
		else
			answer_text(c, "404 Not Found", "Content-Type: text/plain\r\n",
				"not found\n");
	}
	if (method_len == 4)
		c->body_len = 0;
	return true;
}

/* ---- reading ------------------------------------------------------------------------------- */

/* Takes the request head, in_len octets up to `end`, out of the buffer and starts the answer. */
static void
take_request(struct sim *sim, struct conn *c, size_t head_len)
{
	struct printer p;
	bool ok;

	c->in[head_len - 4] = '\0';
	c->close_after = strcasestr(c->in, "\r\nconnection: close") != NULL;
	c->in[strcspn(c->in, "\r\n")] = '\0';
	ok = printer_find(sim, c->addr, &p) && answer_request(sim, c, &p, c->in);
	if (!ok) {
		c->close_after = true;
		answer_text(c, "400 Bad Request", "", "");
		sim->stats.malformed++;
	}
	memmove(c->in, c->in + head_len, c->in_len - head_len);
	c->in_len -= head_len;

	c->reset_after = ok && p.fault[FAULT_HTTP_RESET];
	c->rate = ok && p.fault[FAULT_HTTP_SLOW] ? p.fault[FAULT_HTTP_SLOW]->number : 0;
	c->rate_from_ms = sim->now_ms;
	c->due_ms = sim->now_ms + (ok ? fault_delay_ms(sim, &p) : 0);
	c->state = ok && (p.fault[FAULT_HTTP_HANG] || p.fault[FAULT_SILENT]) ? HANGING
		: c->due_ms > sim->now_ms                                    ? WAITING
									     : WRITING;
	if (c->state == WAITING || c->rate > 0)
		timed_add(c);
}

/* A whole head in the buffer starts an answer; one too long ends the connection. */
static void
look_for_request(struct sim *sim, struct conn *c)
{
	char *end;

	c->in[c->in_len] = '\0';
	end = memmem(c->in, c->in_len, "\r\n\r\n", 4);
	if (end != NULL)
		take_request(sim, c, (size_t)(end - c->in) + 4);
	else if (c->in_len == HEAD_MAX)
		c->close_after = true;
}

/* False when the connection is over. */
static bool
conn_read(struct sim *sim, struct conn *c)
{
	char ignored[1024];
	bool room = c->in_len < HEAD_MAX;
	ssize_t n;

	if (room)
		n = read(c->watch.fd, c->in + c->in_len, HEAD_MAX - c->in_len);
	else
		n = read(c->watch.fd, ignored, sizeof ignored);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		return false;
	if (n < 0 || !room)
		return true;
	sim->stats.bytes_in += (uint64_t)n;
	c->in_len += (size_t)n;
	if (c->state != READING)
		return true; /* the next request, kept until this one is answered */
	look_for_request(sim, c);
	return !(c->state == READING && c->close_after);
}

/* ---- writing ------------------------------------------------------------------------------- */

/* How many octets may go now. */
static size_t
allowance(const struct sim *sim, const struct conn *c)
{
	double granted = (double)(sim->now_ms - c->rate_from_ms) * c->rate / 1000;

	if (c->rate <= 0)
		return SIZE_MAX;
	return granted > (double)c->rate_sent ? (size_t)(granted - (double)c->rate_sent) : 0;
}

static ssize_t
write_some(struct conn *c, size_t most)
{
	static const uint8_t filler[FILLER];
	const void *from = c->head + c->head_sent;
	uint64_t left = c->head_len - c->head_sent;

	if (left == 0) {
		left = c->body_len - c->body_sent;
		from = c->body ? c->body + c->body_sent : filler;
		if (c->body == NULL && left > FILLER)
			left = FILLER;
	}
	if (left > most)
		left = most;
	return send(c->watch.fd, from, (size_t)left, MSG_NOSIGNAL);
}

static bool
all_sent(const struct conn *c)
{
	if (c->reset_after)
		return c->head_sent == c->head_len && c->body_sent >= c->body_len / 2;
	return c->head_sent == c->head_len && c->body_sent == c->body_len;
}

/* False when the connection is over. */
static bool
conn_write(struct sim *sim, struct conn *c)
{
	size_t budget = 16 * FILLER, most;

	while (!all_sent(c)) {
		ssize_t n;

		most = allowance(sim, c);
		if (most == 0 || budget == 0)
			return true;
		if (c->reset_after && c->head_sent == c->head_len &&
			most > c->body_len / 2 - c->body_sent)
			most = (size_t)(c->body_len / 2 - c->body_sent);
		n = write_some(c, most < budget ? most : budget);
		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		budget -= (size_t)n;
		c->rate_sent += (uint64_t)n;
		sim->stats.bytes_out += (uint64_t)n;
		if (c->head_sent < c->head_len)
			c->head_sent += (size_t)n;
		else if (c->body_len != UINT64_MAX)
			c->body_sent += (uint64_t)n;
	}
	return false;
}

/* An answer is out: the next request may be in the buffer already. */
static void
answer_done(struct sim *sim, struct conn *c)
{
	timed_remove(c);
	free(c->body_own);
	c->body = c->body_own = NULL;
	c->head_len = c->head_sent = 0;
	c->body_len = c->body_sent = c->rate_sent = 0;
	c->state = READING;
	look_for_request(sim, c);
}

static uint32_t
events_of(const struct conn *c)
{
	return c->state == WRITING && c->rate <= 0 ? EPOLLIN | EPOLLOUT : EPOLLIN;
}

static void
conn_go_on(struct sim *sim, struct conn *c)
{
	uint32_t watched = events_of(c);

	if (c->state == WAITING && c->due_ms <= sim->now_ms)
		c->state = WRITING;
	while (c->state == WRITING) {
		if (conn_write(sim, c))
			break;
		if (!all_sent(c) || c->close_after || c->reset_after) {
			conn_end(c);
			return;
		}
		answer_done(sim, c);
	}
	if (events_of(c) != watched || c->state == WRITING)
		sim_watch(sim, &c->watch, events_of(c));
}

static void
conn_ready(struct sim *sim, struct watch *w, uint32_t events)
{
	struct conn *c = (struct conn *)w;

	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR) && !conn_read(sim, c)) {
		conn_end(c);
		return;
	}
	conn_go_on(sim, c);
}

/* ---- time ---------------------------------------------------------------------------------- */

void
http_tick(struct sim *sim)
{
	struct conn *next;

	for (struct conn *c = timed_first; c != NULL; c = next) {
		next = c->next;
		conn_go_on(sim, c);
	}
}

int64_t
http_next_ms(const struct sim *sim)
{
	(void)sim;
	return timed_first != NULL ? TICK_MS : -1;
}

/* ---- listening ----------------------------------------------------------------------------- */

static void
conn_new(struct sim *sim, int fd, const struct sockaddr_storage *peer)
{
	struct sockaddr_storage own;
	socklen_t len = sizeof own;
	struct printer p;
	struct conn *c;

	if (getsockname(fd, (struct sockaddr *)&own, &len) != 0 ||
		!printer_find(sim, addr_of_sockaddr(&own), &p)) {
		sim->stats.elsewhere++;
		reset_fd(fd);
		return;
	}
	sim->stats.http_connections++;
	c = must_realloc(NULL, 1, sizeof *c);
	memset(c, 0, sizeof *c);
	c->watch = (struct watch){ conn_ready, fd };
	c->peer = *peer;
	c->addr = p.addr;
	conn_keep(c);
	if (!sim_watch(sim, &c->watch, EPOLLIN))
		conn_end(c);
}

static void
listen_ready(struct sim *sim, struct watch *w, uint32_t events)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof peer;
	int fd;

	(void)events;
	while ((fd = accept4(w->fd, (struct sockaddr *)&peer, &len,
			SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		conn_new(sim, fd, &peer);
		len = sizeof peer;
	}
	if (errno == EMFILE || errno == ENFILE) {
		close(spare_fd);
		fd = accept(w->fd, NULL, NULL);
		if (fd >= 0)
			reset_fd(fd);
		spare_fd = dup(w->fd);
	}
}

static bool
listen_open(struct sim *sim, int family, struct watch *w)
{
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
		!socket_bind_any(fd, family, sim->http_port) || listen(fd, SOMAXCONN) != 0)
		return socket_failed(fd, "HTTP", family == AF_INET ? "0.0.0.0" : "[::]",
			sim->http_port);
	w->fd = fd;
	w->ready = listen_ready;
	if (spare_fd < 0)
		spare_fd = dup(fd);
	return sim_watch(sim, w, EPOLLIN);
}

bool
http_open(struct sim *sim)
{
	if (sim->http_port == 0)
		return true;
	for (size_t i = 0; i < sim->range_count; i++) {
		bool v4 = addr_is_v4(sim->ranges[i].from);
		struct watch *w = v4 ? &listen_v4 : &listen_v6;

		if (w->fd < 0 && !listen_open(sim, v4 ? AF_INET : AF_INET6, w))
			return false;
	}
	return true;
}
