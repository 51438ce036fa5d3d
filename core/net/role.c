/* SPDX-License-Identifier: Apache-2.0 */
/*
 * role.c - the lan role: takes the agent's orders off the pipe and puts answers
 * on it.  One loop, no threads; ends when the pipe does.
 */
#include "net/ask.h"
#include "net/jail_lan.h"
#include "net/page.h"
#include "net/probe.h"
#include "net/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Orders are not read while so much is still to be told. */
#define OUT_MOST (32u << 20)
#define READ_SIZE 65536
/* How often idle printers are looked for, ms. */
#define FORGET_EVERY 60000

/* What only this file needs to know of the role. */
struct pipe_end {
	struct role role;
	uv_loop_t loop;
	uv_poll_t poll;
	uv_timer_t forget;
	uv_prepare_t write;
	struct buf in, out;
	int events; /* that are waited for on the pipe */
	bool greeted, settled; /* HELLO, SETTINGS came */
	bool ended;
};

/* There is one role in a process; role_log and its kin find the pipe by it. */
static struct pipe_end *
end_of(struct role *r)
{
	return (struct pipe_end *)((char *)r - offsetof(struct pipe_end, role));
}

/* ---- to the agent ---- */

void
role_log(struct role *r, enum log_level level, const char *fmt, ...)
{
	struct buf *out = &end_of(r)->out;
	char line[512];
	va_list ap;
	size_t at;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	at = wire_begin(out, MSG_LOG);
	wire_u64(out, level);
	wire_u64(out, 0);
	wire_text(out, line);
	wire_end(out, at);
}

void
role_learned(struct role *r, const char *address, uint16_t port, const char *learned)
{
	struct buf *out = &end_of(r)->out;
	size_t at = wire_begin(out, MSG_LAN_LEARNED);

	wire_text(out, address);
	wire_u64(out, port);
	wire_text(out, learned);
	wire_end(out, at);
}

void
role_answer(struct role *r, uint64_t id, const struct answer *answer)
{
	struct buf *out = &end_of(r)->out;
	size_t at = wire_begin(out, MSG_LAN_ANSWER);
	struct answer none;

	wire_u64(out, id);
	answer_put(out, answer);
	if (out->n - at > WIRE_MAX_FRAME) {
		out->n = at;
		none = answer_none(answer->kind, PLATEN_ETOOBIG);
		none.packets = answer->packets;
		role_answer(r, id, &none);
		return;
	}
	wire_end(out, at);
}

void
role_found(struct role *r, uint64_t sweep, const struct address *a, const char *as_asked)
{
	struct buf *out = &end_of(r)->out;
	size_t at = wire_begin(out, MSG_LAN_FOUND);
	char text[ADDRESS_TEXT];

	address_format(a, text);
	wire_u64(out, sweep);
	wire_text(out, text);
	wire_u64(out, a->port);
	wire_text(out, as_asked);
	wire_end(out, at);
}

void
role_progress(struct role *r, uint64_t sweep, uint64_t sent, uint64_t most, uint64_t found)
{
	struct buf *out = &end_of(r)->out;
	size_t at = wire_begin(out, MSG_LAN_PROGRESS);

	wire_u64(out, sweep);
	wire_u64(out, sent);
	wire_u64(out, most);
	wire_u64(out, found);
	wire_end(out, at);
}

void
role_swept(struct role *r, uint64_t sweep, uint64_t sent, const char *why)
{
	struct buf *out = &end_of(r)->out;
	size_t at = wire_begin(out, MSG_LAN_SWEPT);

	wire_u64(out, sweep);
	wire_u64(out, sent);
	wire_text(out, why);
	wire_end(out, at);
}

/* ---- orders ---- */

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

/* From here on the role is closed in: everything that reads files has been set up. */
static bool
take_settings(struct pipe_end *e, struct wire *w)
{
	struct role *r = &e->role;
	struct lan_settings said;
	struct buf copy = { 0 };
	struct wire again;
	struct why why;

	/* The texts lie in the frame, which goes: decode a copy that stays. */
	again = *w;
	buf_add(&copy, w->p, w->n);
	again.p = pool_copy(r->pool, copy.p, copy.n);
	buf_free(&copy);
	if (!lan_settings_get(&again, r->pool, &said) || !wire_ended(&again))
		return false;
	r->settings = said;
	peers_open(r);
	exchanges_open(r);
	pages_open(r);
	resolver_open(r);
	if ((r->udp = udp_open(r->loop, exchange_received, r, &why)) == NULL)
		die("%s", why.text);
	jail_lan(r);
	e->settled = true;
	return true;
}

static bool
take_ask(struct role *r, struct wire *w)
{
	struct pool *pool = pool_new();
	struct wire again = *w;
	struct target target;
	struct address address;
	struct ask *a;
	uint64_t id;

	again.p = pool_copy(pool, w->p, w->n); /* the question's texts lie in it */
	id = wire_get_u64(&again);
	a = pool_alloc(pool, sizeof(*a));
	if (!target_get(&again, &target) || !question_get(&again, pool, &a->q) ||
		!wire_ended(&again) || !address_parse(target.address, target.port, &address)) {
		pool_free(pool);
		return false;
	}
	a->id = id;
	a->pool = pool;
	a->peer = peer_at(r, &address, target.learned);
	ask_submit(a);
	return true;
}

