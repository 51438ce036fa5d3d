/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit_identity.c - who is it?  A stranger is asked before anything else; one
 * that is known is asked together with what the plugins want, and nothing of that
 * is told or kept before it is certain that it is still the same.
 */
#include "printer/visit_inside.h"

#include "printer/settle.h"

#include <string.h>

static struct visit **
bucket(struct visits *all, const char *name)
{
	return &all->named[hash_string(0, name) % NAME_BUCKETS];
}

void
identity_unname(struct visit *v)
{
	struct visit **at;

	if (v->name[0] == 0)
		return;
	for (at = bucket(v->all, v->name); *at != v;)
		at = &(*at)->same_name;
	*at = v->same_name;
	v->name[0] = 0;
}

void
identity_name(struct visit *v)
{
	struct visit **first;

	identity_unname(v);
	settle_name(v->now, v->name);
	first = bucket(v->all, v->name);
	v->same_name = *first;
	*first = v;
}

/* Is the printer called so being read at another address right now? */
static bool
being_read(const struct visit *v, const char *name)
{
	const struct visit *other = *bucket(v->all, name);

	while (other != NULL && (other == v || strcmp(other->name, name) != 0))
		other = other->same_name;
	return other != NULL;
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
	if (v->name[0] == 0)
		settle_name(v->now, id);
	else
		strcpy(id, v->name);
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
	if (a->status != PLATEN_OK && v->again < AGAIN_MOST) {
		v->again++;
		identity_ask(v);
		return;
	}
	v->vague |= a->status != PLATEN_OK;
	v->step = identify_take(v->step, a, &v->identity, visit_now(v));
	if (v->step != IDENTIFY_KNOWN)
		identity_ask(v);
	else
		identified(v);
}

void
identity_ask(struct visit *v)
{
	v->who = visit_ask(v, identify_question(v->step), on_identified, v);
}

void
identity_check(struct visit *v, const struct answer *a)
{
	if (!is_answer(a)) {
		visit_finish(v, VISIT_SILENT);
		return;
	}
	if (identify_same(a, &v->identity, v->now)) {
		v->step = IDENTIFY_KNOWN;
		identified(v);
	} else {
		visit_begin_anew(v);
	}
}
