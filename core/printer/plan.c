/* SPDX-License-Identifier: Apache-2.0 */
/* plan.c - scripts and plans, each kept once; see plan.h. */
#include "printer/plan.h"

#include "printer/identify.h"

#include <stdlib.h>
#include <string.h>

/* A script, and who keeps it: plans do. */
struct kept {
	struct script script; /* first: a script of a plan is one of these */
	struct kept *next;
	uint32_t kept;
	struct pool *pool;
};

struct plans {
	uint32_t scrapers;
	uint64_t numbers; /* given to scripts */
	struct kept *scripts;
	struct plan *plans;
	uint32_t nscripts, nplans;
	struct plan none; /* of who asks more than a plan can hold */
};

/* ---- scripts ---- */

static void
script_drop(struct plans *all, const struct script *script)
{
	struct kept *k = (struct kept *)(uintptr_t)script, **at = &all->scripts;

	if (k == NULL || --k->kept > 0)
		return;
	while (*at != k)
		at = &(*at)->next;
	*at = k->next;
	all->nscripts--;
	pool_free(k->pool);
	free(k);
}

static const struct script *
script_keep(const struct script *script)
{
	struct kept *k = (struct kept *)(uintptr_t)script;

	k->kept++;
	return script;
}

static bool
has_question(const struct question *const *list, uint32_t n, const struct question *q)
{
	for (uint32_t i = 0; i < n; i++)
		if (question_same(list[i], q))
			return true;
	return false;
}

static struct kept *
find_script(const struct plans *all, const struct question *const *list, uint32_t n)
{
	for (struct kept *k = all->scripts; k != NULL; k = k->next) {
		uint32_t same = 0;

		while (k->script.n == n && same < n &&
			question_same(&k->script.questions[same], list[same]))
			same++;
		if (same == n)
			return k;
	}
	return NULL;
}

/* NULL: there is no room for it. */
static struct kept *
make_script(struct plans *all, const struct question *const *list, uint32_t n)
{
	struct kept *k;
	struct question *questions;

	if (all->nscripts == SCRIPTS_MOST)
		return NULL;
	k = mem_alloc(sizeof(*k));
	k->pool = pool_new();
	questions = pool_alloc(k->pool, n * sizeof(*questions));
	for (uint32_t i = 0; i < n; i++)
		questions[i] = *question_copy(k->pool, list[i]);
	k->script = (struct script){ ++all->numbers, n, questions };
	k->next = all->scripts;
	all->scripts = k;
	all->nscripts++;
	return k;
}

/* The old script of a scraper (NULL: none) and its news; false: there is no room for all that. */
static bool
script_with(struct plans *all, const struct script *old, const struct news *news, uint32_t scraper,
	const struct script **out)
{
	const struct question *list[PLATEN_MAX_QUESTIONS];
	uint32_t n = old != NULL ? old->n : 0;
	struct kept *k;

	for (uint32_t i = 0; i < n; i++)
		list[i] = &old->questions[i];
	for (; news != NULL; news = news->next) {
		if (news->scraper != scraper || has_question(list, n, news->question))
			continue;
		if (n == PLATEN_MAX_QUESTIONS)
			return false;
		list[n++] = news->question;
	}
	*out = NULL;
	if (n == 0)
		return true;
	if ((k = find_script(all, list, n)) == NULL && (k = make_script(all, list, n)) == NULL)
		return false;
	*out = script_keep(&k->script);
	return pool_size(k->pool) <= SCRIPT_MOST;
}

/* ---- the read ---- */

/* Where it stands among those from there on, or now stands; MAX_READ_OIDS: there is no room. */
static uint32_t
place_of(struct question *read, struct platen_oid *oids, uint32_t from,
	const struct platen_oid *oid)
{
	for (uint32_t i = from; i < read->n; i++)
		if (oid_compare(oids[i].sub, oids[i].n, oid->sub, oid->n) == 0)
			return i;
	if (read->n == MAX_READ_OIDS)
		return MAX_READ_OIDS;
	oids[read->n] = *oid;
	return read->n++;
}

