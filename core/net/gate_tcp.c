/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_tcp.c - sealed frames over TCP at a gateway; see gate_seal.h.
 *
 * One frame at a time on each connection, answered before the next is read.  Who
 * is silent, slow, or sends what is not proven is hung up on without a word.
 */
#include "net/gate_seal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FRAME 4 /* bytes of the length before an envelope */
#define READ_SIZE 16384
#define ACCEPTS_A_TURN 64
#define LOOK 500 /* ms between two looks at who takes too long */

struct tcp_line {
	struct tcp_line *next, **back;
	struct gate_tcp *tcp;
	int fd;
	char peer[ADDRESS_TEXT];
	uint64_t since; /* clock_ms(): the frame under way is to be whole within the timeout */
	struct buf in, out;
	size_t held; /* of gate.held */
	struct sealed_take *take; /* not NULL: it waits for the agent */
	uv_poll_t poll;
};

struct gate_tcp {
	struct gate_tcp *next;
	struct gate *gate;
	int fd;
	uint32_t nlines;
	struct tcp_line *lines;
	uv_poll_t poll;
	uv_timer_t look;
	int open; /* handles and lines */
};

/* ---- the end of a connection ---- */

static void
let_go(struct gate_tcp *t)
{
	if (--t->open == 0) {
		close(t->fd);
		free(t);
	}
}

static void
on_line_closed(uv_handle_t *handle)
{
	struct tcp_line *l = handle->data;

	close(l->fd);
	let_go(l->tcp);
	free(l);
}

static void
hang_up(struct tcp_line *l)
{
	*l->back = l->next;
	if (l->next != NULL)
		l->next->back = l->back;
	l->tcp->nlines--;
	l->tcp->gate->held -= l->held;
	gate_sealed_forget(l->take);
	buf_free(&l->in);
	buf_free(&l->out);
	uv_close((uv_handle_t *)&l->poll, on_line_closed);
}

/* ---- a frame ---- */

static void on_line(uv_poll_t *, int status, int events);

static void
watch(struct tcp_line *l)
{
	int events = l->out.n > 0 ? UV_WRITABLE : l->take == NULL ? UV_READABLE : UV_DISCONNECT;

	uv_poll_start(&l->poll, events, on_line);
}

static void
put_out(struct tcp_line *l, const uint8_t *envelope, size_t n)
{
	uint8_t length[FRAME];

	for (int i = 0; i < FRAME; i++)
		length[i] = (uint8_t)(n >> (8 * (FRAME - 1 - i)));
	buf_add(&l->out, length, FRAME);
	buf_add(&l->out, envelope, n);
	l->since = clock_ms();
	watch(l);
}

static void
on_done(void *arg, const uint8_t *envelope, size_t n)
{
	struct tcp_line *l = arg;

	l->take = NULL;
	put_out(l, envelope, n);
}

/* Forget the first n bytes that came. */
static void
drop(struct tcp_line *l, size_t n)
{
	buf_cut(&l->in, n);
	l->tcp->gate->held -= n;
	l->held -= n;
	if (l->in.n == 0)
		buf_free(&l->in);
}

static size_t
frame_length(const uint8_t *p)
{
	return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
}

/* The whole frame that is there, if one is.  False: the connection has to end. */
static bool
take_frame(struct tcp_line *l)
{
	struct gate_sealed s = {
		.how = GATE_TCP, .peer = l->peer, .version = "", .done = on_done, .arg = l
	};
	struct buf out = { 0 };
	enum gate_sealed_fate fate;
	uint32_t status;

	if (l->in.n < FRAME)
		return true;
	s.n = frame_length(l->in.p);
	if (s.n < SEAL_LEAST || s.n > gate_sealed_most(l->tcp->gate))
		return false;
	/* What does not begin like an envelope is not waited for. */
	if (l->in.n >= FRAME + SEAL_HEAD && seal_whole(l->in.p + FRAME) != s.n)
		return false;
	if (l->in.n < FRAME + s.n)
		return true;
	s.p = l->in.p + FRAME;
	fate = gate_sealed(l->tcp->gate, &s, &out, &status, &l->take);
	drop(l, FRAME + s.n);
	if (fate == SEALED_ANSWERED)
		put_out(l, out.p, out.n);
	buf_free(&out);
	return fate != SEALED_NOTHING;
}

/* ---- bytes ---- */

