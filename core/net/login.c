/* SPDX-License-Identifier: Apache-2.0 */
/*
 * login.c - finding out how a printer is asked: which version, which community
 * or user.
 *
 * A wrong community is answered by silence, so nothing waits for a whole
 * timeout: one way after the other is tried a moment apart, all wait together,
 * and the first that is answered serves.  In order: what served this printer
 * last, users, communities with v2c, with v1, in each what served another printer
 * last before the others.  A lost packet must not make a printer speak SNMPv1
 * for ever: before a later way is taken, the earlier ones are asked once more.
 */
#include "net/ask.h"

#include <stdlib.h>
#include <string.h>

/* From one try to the next, ms: longer than a printer in the same site takes. */
#define STEP 200

static const uint32_t sys_object_id[] = { 1, 3, 6, 1, 2, 1, 1, 2, 0 };
static const struct name probe_name = { .oid = { sys_object_id, COUNT(sys_object_id) } };

/* One way to log in, being tried. */
struct attempt {
	struct ask *ask;
	const struct credential *credential;
	struct exchange *exchange; /* NULL: not begun, or over */
	bool tried;
};

struct login {
	login_fn *fn;
	uv_timer_t step;
	bool refused; /* by SNMPv3: there is somebody */
	struct attempt *good; /* answered; the earlier ones have a last chance */
	uint32_t n;
	struct attempt *attempts; /* in order */
};

static void
on_closed(uv_handle_t *step)
{
	struct login *l = step->data;

	free(l->attempts);
	free(l);
}

void
login_cancel(struct ask *a)
{
	struct login *l = a->login;

	if (l == NULL)
		return;
	for (uint32_t i = 0; i < l->n; i++)
		if (l->attempts[i].exchange != NULL)
			exchange_cancel(l->attempts[i].exchange);
	a->login = NULL;
	uv_timer_stop(&l->step);
	uv_close((uv_handle_t *)&l->step, on_closed);
}

static void
conclude(struct ask *a, int32_t status)
{
	login_fn *fn = a->login->fn;

	login_cancel(a);
	fn(a, status);
}

/* Users whose engine is still being asked for wait for that: one asks for all. */
static bool
can_try(const struct ask *a, const struct attempt *t, bool engine_awaited)
{
	const struct usm_engine *e = a->peer->engine;

	if (t->tried)
		return false;
	return t->credential->version != VERSION_3 || !engine_awaited || (e != NULL && e->nid > 0);
}

static struct attempt *
next_attempt(struct ask *a)
{
	struct login *l = a->login;
	bool engine_awaited = false;

	for (uint32_t i = 0; i < l->n; i++)
		engine_awaited |= l->attempts[i].tried &&
			l->attempts[i].credential->version == VERSION_3;
	for (uint32_t i = 0; i < l->n; i++)
		if (can_try(a, &l->attempts[i], engine_awaited))
			return &l->attempts[i];
	return NULL;
}

static bool
is_pending(const struct login *l)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (l->attempts[i].exchange != NULL)
			return true;
	return false;
}

static void on_answer(void *arg, enum outcome, const struct reply *);
static void try_next(struct ask *);

static void
succeed(const struct attempt *t)
{
	struct ask *a = t->ask;

	a->peer->credential = t->credential;
	a->peer->role->last_good[t->credential->version] = t->credential;
	conclude(a, PLATEN_OK);
}

static void
on_step(uv_timer_t *step)
{
	struct login *l = step->data;

	if (l->good != NULL)
		succeed(l->good);
	else
		try_next(l->attempts[0].ask);
}

static void
launch(struct attempt *t, uint32_t tries)
{
	struct ask *a = t->ask;

	t->tried = true;
	t->exchange = exchange_start(&(struct exchange_order){
		.peer = a->peer,
		.credential = t->credential,
		.request = { .kind = REQUEST_GET, .n = 1, .names = &probe_name },
		.pool = a->pool,
		.tries = tries,
		.deadline = a->deadline,
		.packets = &a->packets,
		.fn = on_answer,
		.arg = t,
	});
}

static void
try_next(struct ask *a)
{
	struct login *l = a->login;
	struct attempt *t = next_attempt(a);

	if (t == NULL) {
		if (!is_pending(l))
			conclude(a, l->refused ? PLATEN_EREFUSED : PLATEN_ENOANSWER);
		return;
	}
	launch(t, a->peer->role->settings.retries + 1);
	uv_timer_start(&l->step, on_step, STEP, 0);
}

static void
tell_refusal(struct attempt *t, const char *why)
{
	struct peer *p = t->ask->peer;
	char address[ADDRESS_TEXT];

	if (p->refusal_told)
		return;
	address_format(&p->address, address);
	role_log(p->role, LOG_WARN, "%s refuses [snmpv3 %s]: %s", address,
		p->role->settings.users[t->credential->index].name, why);
	p->refusal_told = true;
}

/* False: none of them is still awaited. */
static bool
ask_earlier_again(struct attempt *t)
{
	struct login *l = t->ask->login;
	bool any = false;

	for (struct attempt *e = l->attempts; e < t; e++)
		if (e->exchange != NULL) {
			exchange_cancel(e->exchange);
			launch(e, 1);
			any = true;
		}
	if (any)
		uv_timer_start(&l->step, on_step, STEP, 0);
	return any;
}

/* Nothing else is tried once one way is known to serve. */
static void
go_on(struct ask *a)
{
	struct login *l = a->login;

	if (l->good == NULL)
		try_next(a);
	else if (!is_pending(l))
		succeed(l->good);
}

static void
answered(struct attempt *t)
{
	struct login *l = t->ask->login;

	if (l->good != NULL && l->good < t)
		go_on(t->ask);
	else if (l->good == NULL && ask_earlier_again(t))
		l->good = t;
	else
		succeed(t);
}

static void
on_answer(void *arg, enum outcome outcome, const struct reply *reply)
{
	struct attempt *t = arg;
	struct ask *a = t->ask;

	t->exchange = NULL;
	switch (outcome) {
	case OUTCOME_REPLY:
		answered(t);
		return;
	case OUTCOME_REFUSED:
		a->login->refused = true;
		tell_refusal(t, report_say(reply->report));
		go_on(a);
		return;
	case OUTCOME_SILENT:
		if (t->credential->version == VERSION_3 && a->peer->engine->nid > 0) {
			a->login->refused = true;
			tell_refusal(t,
				"it says who it is, but no more to this user; is the priv "
				"password or protocol wrong?");
		}
		go_on(a);
		return;
	}
}

static void
add(struct ask *a, const struct credential *c)
{
	struct login *l = a->login;

	if (c == NULL || !peer_may_try(a->peer, c))
		return;
	for (uint32_t i = 0; i < l->n; i++)
		if (l->attempts[i].credential == c)
			return;
	l->attempts[l->n++] = (struct attempt){ .ask = a, .credential = c };
}

void
login_begin(struct ask *a, login_fn *fn)
{
	struct role *r = a->peer->role;
	struct login *l = mem_alloc(sizeof(*l));

	l->fn = fn;
	l->attempts = mem_alloc(r->ncredentials * sizeof(*l->attempts));
	a->login = l;
	uv_timer_init(r->loop, &l->step);
	l->step.data = l;
	add(a, a->peer->credential);
	for (uint32_t i = 0; i < r->ncredentials; i++) {
		add(a, r->last_good[r->credentials[i].version]);
		add(a, &r->credentials[i]);
	}
	try_next(a);
}