static bool
take_cancel(struct role *r, struct wire *w)
{
	uint64_t id = wire_get_u64(w);

	if (!wire_ended(w))
		return false;
	ask_cancel(r, id);
	return true;
}

static bool
take(struct pipe_end *e, struct wire *w)
{
	if (w->type == MSG_HELLO)
		return !e->greeted && take_hello(e, w);
	if (!e->greeted)
		return false;
	if (w->type == MSG_LAN_SETTINGS)
		return !e->settled && take_settings(e, w);
	if (!e->settled)
		return false;
	switch (w->type) {
	case MSG_LAN_ASK:
		return take_ask(&e->role, w);
	case MSG_LAN_CANCEL:
		return take_cancel(&e->role, w);
	case MSG_LAN_SWEEP:
		return probe_begin(&e->role, w);
	default:
		return false;
	}
}

static void
take_frames(struct pipe_end *e)
{
	struct wire w;
	size_t at = 0;
	int64_t n;

	while ((n = wire_frame(e->in.p + at, e->in.n - at, &w)) > 0) {
		if (!take(e, &w)) {
			log_error(
				"the agent sent a message of type %u that is not understood here; "
				"two builds were mixed, restart platen",
				w.type);
			e->ended = true;
			return;
		}
		at += (size_t)n;
	}
	if (n < 0)
		e->ended = true;
	buf_cut(&e->in, at);
}

/* ---- the pipe ---- */

static void on_pipe(uv_poll_t *, int status, int events);

static void
watch(struct pipe_end *e)
{
	int events = (e->out.n < OUT_MOST ? UV_READABLE : 0) | (e->out.n > 0 ? UV_WRITABLE : 0);

	if (e->ended)
		uv_stop(&e->loop);
	else if (events != e->events)
		uv_poll_start(&e->poll, e->events = events, on_pipe);
}

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
	if (e->out.n > 0)
		buf_cut(&e->out, at);
}

static void
pipe_read(struct pipe_end *e)
{
	uint8_t bytes[READ_SIZE];
	ssize_t n = read(WIRE_FD, bytes, sizeof(bytes));

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		e->ended = true;
	if (n <= 0)
		return;
	buf_add(&e->in, bytes, (size_t)n);
	take_frames(e);
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
on_forget(uv_timer_t *timer)
{
	struct pipe_end *e = timer->data;

	if (e->settled)
		peers_forget_idle(&e->role);
}

/* ---- beginning and end ---- */

static void
say_hello(struct pipe_end *e)
{
	size_t at = wire_begin(&e->out, MSG_HELLO);

	wire_u64(&e->out, WIRE_PROTOCOL);
	wire_text(&e->out, "lan");
	wire_end(&e->out, at);
}

static void
begin(struct pipe_end *e)
{
	int flags = fcntl(WIRE_FD, F_GETFL);

	if (flags < 0 || fcntl(WIRE_FD, F_SETFL, flags | O_NONBLOCK) < 0)
		die("there is no pipe on fd %d: platen starts this role by itself", WIRE_FD);
	snmp_disable_log(); /* net-snmp has nothing to say on stderr */
	uv_loop_init(&e->loop);
	e->role.loop = &e->loop;
	e->role.pool = pool_new();
	uv_poll_init(&e->loop, &e->poll, WIRE_FD);
	e->poll.data = e;
	uv_prepare_init(&e->loop, &e->write);
	e->write.data = e;
	uv_prepare_start(&e->write, on_prepare);
	uv_timer_init(&e->loop, &e->forget);
	e->forget.data = e;
	uv_timer_start(&e->forget, on_forget, FORGET_EVERY, FORGET_EVERY);
	say_hello(e);
	watch(e);
}

static void
end(struct pipe_end *e)
{
	struct role *r = &e->role;

	if (e->settled) {
		resolver_close(r);
		probe_end(r);
		asks_close(r);
		exchanges_close(r);
		pages_close(r);
		udp_close(r->udp);
		peers_close(r);
	}
	uv_close((uv_handle_t *)&e->poll, NULL);
	uv_close((uv_handle_t *)&e->write, NULL);
	uv_close((uv_handle_t *)&e->forget, NULL);
	uv_run(&e->loop, UV_RUN_DEFAULT);
	uv_loop_close(&e->loop);
	pool_free(r->pool);
	buf_free(&e->in);
	buf_free(&e->out);
}

int
lan_main(void)
{
	struct pipe_end *e = mem_alloc(sizeof(*e));

	log_open("platen lan", LOG_INFO);
	begin(e);
	uv_run(&e->loop, UV_RUN_DEFAULT);
	end(e);
	free(e);
	return 0;
}
