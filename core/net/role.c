/* SPDX-License-Identifier: Apache-2.0 */
/*
 * role.c - the lan role: takes the agent's orders off the pipe and puts answers
 * on it.  One loop, no threads; ends when the pipe does.
 */
#include "net/ask.h"
#include "net/jail.h"
#include "net/page.h"
#include "net/pipe.h"
#include "net/probe.h"
#include "net/resolve.h"

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often idle printers are looked for, ms. */
#define FORGET_EVERY 60000

/* Milliseconds after an answer, without another, after which memory is given back. */
#define REST_AFTER 1000

/* What only this file needs to know of the role. */
struct lan_role {
	struct role role;
	uv_loop_t loop;
	struct pipe_end pipe;
	uv_timer_t forget, rest;
	uint64_t answered; /* uv_now of the last answer */
	bool settled; /* SETTINGS came */
};

/* There is one role in a process; role_log and its kin find the pipe by it. */
static struct lan_role *
end_of(struct role *r)
{
	return (struct lan_role *)((char *)r - offsetof(struct lan_role, role));
}

/* ---- to the agent ---- */

void
role_log(struct role *r, enum log_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	pipe_vlog(&end_of(r)->pipe, level, fmt, ap);
	va_end(ap);
}

void
role_learned(struct role *r, const char *address, uint16_t port, const char *learned)
{
	struct buf *out = &end_of(r)->pipe.out;
	size_t at = wire_begin(out, MSG_LAN_LEARNED);

	wire_text(out, address);
	wire_u64(out, port);
	wire_text(out, learned);
	wire_end(out, at);
}

/* Begun by the first answer, and not anew by each: so it may be too early. */
static void
on_rest(uv_timer_t *timer)
{
	struct lan_role *e = timer->data;
	uint64_t quiet = uv_now(&e->loop) - e->answered;

	if (quiet < REST_AFTER)
		uv_timer_start(timer, on_rest, REST_AFTER - quiet, 0);
	else
		mem_rest();
}

static void
rest_later(struct lan_role *e)
{
	e->answered = uv_now(&e->loop);
	if (!uv_is_active((uv_handle_t *)&e->rest))
		uv_timer_start(&e->rest, on_rest, REST_AFTER, 0);
}

void
role_answer(struct role *r, uint64_t id, const struct answer *answer)
{
	struct buf *out = &end_of(r)->pipe.out;
	size_t at = wire_begin(out, MSG_LAN_ANSWER);
	struct answer none;

	rest_later(end_of(r));
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
	struct buf *out = &end_of(r)->pipe.out;
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
	struct buf *out = &end_of(r)->pipe.out;
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
	struct buf *out = &end_of(r)->pipe.out;
	size_t at = wire_begin(out, MSG_LAN_SWEPT);

	wire_u64(out, sweep);
	wire_u64(out, sent);
	wire_text(out, why);
	wire_end(out, at);
}

/* ---- orders ---- */

/* Pages are read from the site's web ports and nowhere else. */
static void
close_in(struct lan_role *e)
{
	const struct pages *pages = e->role.pages;
	struct jail_plan plan = { .who = "lan", .sandbox = e->role.settings.sandbox };

	for (; plan.nports < pages->nports; plan.nports++)
		plan.ports[plan.nports] = pages->ports[plan.nports].port;
	jail_begin(&plan, &e->pipe);
}

/* From here on the role is closed in: everything that reads files has been set up. */
static bool
take_settings(struct lan_role *e, struct wire *w)
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
	r->resolver = resolver_open(r->loop);
	if ((r->udp = udp_open(r->loop, exchange_received, r, &why)) == NULL)
		die("%s", why.text);
	close_in(e);
	e->settled = true;
	return true;
}

static void on_forget(uv_timer_t *);

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
	a->id = id;
	a->pool = pool;
	if (!target_get(&again, &target) || !question_get(&again, pool, &a->q) ||
		!wire_ended(&again) || !address_parse(target.address, target.port, &address) ||
		(a->q.kind == ASK_READ && !kept_take(r, a))) {
		pool_free(pool);
		return false;
	}
	a->peer = peer_at(r, &address, target.learned);
	if (!uv_is_active((uv_handle_t *)&end_of(r)->forget))
		uv_timer_start(&end_of(r)->forget, on_forget, FORGET_EVERY, FORGET_EVERY);
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
take(void *arg, struct wire *w)
{
	struct lan_role *e = arg;

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

/* ---- beginning and end ---- */

static void
on_forget(uv_timer_t *timer)
{
	struct lan_role *e = timer->data;

	kept_forget_idle(&e->role);
	peers_forget_idle(&e->role);
	if (e->role.npeers == 0)
		uv_timer_stop(timer);
}

static void
begin(struct lan_role *e)
{
	snmp_disable_log(); /* net-snmp has nothing to say on stderr */
	uv_loop_init(&e->loop);
	e->role.loop = &e->loop;
	e->role.pool = pool_new();
	pipe_open(&e->pipe, &e->loop, "lan", take, e);
	uv_timer_init(&e->loop, &e->forget);
	uv_timer_init(&e->loop, &e->rest);
	e->forget.data = e->rest.data = e;
}

static void
end(struct lan_role *e)
{
	struct role *r = &e->role;

	if (e->settled) {
		resolver_close(r->resolver);
		probe_end(r);
		asks_close(r);
		kept_close(r);
		exchanges_close(r);
		pages_close(r);
		udp_close(r->udp);
		peers_close(r);
	}
	pipe_close(&e->pipe);
	uv_close((uv_handle_t *)&e->forget, NULL);
	uv_close((uv_handle_t *)&e->rest, NULL);
	uv_run(&e->loop, UV_RUN_DEFAULT);
	uv_loop_close(&e->loop);
	pool_free(r->pool);
}

int
lan_main(void)
{
	struct lan_role *e = mem_alloc(sizeof(*e));

	log_open("platen lan", LOG_INFO);
	begin(e);
	uv_run(&e->loop, UV_RUN_DEFAULT);
	end(e);
	free(e);
	return 0;
}
