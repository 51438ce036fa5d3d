/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool_standby.c - sinks that step in for another one: they have nothing to do
 * as long as it delivers, take over when it has not for a while, and stand by
 * again as soon as it does.
 *
 * The records stay the other sink's as well: what the standby has had moves no
 * cursor but its own.  While it stands by, its cursor follows.
 */
#include "store/spool_inside.h"

#include <string.h>

void
standby_open(struct outlet *o)
{
	struct spool *s = o->spool;

	if (o->config->standby_of == NULL)
		return;
	for (uint32_t i = 0; i < s->noutlets; i++)
		if (strcmp(s->outlets[i].config->name, o->config->standby_of) == 0)
			o->follows = &s->outlets[i];
	if (o->follows != NULL)
		o->state = OUTLET_STANDBY;
	o->told = OUTLET_BUSY; /* neither of the states that are told */
}

/* In how many ms it takes over, if nothing is delivered till then; UINT64_MAX: no reason to. */
static uint64_t
takes_over_in(const struct outlet *o, uint64_t now)
{
	uint64_t at = o->follows->undelivered + o->config->after;

	if (o->follows->undelivered == 0)
		return UINT64_MAX;
	return at > now ? at - now : 0;
}

static void
take_over(struct outlet *o)
{
	char since[24];

	text_duration_say(o->config->after, since);
	log_warn("sink %s: has not delivered for %s, sink %s takes over", o->follows->config->name,
		since, o->config->name);
	o->state = OUTLET_IDLE;
	o->since = 0;
	o->moved = true;
	spool_commit_in(o->spool, SPOOL_COMMIT_MS);
}

/* Nothing is in hand any more; where the other one is further, this one is as far. */
static void
follow(struct outlet *o)
{
	o->nitems = 0;
	o->attempt = 0;
	if (o->follows->cursor > o->cursor) {
		o->cursor = o->follows->cursor;
		o->moved = true;
	}
	o->taken = o->cursor;
	o->bytes = 0;
}

static void
stand_by(struct outlet *o)
{
	log_info("sink %s: delivers, sink %s stands by", o->follows->config->name, o->config->name);
	o->state = OUTLET_STANDBY;
	o->moved = true;
	spool_commit_in(o->spool, SPOOL_COMMIT_MS);
}

uint64_t
standby_turn(struct outlet *o, uint64_t now)
{
	uint64_t in = UINT64_MAX;

	if (o->follows == NULL || o->state == OUTLET_BUSY)
		return in; /* when the batch is over, it is seen again */
	in = takes_over_in(o, now);
	if (o->state == OUTLET_STANDBY && in == 0)
		take_over(o);
	else if (o->state != OUTLET_STANDBY && in == UINT64_MAX)
		stand_by(o);
	if (o->state == OUTLET_STANDBY)
		follow(o);
	return o->state == OUTLET_STANDBY ? in : UINT64_MAX;
}

bool
standby_write(struct outlet *o)
{
	enum outlet_state does = o->state == OUTLET_STANDBY ? OUTLET_STANDBY : OUTLET_IDLE;

	if (o->follows == NULL || o->told == does)
		return true;
	if (!spool_db_set_state(&o->spool->db, o->config->name,
		    does == OUTLET_STANDBY ? "standby" : "delivers"))
		return false;
	o->told = does;
	return true;
}
