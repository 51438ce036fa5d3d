/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frames_try.c - one printer's urgent facts to one server, in a datagram or over a
 * TCP connection; see frames.h and sdk/ENVELOPE.
 *
 * Each try is a new envelope.  Over UDP whatever is no receipt is passed over, as
 * anybody can send it; over TCP it ends the connection.
 */
#include "net/frames.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Milliseconds that a datagram's receipt is waited for, try by try. */
static const uint32_t patience[] = { 1000, 2000, 4000 };
#define TCP_PATIENCE 10000 /* ms for the connection, and again for the answer */
#define NAME_PATIENCE 10000 /* ms for the server's name */
#define ASKS_MOST 8 /* envelopes of one try: a server that never has enough has none */
#define FRAME 4 /* bytes of the length before an envelope */

struct frames_try {
	struct frames_place *place;
	struct frames_server *server;
	frames_over_fn *over; /* NULL: cancelled */
	void *arg;
	struct buf content;
	bool waits_for_name; /* the resolver will call */
	bool ended;
	uint32_t naddresses, address; /* that there are, and the one in use */
	struct address addresses[RESOLVE_MOST];
	int fd; /* -1: none */
	bool connected;
	uint32_t tries, asks;
	enum seal_kind asked;
	struct sealed sealed;
	struct buf in, out; /* TCP: bytes of frames */
	uv_poll_t *poll;
	uv_timer_t *timer;
};

/* ---- the end ---- */

static void
free_handle(uv_handle_t *handle)
{
	free(handle);
}

static void
hang_up(struct frames_try *t)
{
	if (t->fd < 0)
		return;
	uv_poll_stop(t->poll);
	uv_close((uv_handle_t *)t->poll, free_handle);
	close(t->fd);
	t->poll = NULL;
	t->fd = -1;
	t->connected = false;
	buf_clear(&t->in);
	buf_clear(&t->out);
}

static void
let_go(struct frames_try *t)
{
	hang_up(t);
	t->ended = true;
	if (t->timer != NULL) {
		uv_timer_stop(t->timer);
		uv_close((uv_handle_t *)t->timer, free_handle);
		t->timer = NULL;
	}
	if (t->waits_for_name)
		return; /* the resolver still calls */
	sealed_free(&t->sealed);
	buf_free(&t->content);
	buf_free(&t->in);
	buf_free(&t->out);
	free(t);
}

static void
end(struct frames_try *t, uint32_t code, uint32_t retry_after, const char *reason)
{
	frames_over_fn *over = t->over;
	void *arg = t->arg;
	struct why copy; /* reason may lie in what goes now */

	why_set(&copy, "%s", reason);
	let_go(t);
	over(arg, code, retry_after, copy.text);
}

void
frames_try_cancel(struct frames_try *t)
{
	let_go(t);
}

/* ---- asking ---- */

static void next_address(struct frames_try *, const char *reason);
static void on_socket(uv_poll_t *, int status, int events);

static void
watch(struct frames_try *t)
{
	bool writes = !t->server->udp && (!t->connected || t->out.n > 0);

	uv_poll_start(t->poll, UV_READABLE | (writes ? UV_WRITABLE : 0), on_socket);
}

static void on_patience(uv_timer_t *timer);

static void
wait_for(struct frames_try *t, uint64_t ms)
{
	uv_timer_start(t->timer, on_patience, ms, 0);
}

/* A datagram that cannot leave is one that is lost: the timer sees to it. */
static void
put_out(struct frames_try *t)
{
	const struct buf *b = &t->sealed.bytes;
	uint8_t length[FRAME];

	if (t->server->udp) {
		(void)!send(t->fd, b->p, b->n, 0);
		wait_for(t, patience[t->tries]);
		return;
	}
	for (int i = 0; i < FRAME; i++)
		length[i] = (uint8_t)(b->n >> (8 * (FRAME - 1 - i)));
	buf_add(&t->out, length, FRAME);
	buf_add(&t->out, b->p, b->n);
	wait_for(t, TCP_PATIENCE);
	watch(t);
}

/* Say hello where the session is not known, else the facts. */
static void
ask(struct frames_try *t)
{
	uint64_t session = t->server->session;
	bool hello = session == 0;
	struct why why;

	t->asked = hello ? SEAL_HELLO : SEAL_URGENT;
	if (t->asks++ == ASKS_MOST)
		end(t, 0, 0, "asks for the same again and again");
	else if (!sealer_ask(t->place->sealer, t->asked, session, t->content.p,
			 hello ? 0 : t->content.n, &t->sealed, &why))
		end(t, 0, 0, why.text);
	else
		put_out(t);
}

static void
on_patience(uv_timer_t *timer)
{
	struct frames_try *t = timer->data;

	if (t->waits_for_name)
		end(t, 0, 0, "its name could not be looked up in time");
	else if (t->server->udp && ++t->tries < COUNT(patience))
		ask(t);
	else if (t->server->udp)
		next_address(t,
			"no receipt came; UDP may be blocked, or the key is not known there");
	else
		next_address(t,
			t->connected ? "no receipt came over the connection"
				     : "the connection was not taken in time");
}

/* ---- what comes ---- */

