/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit_place.c - which visits ask their printers, and which only wait for plugins.
 *
 * A visit has a place among those that ask from its beginning until plugins have all
 * that they are known to ask, and again when one asks for more: it does not stand in
 * line for that, but nobody else begins until there are fewer.
 */
#include "printer/visit_inside.h"

/* Visits open for each that may ask: the others wait for plugins. */
#define OPEN_MOST 2

static void
set_resting(struct visit *v, bool resting)
{
	v->all->nresting += resting;
	v->all->nresting -= v->resting;
	v->resting = resting;
}

uint32_t
visits_asking(const struct visits *all)
{
	return all->nopen - all->nresting;
}

void
visits_when_free(struct visits *all, void (*free_place)(void *arg), void *arg)
{
	all->free_place = free_place;
	all->free_place_arg = arg;
}

bool
visits_room(const struct visits *all)
{
	uint32_t most = all->recorder->config->concurrency;

	return visits_asking(all) < most && all->nopen < most * OPEN_MOST;
}

/* Plugins are told together what comes soon: not of so many that others could not begin for it. */
void
place_look(struct visits *all)
{
	bool many = all->ngathered >= all->recorder->config->concurrency;

	if (!many && visits_asking(all) > 0)
		return;
	scrapers_flush(all->scrapers);
	all->ngathered = 0;
}

void
place_give(struct visit *v)
{
	struct visits *all = v->all;

	set_resting(v, true);
	all->ngathered++;
	if (all->free_place != NULL)
		all->free_place(all->free_place_arg);
	place_look(all);
}

void
place_take(struct visit *v)
{
	/* Of this one plugins have been told, and with it of those before it. */
	if (v->resting)
		v->all->ngathered = 0;
	set_resting(v, false);
}

uint64_t
visit_ask(struct visit *v, const struct question *q, lan_answer_fn *fn, void *arg)
{
	struct lan *lan = v->all->lan;
	const struct target target = {
		.address = v->known->address,
		.port = v->known->port,
		.learned = v->known->learned,
	};

	place_take(v);
	return lan->ops->ask(lan, &target, q, fn, arg);
}
