/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The embedded web server of a printer: HTTP/1.1 with keep-alive, in the clear and over TLS.
 *
 * Own code and not a library, because its faults are at the level of octets. It moves octets and
 * knows time; what they say is made in reply.c. A body is read of log-in forms alone. A connection
 * to an address that is no printer is reset.
 */
#include "sim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* The longest request, with the form of a log-in. */
#define REQUEST_MAX 8192u
/* Octets of one connection before the others have their turn. */
#define TURN (256u << 10)
/* Slow connections get their share this often. */
#define TICK_MS 50

enum state { READING, WAITING, WRITING, HANGING };

struct conn {
	struct watch watch; /* first: epoll points here */
	enum state state;
	struct ssl_st *tls; /* NULL: in the clear */
	struct sockaddr_storage peer;
	struct addr addr;
	char in[REQUEST_MAX + 1];
	size_t in_len;
	struct reply reply;
	int part; /* of the reply, and how much of it is out: */
	uint64_t sent;
	int64_t due_ms; /* WAITING: when to answer */
	double rate; /* octets a second, 0 unlimited */
	int64_t rate_from_ms;
	uint64_t rate_sent;
	struct conn *prev, *next; /* among those that wait for time */
	bool timed;
};

static struct listener {
	struct watch watch; /* first */
	int family;
	bool tls;
} listeners[] = {
	{ .watch.fd = -1, .family = AF_INET },
	{ .watch.fd = -1, .family = AF_INET6 },
	{ .watch.fd = -1, .family = AF_INET, .tls = true },
	{ .watch.fd = -1, .family = AF_INET6, .tls = true },
};
#define LISTENERS (sizeof listeners / sizeof *listeners)

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
	if (c->tls != NULL)
		tls_free(c->tls);
	if (c->reply.reset_after)
		reset_fd(c->watch.fd);
	else
		close(c->watch.fd);
	free(c->reply.own);
	free(c);
}

/* ---- reading ------------------------------------------------------------------------------- */

/* What is to be waited for before the answer goes out. */
static void
set_pace(struct sim *sim, struct conn *c, const struct printer *p)
{
	struct reply *r = &c->reply;

	r->reset_after = p->fault[FAULT_HTTP_RESET] != NULL;
	if (r->reset_after)
		r->part[PART_BODY].len /= 2;
	c->rate = p->fault[FAULT_HTTP_SLOW] ? p->fault[FAULT_HTTP_SLOW]->number : 0;
	c->rate_from_ms = sim->now_ms;
	c->due_ms = sim->now_ms + fault_delay_ms(sim, p);
	c->state = p->fault[FAULT_HTTP_HANG] || p->fault[FAULT_SILENT] ? HANGING
		: c->due_ms > sim->now_ms                              ? WAITING
								       : WRITING;
	if (c->state == WAITING || c->rate > 0)
		timed_add(c);
}

/* Takes the request out of the buffer and starts the answer. */
static void
take_request(struct sim *sim, struct conn *c, const struct printer *p, size_t head_len,
	size_t body_len)
{
	size_t line_len = strcspn(c->in, "\r\n"), len = head_len + body_len;
	char *body = strndup(c->in + head_len, body_len);
	struct request q = { p, &c->peer, c->in, NULL, NULL, "", body };

	c->in[head_len - 4] = '\0';
	if (c->in[line_len] != '\0')
		q.headers = c->in + line_len + 1;
	c->in[line_len] = '\0';
	if (reply_make(sim, &q, &c->reply)) {
		set_pace(sim, c, p);
	} else {
		c->reply.close_after = true;
		reply_text(&c->reply, "400 Bad Request", "", "");
		sim->stats.malformed++;
		c->state = WRITING;
	}
	free(body);
	memmove(c->in, c->in + len, c->in_len - len);
	c->in_len -= len;
}

/* The body a request has; false when it is not whole yet. */
static bool
body_whole(struct sim *sim, const struct conn *c, const struct printer *p, size_t head_len,
	size_t *body_len)
{
	const char *text = NULL;
	size_t len;

	*body_len = 0;
	if (login_takes_form(sim, p, c->in))
		text = header_find(c->in, "Content-Length", &len);
	if (text == NULL)
		return true;
	*body_len = strtoul(text, NULL, 10);
	return *body_len <= c->in_len - head_len;
}

/* A whole request in the buffer starts an answer; one too long ends the connection. */
static void
look_for_request(struct sim *sim, struct conn *c)
{
	struct printer p;
	size_t head_len, body_len;
	char *end;

	c->in[c->in_len] = '\0';
	end = memmem(c->in, c->in_len, "\r\n\r\n", 4);
	head_len = (size_t)(end ? end - c->in : 0) + 4;
	if (end != NULL && printer_find(sim, c->addr, &p) &&
		body_whole(sim, c, &p, head_len, &body_len))
		take_request(sim, c, &p, head_len, body_len);
	else if (c->in_len == REQUEST_MAX)
		c->reply.close_after = true;
}

static ssize_t
octets_in(struct conn *c, void *buf, size_t size)
{
	return c->tls ? tls_read(c->tls, buf, size) : read(c->watch.fd, buf, size);
}