/* One envelope that should be the receipt.  False: it is none. */
static bool
take(struct frames_try *t, const uint8_t *p, size_t n, struct why *why)
{
	struct seal_answer answer;
	struct buf content = { 0 };
	uint64_t session = 0;
	enum sealer_got got = sealer_take(t->place->sealer, t->asked, &t->sealed.counter, p, n,
		&session, &answer, &content, why);

	switch (got) {
	case GOT_NOTHING:
		break;
	case GOT_SESSION:
		t->server->session = session;
		t->tries = 0;
		ask(t);
		break;
	case GOT_ANSWER:
		end(t, answer.status, answer.retry_after, answer.status == 200 ? "" : "answered");
		break;
	}
	buf_free(&content);
	return got != GOT_NOTHING;
}

static void
read_datagram(struct frames_try *t)
{
	uint8_t bytes[SEAL_DATAGRAM + 1];
	struct why why;
	ssize_t n = recv(t->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n > 0)
		take(t, bytes, (size_t)n, &why);
	else if (n < 0 && errno == ECONNREFUSED)
		next_address(t, "nobody listens there");
}

static size_t
frame_length(const struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < FRAME && b->n >= FRAME; i++)
		n = n << 8 | b->p[i];
	return n;
}

static void
read_stream(struct frames_try *t)
{
	uint8_t bytes[SEAL_DATAGRAM + FRAME];
	ssize_t n = recv(t->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	struct buf frame;
	struct why why;
	size_t length;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		next_address(t,
			"closed the connection without a receipt; the key may not be known "
			"there, or the clock of a counter is behind");
		return;
	}
	buf_add(&t->in, bytes, (size_t)n);
	length = frame_length(&t->in);
	if (length <= SEAL_DATAGRAM && t->in.n < FRAME + length)
		return;
	/* What is taken may end the try, and t with it. */
	frame = t->in;
	t->in = (struct buf){ 0 };
	if (length > SEAL_DATAGRAM || frame.n > FRAME + length ||
		!take(t, frame.p + FRAME, length, &why))
		next_address(t, "answers with something that is no receipt");
	buf_free(&frame);
}

static void
write_stream(struct frames_try *t)
{
	ssize_t n = send(t->fd, t->out.p, t->out.n, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n > 0)
		buf_cut(&t->out, (size_t)n);
	watch(t);
}

/* The connection stands, or it does not. */
static void
on_connected(struct frames_try *t)
{
	int error = 0;
	socklen_t n = sizeof(error);

	if (getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &error, &n) != 0 || error != 0) {
		next_address(t, error == ECONNREFUSED ? "nobody listens there" : strerror(error));
		return;
	}
	t->connected = true;
	ask(t);
}

static void
on_socket(uv_poll_t *poll, int status, int events)
{
	struct frames_try *t = poll->data;

	if (t->server->udp)
		read_datagram(t);
	else if (!t->connected)
		on_connected(t);
	else if (status < 0 || (events & UV_READABLE))
		read_stream(t);
	else if (t->out.n > 0)
		write_stream(t);
}

/* ---- a way to the server ---- */

static bool
open_socket(struct frames_try *t, const struct address *to)
{
	int type = t->server->udp ? SOCK_DGRAM : SOCK_STREAM;
	struct sockaddr_storage at;
	socklen_t n = address_to_socket(to, &at);

	t->fd = socket(to->v6 ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (t->fd < 0)
		return false;
	errno = EADDRNOTAVAIL;
	if (!address_is_host(to) ||
		(connect(t->fd, (struct sockaddr *)&at, n) != 0 && errno != EINPROGRESS)) {
		close(t->fd);
		t->fd = -1;
		return false;
	}
	t->poll = mem_alloc(sizeof(*t->poll));
	uv_poll_init(&t->place->role->loop, t->poll, t->fd);
	t->poll->data = t;
	return true;
}

static void
next_address(struct frames_try *t, const char *reason)
{
	hang_up(t);
	t->tries = 0;
	while (t->address < t->naddresses) {
		struct address to = t->addresses[t->address++];

		to.port = t->server->at.port;
		if (!open_socket(t, &to)) {
			reason = strerror(errno);
			continue;
		}
		watch(t);
		if (t->server->udp)
			ask(t);
		else
			wait_for(t, TCP_PATIENCE);
		return;
	}
	end(t, 0, 0, reason);
}

static void
on_addresses(void *arg, uint32_t n, const struct address *addresses, const char *why)
{
	struct frames_try *t = arg;

	t->waits_for_name = false;
	if (t->ended) {
		let_go(t);
		return;
	}
	memcpy(t->addresses, addresses, n * sizeof(*addresses));
	t->naddresses = n;
	next_address(t, why);
}

/* Not from within frames_try_begin. */
static void
on_begin(uv_timer_t *timer)
{
	struct frames_try *t = timer->data;

	if (address_parse(t->server->at.host, 0, &t->addresses[0])) {
		t->naddresses = 1;
		next_address(t, "");
		return;
	}
	t->waits_for_name = true;
	wait_for(t, NAME_PATIENCE);
	resolve(t->place->role->resolver, t->server->at.host, on_addresses, t);
}

struct frames_try *
frames_try_begin(struct frames_place *place, struct frames_server *server,
	const struct buf *content, frames_over_fn *over, void *arg)
{
	struct frames_try *t = mem_alloc(sizeof(*t));

	t->place = place;
	t->server = server;
	t->over = over;
	t->arg = arg;
	t->fd = -1;
	buf_add(&t->content, content->p, content->n);
	t->timer = mem_alloc(sizeof(*t->timer));
	uv_timer_init(&place->role->loop, t->timer);
	t->timer->data = t;
	uv_timer_start(t->timer, on_begin, 0, 0);
	return t;
}