static bool
read_some(struct tcp_line *l)
{
	struct gate *g = l->tcp->gate;
	uint8_t bytes[READ_SIZE];
	ssize_t n = recv(l->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0 || g->held + (size_t)n > GATE_HELD_MOST)
		return false;
	if (l->in.n == 0)
		l->since = clock_ms();
	buf_add(&l->in, bytes, (size_t)n);
	l->held += (size_t)n;
	g->held += (size_t)n;
	return take_frame(l);
}

static bool
write_some(struct tcp_line *l)
{
	ssize_t n = send(l->fd, l->out.p, l->out.n, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	buf_cut(&l->out, (size_t)n);
	/* The next frame may have come meanwhile. */
	return l->out.n > 0 || take_frame(l);
}

static void
on_line(uv_poll_t *poll, int status, int events)
{
	struct tcp_line *l = poll->data;
	bool goes_on = status == 0 && (events & UV_DISCONNECT) == 0;

	if (goes_on && l->out.n > 0)
		goes_on = write_some(l);
	else if (goes_on && l->take == NULL)
		goes_on = read_some(l);
	if (goes_on)
		watch(l);
	else
		hang_up(l);
}

/* Silence counts as slowness: a connection without a frame is of no use. */
static void
on_look(uv_timer_t *timer)
{
	struct gate_tcp *t = timer->data;
	uint64_t now = clock_ms();

	for (struct tcp_line *l = t->lines, *next; l != NULL; l = next) {
		next = l->next;
		if (l->take == NULL && now - l->since > t->gate->settings.timeout)
			hang_up(l);
	}
}

/* ---- connections ---- */

static uint32_t
lines_of(const struct gate_tcp *t, const char *peer)
{
	uint32_t n = 0;

	for (const struct tcp_line *l = t->lines; l != NULL; l = l->next)
		n += strcmp(l->peer, peer) == 0;
	return n;
}

static void
begin_line(struct gate_tcp *t, int fd, const char *peer)
{
	struct tcp_line *l = mem_alloc(sizeof(*l));

	l->tcp = t;
	l->fd = fd;
	l->since = clock_ms();
	text_copy(l->peer, sizeof(l->peer), peer);
	l->next = t->lines;
	l->back = &t->lines;
	if (l->next != NULL)
		l->next->back = &l->next;
	t->lines = l;
	t->nlines++;
	t->open++;
	uv_poll_init(&t->gate->loop, &l->poll, fd);
	l->poll.data = l;
	watch(l);
}

static void
on_listen(uv_poll_t *poll, int status, int events)
{
	struct gate_tcp *t = poll->data;
	const struct gate_settings *s = &t->gate->settings;

	(void)status, (void)events;
	for (int i = 0; i < ACCEPTS_A_TURN; i++) {
		struct sockaddr_storage from;
		socklen_t n = sizeof(from);
		struct address a;
		char peer[ADDRESS_TEXT] = "";
		int fd = accept4(t->fd, (struct sockaddr *)&from, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0)
			return;
		if (address_from_socket(&from, &a))
			address_format(&a, peer);
		if (peer[0] == 0 || t->nlines >= s->connections ||
			lines_of(t, peer) >= s->connections_each)
			close(fd);
		else
			begin_line(t, fd, peer);
	}
}

/* ---- coming and going ---- */

bool
gate_tcp_open(struct gate *g, enum gate_how how, int fd, struct why *why)
{
	struct gate_tcp *t = mem_alloc(sizeof(*t));

	(void)how, (void)why;
	t->gate = g;
	t->fd = fd;
	t->open = 2;
	t->next = g->tcps;
	g->tcps = t;
	uv_poll_init(&g->loop, &t->poll, fd);
	uv_timer_init(&g->loop, &t->look);
	t->poll.data = t->look.data = t;
	uv_poll_start(&t->poll, UV_READABLE, on_listen);
	uv_timer_start(&t->look, on_look, LOOK, LOOK);
	return true;
}

static void
on_closed(uv_handle_t *handle)
{
	let_go(handle->data);
}

void
gate_tcps_close(struct gate *g)
{
	for (struct gate_tcp *t = g->tcps, *next; t != NULL; t = next) {
		next = t->next;
		while (t->lines != NULL)
			hang_up(t->lines);
		uv_close((uv_handle_t *)&t->poll, on_closed);
		uv_close((uv_handle_t *)&t->look, on_closed);
	}
	g->tcps = NULL;
}
