/* SPDX-License-Identifier: Apache-2.0 */
/* pipe.c - a role's end of the pipe to the agent; see pipe.h. */
#include "net/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* Orders are not read while so much is still to be told. */
#define OUT_MOST (32u << 20)
#define READ_SIZE 65536

void
pipe_vlog(struct pipe_end *e, enum log_level level, const char *fmt, va_list ap)
{
	char line[512];
	size_t at;

	vsnprintf(line, sizeof(line), fmt, ap);
	at = wire_begin(&e->out, MSG_LOG);
	wire_u64(&e->out, level);
	wire_u64(&e->out, 0);
	wire_text(&e->out, line);
	wire_end(&e->out, at);
}

void
pipe_log(struct pipe_end *e, enum log_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	pipe_vlog(e, level, fmt, ap);
	va_end(ap);
}

/* ---- in ---- */

static bool
take_hello(struct pipe_end *e, struct wire *w)
{
	uint64_t protocol = wire_get_u64(w);

	wire_get_text(w);
	if (protocol != WIRE_PROTOCOL) {
		log_error("the agent speaks protocol %llu, this is %d: two builds were mixed; "
			  "restart platen",
			(unsigned long long)protocol, WIRE_PROTOCOL);
		return false;
	}
	e->greeted = true;
	return wire_ended(w);
}

static bool
take(void *arg, struct wire *w)
{
	struct pipe_end *e = arg;
	uint32_t type = w->type;

	if (type == MSG_HELLO ? !e->greeted && take_hello(e, w) : e->greeted && e->take(e->arg, w))
		return true;
	log_error("the agent sent a message of type %u that is not understood here; "
		  "two builds were mixed, restart platen",
		type);
	return false;
}

static void
pipe_read(struct pipe_end *e)
{
	static uint8_t bytes[READ_SIZE];
	ssize_t n = read(WIRE_FD, bytes, sizeof(bytes));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || !wire_feed(&e->in, bytes, (size_t)n, take, e))
		e->ended = true;
}

/* ---- out ---- */

static void
pipe_write(struct pipe_end *e)
{
	size_t at = 0;
	ssize_t n;

	while (at < e->out.n && (n = write(WIRE_FD, e->out.p + at, e->out.n - at)) != 0) {
		if (n > 0)
			at += (size_t)n;
		else if (errno == EAGAIN)
			break;
		else if (errno != EINTR) {
			e->ended = true;
			break;
		}
	}
	wire_drain(&e->out, at);
}

/* ---- on the loop ---- */

static void on_pipe(uv_poll_t *, int status, int events);

static void
watch(struct pipe_end *e)
{
	int events = (e->out.n < OUT_MOST ? UV_READABLE : 0) | (e->out.n > 0 ? UV_WRITABLE : 0);

	if (e->ended)
		uv_stop(e->loop);
	else if (events != e->events)
		uv_poll_start(&e->poll, e->events = events, on_pipe);
}

static void
on_pipe(uv_poll_t *poll, int status, int events)
{
	struct pipe_end *e = poll->data;

	if (status < 0)
		e->ended = true;
	if (!e->ended && (events & UV_READABLE))
		pipe_read(e);
}

/* What one turn of the loop had to tell leaves together. */
static void
on_prepare(uv_prepare_t *prepare)
{
	struct pipe_end *e = prepare->data;

	if (e->out.n > 0)
		pipe_write(e);
	watch(e);
}

static void
say_hello(struct pipe_end *e, const char *who)
{
	size_t at = wire_begin(&e->out, MSG_HELLO);

	wire_u64(&e->out, WIRE_PROTOCOL);
	wire_text(&e->out, who);
	wire_end(&e->out, at);
}

void
pipe_open(struct pipe_end *e, uv_loop_t *loop, const char *who,
	bool (*take_frame)(void *arg, struct wire *), void *arg)
{
	int flags = fcntl(WIRE_FD, F_GETFL);

	if (flags < 0 || fcntl(WIRE_FD, F_SETFL, flags | O_NONBLOCK) < 0)
		die("there is no pipe on fd %d: platen starts this role by itself", WIRE_FD);
	*e = (struct pipe_end){ .loop = loop, .take = take_frame, .arg = arg };
	uv_poll_init(loop, &e->poll, WIRE_FD);
	uv_prepare_init(loop, &e->prepare);
	e->poll.data = e->prepare.data = e;
	uv_prepare_start(&e->prepare, on_prepare);
	say_hello(e, who);
	watch(e);
}

void
pipe_close(struct pipe_end *e)
{
	uv_close((uv_handle_t *)&e->poll, NULL);
	uv_close((uv_handle_t *)&e->prepare, NULL);
	buf_free(&e->in);
	buf_free(&e->out);
}
