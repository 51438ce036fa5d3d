/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe_order.c - what a sweep is to ask and whom not; see probe_inside.h.
 *
 * Who is to be left out but cannot be understood spoils the whole order: better
 * no sweep than one that touches what the site wants left alone.
 */
#include "net/probe_inside.h"
#include "net/resolve.h"

#include <stdlib.h>
#include <string.h>

#define RATE_MOST 1000000 /* packets a second */

static void
add_range(struct probe *p, const struct range *r, bool exclude, const char *as_asked)
{
	if (exclude) {
		p->exclude = mem_grow(p->exclude, (p->nexclude + 1) * sizeof(*p->exclude));
		p->exclude[p->nexclude++] = *r;
		return;
	}
	p->stretches = mem_grow(p->stretches, (p->nstretches + 1) * sizeof(*p->stretches));
	p->stretches[p->nstretches++] = (struct stretch){ .range = *r, .as_asked = as_asked };
}

static void
on_start(uv_timer_t *timer)
{
	probe_start(timer->data);
}

static void
on_resolved(void *arg, uint32_t n, const struct address *addresses, const char *why)
{
	struct lookup *l = arg;
	struct probe *p = l->probe;

	for (uint32_t i = 0; i < n; i++) {
		struct range r = { .v6 = addresses[i].v6, .port = l->port };

		memcpy(r.first, addresses[i].ip, 16);
		memcpy(r.last, addresses[i].ip, 16);
		if (address_is_host(&addresses[i]))
			add_range(p, &r, l->exclude, l->text);
	}
	if (n == 0) {
		char *text = mem_format("\"%s\" cannot be looked up (%s)", l->text, why);

		probe_problem(p, text);
		free(text);
		p->spoiled |= l->exclude;
	}
	if (--p->lookups == 0)
		uv_timer_start(&p->timer, on_start, 0, 0);
}

/* One TARGET of the message. */
static void
add_target(struct probe *p, const char *text, bool exclude)
{
	struct range r;
	struct why why;
	struct lookup *l;

	if (!range_parse(text, p->pool, &r, &why)) {
		probe_problem(p, why.text);
		p->spoiled |= exclude;
		return;
	}
	if (r.name == NULL) {
		add_range(p, &r, exclude, "");
		return;
	}
	l = pool_alloc(p->pool, sizeof(*l));
	*l = (struct lookup){ p, p->names, pool_string(p->pool, text), r.name, r.port, exclude };
	p->names = l;
}

static void
read_targets(struct probe *p, struct wire *w, bool exclude)
{
	uint32_t n = wire_get_max(w, MAX_SWEEP_TARGETS);

	for (uint32_t i = 0; i < n && !w->bad; i++)
		add_target(p, wire_get_text(w), exclude);
}

static bool
read_order(struct probe *p, struct wire *w)
{
	p->id = wire_get_u64(w);
	p->rate = wire_get_max(w, RATE_MOST);
	p->port = (uint16_t)wire_get_max(w, UINT16_MAX);
	read_targets(p, w, false);
	read_targets(p, w, true);
	return wire_ended(w) && p->rate > 0 && p->port > 0;
}

static void
look_up(struct probe *p)
{
	p->lookups = 1; /* the loop itself: an answer may come at once */
	for (struct lookup *l = p->names; l != NULL; l = l->next) {
		p->lookups++;
		resolve(p->role->resolver, l->name, on_resolved, l);
	}
	if (--p->lookups == 0)
		uv_timer_start(&p->timer, on_start, 0, 0);
}

bool
probe_begin(struct role *r, struct wire *w)
{
	struct probe *p = mem_alloc(sizeof(*p));
	bool understood;

	p->role = r;
	p->pool = pool_new();
	uv_timer_init(r->loop, &p->timer);
	p->timer.data = p;
	understood = read_order(p, w);
	if (understood && r->probe == NULL) {
		r->probe = p;
		look_up(p);
		return true;
	}
	if (understood)
		role_swept(r, p->id, 0, "another sweep is still under way");
	uv_close((uv_handle_t *)&p->timer, probe_closed);
	return understood;
}
