/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit_identity.c - who is it?  A stranger is asked before anything else; one
 * that is known is asked together with what the plugins want, and nothing of that
 * is told or kept before it is certain that it is still the same.
 */
#include "printer/visit_inside.h"

#include "printer/settle.h"

#include <string.h>

/* Is the printer called id being read at another address right now? */
static bool
being_read(const struct visit *v, const char *id)
{
	for (uint32_t i = 0; i < v->all->nslots; i++) {
		const struct visit *other = v->all->slots[i];

		if (other != v && (other->state == STATE_MATCH || other->state == STATE_READ) &&
			strcmp(other->name, id) == 0)
			return true;
	}
	return false;
}

/*
 * Has this printer a second address, at which it was read well just now?  Then
 * one record is enough.  A printer that has moved is silent at the old address.
 */
static bool
lives_elsewhere(const struct visit *v)
{
	const struct recorder *r = v->all->recorder;
	char id[PRINTER_ID];
	struct printer other;

	if (r->registry == NULL || v->now->serial[0] == 0)
		return false;
	settle_name(v->now, id);
	if (being_read(v, id))
		return true;
	return registry_elsewhere(r->registry, v->known, id, &other) && other.failures == 0 &&
		other.seen <= clock_wall() &&
		(uint64_t)(clock_wall() - other.seen) * 1000 < 2 * r->config->every;
}

/* A printer that is certain: is it to be read, and here? */
static void
identified(struct visit *v)
{
	if (!identify_printer(&v->identity, v->now))
		visit_finish(v, VISIT_NOT_PRINTER);
	else if (v->identify_only)
		visit_finish(v, VISIT_IDENTIFIED);
	else if (lives_elsewhere(v))
		visit_finish(v, VISIT_ELSEWHERE);
	else if (v->trusted)
		visit_confirmed(v);
	else
		visit_begin_matching(v);
}

static bool
is_answer(const struct answer *a)
{
	return a->status == PLATEN_OK || a->status == PLATEN_EPARTIAL;
}

static void
on_identified(void *arg, const struct answer *a)
{
	struct visit *v = arg;

	v->who = 0;
	v->packets += a->packets;
	if ((v->step == IDENTIFY_AGAIN || v->step == IDENTIFY_GET) && !is_answer(a)) {
		visit_finish(v, VISIT_SILENT);
		return;
	}
	v->step = identify_take(v->step, a, &v->identity, visit_now(v));
	if (v->step != IDENTIFY_KNOWN)
		identity_ask(v);
	else
		identified(v);
}

void
identity_ask(struct visit *v)
{
	struct target target = visit_target(v);

	v->who = v->all->lan->ops->ask(v->all->lan, &target, identify_question(v->step),
		on_identified, v);
}

void
identity_check(struct visit *v, const struct answer *a)
{
	if (!is_answer(a)) {
		visit_finish(v, VISIT_SILENT);
		return;
	}
	v->step = identify_take(IDENTIFY_AGAIN, a, &v->identity, visit_now(v));
	if (v->step == IDENTIFY_KNOWN)
		identified(v);
	else
		visit_begin_anew(v);
}
