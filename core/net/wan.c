/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wan.c - the wan role: takes the agent's parcels off the pipe and has them sent.
 * One loop, no threads; ends when the pipe does.  See wan.h.
 */
#include "net/wan.h"

#include "base/readfile.h"
#include "net/jail.h"
#include "net/net.h"

#include <stdlib.h>
#include <string.h>

#define AUTHORITIES_FILE "/etc/ssl/certs/ca-certificates.crt"
#define AUTHORITIES_MOST (4u << 20)

/* By the kind of the place. */
static const struct wan_sender *const senders[] = {
	[WAN_HTTPS] = &https_sender, [WAN_FRAMES] = &frames_sender
};

static const struct wan_sender *
sender_of(const struct wan_role *r, uint32_t place)
{
	return senders[r->settings.places[place].kind];
}

/* ---- to the agent ---- */

static struct errand **
find(struct wan_role *r, uint64_t id)
{
	struct errand **at = &r->errands;

	while (*at != NULL && (*at)->id != id)
		at = &(*at)->next;
	return at;
}

static void
forget(struct errand *e)
{
	struct errand **at = find(e->role, e->id);

	*at = e->next;
	pool_free(e->pool);
}

void
errand_done(struct errand *e, const struct sent *sent)
{
	struct buf *out = &e->role->pipe.out;
	size_t at = wire_begin(out, MSG_WAN_SENT);

	wire_u64(out, e->id);
	wire_i64(out, sent->status);
	wire_u64(out, sent->code >= 0 && sent->code <= 999 ? (uint64_t)sent->code : 0);
	wire_u64(out, sent->retry_after);
	wire_text(out, sent->server);
	wire_text(out, sent->reason);
	wire_bytes(out, sent->body, sent->len);
	wire_end(out, at);
	forget(e);
}

void
errand_left(struct errand *e, const char *server, const struct buf *head, const struct buf *body)
{
	struct buf *out = &e->role->pipe.out;
	size_t at = wire_begin(out, MSG_WAN_LEFT);

	wire_u64(out, e->place);
	wire_text(out, server);
	wire_bytes(out, head->p, head->n);
	wire_bytes(out, body->p, body->n);
	wire_end(out, at);
}

/* ---- orders ---- */

static void
read_authorities(struct wan_role *r)
{
	struct why why;

	if (!file_read(AUTHORITIES_FILE, AUTHORITIES_MOST, &r->authorities, &why))
		pipe_log(&r->pipe, LOG_WARN,
			AUTHORITIES_FILE " %s: servers are believed only where ca_file is set",
			why.text);
}

static void
open_places(struct wan_role *r)
{
	struct jail_plan plan = { .who = "wan", .sandbox = r->settings.sandbox };

	for (uint32_t i = 0; i < r->settings.nplaces; i++) {
		const struct wan_sender *sender = sender_of(r, i);

		r->places[i] = sender->open(r, i);
		plan.nports += sender->ports(r->places[i], plan.ports + plan.nports,
			JAIL_PORTS - plan.nports);
	}
	jail_begin(&plan, &r->pipe);
}

/* From here on the role is closed in: everything that reads files has been set up. */
static bool
take_settings(struct wan_role *r, struct wire *w)
{
	struct wire again = *w;

	again.p = pool_copy(r->pool, w->p, w->n); /* the texts lie in it */
	if (!wan_settings_get(&again, r->pool, &r->settings) || !wire_ended(&again))
		return false;
	for (uint32_t i = 0; i < r->settings.nplaces; i++)
		if (r->settings.places[i].kind >= COUNT(senders))
			return false;
	read_authorities(r);
	r->web = web_open(&r->loop, https_over);
	r->resolver = resolver_open(&r->loop);
	r->settled = true;
	open_places(r);
	return true;
}

static bool
take_send(struct wan_role *r, struct wire *w)
{
	struct pool *pool = pool_new();
	struct wire again = *w;
	struct errand *e = pool_alloc(pool, sizeof(*e));

	again.p = pool_copy(pool, w->p, w->n);
	*e = (struct errand){ .role = r, .pool = pool };
	e->id = wire_get_u64(&again);
	e->place = wire_get_max(&again, MAX_WAN_PLACES - 1);
	if (!parcel_get(&again, &e->parcel) || !wire_ended(&again) ||
		e->place >= r->settings.nplaces) {
		pool_free(pool);
		return false;
	}
	e->next = r->errands;
	r->errands = e;
	sender_of(r, e->place)->begin(e);
	return true;
}

static bool
take_cancel(struct wan_role *r, struct wire *w)
{
	struct errand *e = *find(r, wire_get_u64(w));

	if (e != NULL) {
		sender_of(r, e->place)->cancel(e);
		forget(e);
	}
	return wire_ended(w);
}

static bool
take(void *arg, struct wire *w)
{
	struct wan_role *r = arg;

	if (w->type == MSG_WAN_SETTINGS)
		return !r->settled && take_settings(r, w);
	if (!r->settled)
		return false;
	switch (w->type) {
	case MSG_WAN_SEND:
		return take_send(r, w);
	case MSG_WAN_CANCEL:
		return take_cancel(r, w);
	default:
		return false;
	}
}

/* ---- beginning and end ---- */

static void
end(struct wan_role *r)
{
	if (r->settled) {
		resolver_close(r->resolver);
		while (r->errands != NULL) {
			struct errand *e = r->errands;

			sender_of(r, e->place)->cancel(e);
			forget(e);
		}
		for (uint32_t i = 0; i < r->settings.nplaces; i++)
			sender_of(r, i)->close(r->places[i]);
		web_close(r->web);
	}
	pipe_close(&r->pipe);
	uv_run(&r->loop, UV_RUN_DEFAULT);
	uv_loop_close(&r->loop);
	buf_free(&r->authorities);
	pool_free(r->pool);
}

int
wan_main(void)
{
	struct wan_role *r = mem_alloc(sizeof(*r));

	log_open("platen wan", LOG_INFO);
	uv_loop_init(&r->loop);
	r->pool = pool_new();
	pipe_open(&r->pipe, &r->loop, "wan", take, r);
	uv_run(&r->loop, UV_RUN_DEFAULT);
	end(r);
	free(r);
	return 0;
}
