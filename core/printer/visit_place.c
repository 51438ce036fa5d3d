/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit_place.c - which visits ask their printers, and which only wait for plugins.
 *
 * A visit has a place among those that ask from its beginning until plugins have all
 * that they are known to ask, and again when one asks for more: it does not stand in
 * line for that, but nobody else begins until there are fewer.
 */
#include "printer/visit_inside.h"

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

/* When nobody asks, nothing comes that plugins could be told together with what they were told. */
void
place_look(struct visits *all)
{
	if (visits_asking(all) == 0)
		scrapers_flush(all->scrapers);
}

void
place_give(struct visit *v)
{
	struct visits *all = v->all;

	set_resting(v, true);
	if (all->free_place != NULL)
		all->free_place(all->free_place_arg);
	place_look(all);
}

void
place_take(struct visit *v)
{
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