/* The objects or the columns of a scraper's questions. */
static bool
put_places(struct plan *p, const struct script *s, struct platen_oid *oids, bool columns,
	uint16_t *places)
{
	uint32_t from = columns ? p->read.nobjects : 0, at = 0;

	for (uint32_t i = 0; i < s->n; i++)
		for (uint32_t k = 0; k < s->questions[i].n; k++, at++) {
			if ((s->questions[i].kind == ASK_TABLE) != columns)
				continue;
			places[at] =
				(uint16_t)place_of(&p->read, oids, from, &s->questions[i].oids[k]);
			if (places[at] == MAX_READ_OIDS)
				return false;
		}
	return true;
}

static uint32_t
oids_of(const struct script *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; s != NULL && i < s->n; i++)
		n += s->questions[i].n;
	return n;
}

/* False: it would be too large. */
static bool
make_read(struct plan *p)
{
	const struct question *again = identify_question(IDENTIFY_AGAIN);
	struct platen_oid *oids = mem_alloc(MAX_READ_OIDS * sizeof(*oids));
	uint16_t **places = pool_alloc(p->pool, p->all->scrapers * sizeof(*places));
	bool ok = true;

	p->read = (struct question){ .kind = ASK_READ, .n = again->n, .shape = "" };
	memcpy(oids, again->oids, again->n * sizeof(*oids));
	for (uint32_t i = 0; i < p->all->scrapers; i++)
		places[i] = pool_alloc(p->pool, oids_of(p->scripts[i]) * sizeof(**places));
	for (int columns = 0; columns < 2; columns++) {
		for (uint32_t i = 0; ok && i < p->all->scrapers; i++)
			if (p->scripts[i] != NULL)
				ok = put_places(p, p->scripts[i], oids, columns != 0, places[i]);
		if (!columns)
			p->read.nobjects = p->read.n;
	}
	p->places = (const uint16_t **)places;
	p->read.oids = pool_copy(p->pool, oids, p->read.n * sizeof(*oids));
	question_pack(&p->read, p->pool);
	shapes_key(&p->read, p->key);
	free(oids);
	return ok;
}

/* ---- plans ---- */

struct plans *
plans_new(uint32_t scrapers)
{
	struct plans *all = mem_alloc(sizeof(*all));

	all->scrapers = scrapers;
	all->none.kept = 1;
	return all;
}

void
plan_keep(struct plan *p)
{
	p->kept++;
}

static void
plan_free(struct plan *p)
{
	for (uint32_t i = 0; i < p->all->scrapers; i++)
		script_drop(p->all, p->scripts[i]);
	pool_free(p->pool);
}

void
plan_drop(struct plan *p)
{
	struct plan **at;

	if (p == NULL || --p->kept > 0)
		return;
	at = &p->all->plans;
	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	p->all->nplans--;
	plan_free(p);
}

/* The same, if there is one already. */
static struct plan *
find_plan(const struct plans *all, const struct plan *like)
{
	struct plan *p = all->plans;

	while (p != NULL &&
		memcmp(p->scripts, like->scripts, all->scrapers * sizeof(struct script *)) != 0)
		p = p->next;
	return p;
}

static struct plan *
plan_new(struct plans *all)
{
	struct pool *pool = pool_new();
	struct plan *p = pool_alloc(pool, sizeof(*p));

	p->all = all;
	p->pool = pool;
	p->scripts = pool_alloc(pool, all->scrapers * sizeof(struct script *));
	return p;
}

struct plan *
plans_with(struct plans *all, struct plan *old, const struct news *news)
{
	struct plan *p = plan_new(all), *same;
	bool ok = old != &all->none && all->nplans < PLANS_MOST;

	for (uint32_t i = 0; ok && i < all->scrapers; i++)
		ok = script_with(all, old != NULL ? old->scripts[i] : NULL, news, i,
			&p->scripts[i]);
	same = ok ? find_plan(all, p) : NULL;
	if (same == NULL && (!ok || !make_read(p)))
		same = &all->none;
	if (same != NULL) {
		plan_free(p);
		p = same;
	} else {
		p->next = all->plans;
		all->plans = p;
		all->nplans++;
	}
	plan_keep(p);
	return p;
}

void
plans_free(struct plans *all)
{
	free(all);
}