/* False when the connection is over. */
static bool
conn_read(struct sim *sim, struct conn *c)
{
	char ignored[1024];
	bool room = c->in_len < REQUEST_MAX;
	ssize_t n;

	if (room)
		n = octets_in(c, c->in + c->in_len, REQUEST_MAX - c->in_len);
	else
		n = octets_in(c, ignored, sizeof ignored);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		return false;
	if (n < 0 || !room)
		return true;
	sim->stats.bytes_in += (uint64_t)n;
	c->in_len += (size_t)n;
	if (c->state != READING)
		return true; /* the next request, kept until this one is answered */
	look_for_request(sim, c);
	return !(c->state == READING && c->reply.close_after);
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
octets_out(struct conn *c, const void *data, size_t len)
{
	return c->tls ? tls_write(c->tls, data, len) : send(c->watch.fd, data, len, MSG_NOSIGNAL);
}

/* From where the part at hand goes on, and how much lies there in a row. */
static const uint8_t *
rest_of_part(const struct conn *c, size_t *len)
{
	const struct part *p = &c->reply.part[c->part];
	size_t at = (size_t)(c->sent % p->period);

	*len = p->period - at;
	if (*len > p->len - c->sent)
		*len = (size_t)(p->len - c->sent);
	return (const uint8_t *)p->data + at;
}

static bool
all_sent(struct conn *c)
{
	while (c->part < PARTS && c->sent == c->reply.part[c->part].len) {
		c->part++;
		c->sent = 0;
	}
	return c->part == PARTS;
}

/* False when the answer or the connection is over. */
static bool
conn_write(struct sim *sim, struct conn *c)
{
	size_t turn = TURN;

	while (!all_sent(c)) {
		size_t most = allowance(sim, c), len;
		const uint8_t *from = rest_of_part(c, &len);
		ssize_t n;

		if (most > turn)
			most = turn;
		if (most == 0)
			return true;
		n = octets_out(c, from, len < most ? len : most);
		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		turn -= (size_t)n;
		c->rate_sent += (uint64_t)n;
		c->sent += (uint64_t)n;
		sim->stats.bytes_out += (uint64_t)n;
	}
	return false;
}

/* An answer is out: the next request may be in the buffer already. */
static void
answer_done(struct sim *sim, struct conn *c)
{
	timed_remove(c);
	free(c->reply.own);
	memset(&c->reply, 0, sizeof c->reply);
	c->part = 0;
	c->sent = c->rate_sent = 0;
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
		if (!all_sent(c) || c->reply.close_after || c->reply.reset_after) {
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
	bool more = events & (EPOLLIN | EPOLLHUP | EPOLLERR);

	while (more) {
		if (!conn_read(sim, c)) {
			conn_end(c);
			return;
		}
		more = c->tls != NULL && tls_has_more(c->tls);
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

/* A mute one gets no TLS, and what it is told stays unread in `in`. */
static bool
conn_greet(struct sim *sim, struct conn *c, const struct printer *p, bool over_tls)
{
	if (p->fault[FAULT_HTTP_MUTE] || (over_tls && p->fault[FAULT_SILENT]))
		c->state = HANGING;
	else if (over_tls && (c->tls = tls_new(sim, p, c->watch.fd)) == NULL)
		return false;
	return sim_watch(sim, &c->watch, EPOLLIN);
}

static void
conn_new(struct sim *sim, int fd, const struct sockaddr_storage *peer, bool over_tls)
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
	sim->stats.https_connections += over_tls;
	c = must_realloc(NULL, 1, sizeof *c);
	memset(c, 0, sizeof *c);
	c->watch = (struct watch){ conn_ready, fd };
	c->peer = *peer;
	c->addr = p.addr;
	conn_keep(c);
	if (!conn_greet(sim, c, &p, over_tls))
		conn_end(c);
}

static void
listen_ready(struct sim *sim, struct watch *w, uint32_t events)
{
	const struct listener *l = (struct listener *)w;
	struct sockaddr_storage peer;
	socklen_t len = sizeof peer;
	int fd;

	(void)events;
	while ((fd = accept4(w->fd, (struct sockaddr *)&peer, &len,
			SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		conn_new(sim, fd, &peer, l->tls);
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
listen_open(struct sim *sim, struct listener *l, int port)
{
	int fd = socket(l->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
		!socket_bind_any(fd, l->family, port) || listen(fd, SOMAXCONN) != 0)
		return socket_failed(fd, l->tls ? "HTTPS" : "HTTP",
			l->family == AF_INET ? "0.0.0.0" : "[::]", port);
	l->watch = (struct watch){ listen_ready, fd };
	if (spare_fd < 0)
		spare_fd = dup(fd);
	return sim_watch(sim, &l->watch, EPOLLIN);
}

static bool
family_wanted(const struct sim *sim, int family)
{
	for (size_t i = 0; i < sim->range_count; i++)
		if (addr_is_v4(sim->ranges[i].from) == (family == AF_INET))
			return true;
	return false;
}

bool
http_open(struct sim *sim)
{
	for (size_t i = 0; i < LISTENERS; i++) {
		struct listener *l = &listeners[i];
		int port = l->tls ? sim->https_port : sim->http_port;

		if (port != 0 && family_wanted(sim, l->family) && !listen_open(sim, l, port))
			return false;
	}
	return true;
}
