/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit_plan.c - what plugins ask of printers like this one is known: it is read
 * before they are called, and each is called with the answers, in one frame.
 *
 * Only whole answers are foreseen.  What went wrong is asked for and answered as if
 * nothing had been planned: the record says which plugins it concerned.
 */
#include "printer/visit_inside.h"

#include "message_read.h"

bool
plan_begin(struct visit *v)
{
	struct visits *all = v->all;
	struct plan *plan = all->witness == NULL ? matches_plan(all->matches, v->kind) : NULL;

	if (plan == NULL || plan->read.n == 0)
		return false;
	plan_keep(plan);
	v->plan = plan;
	v->ahead = read_new(v);
	v->ahead->q = plan->read;
	v->ahead->key = plan->key;
	read_ask(v->ahead);
	return true;
}

/* The answer to one question, by the places of its OIDs in the read; it may not be whole. */
static void
foresee(const struct read *r, struct foretold *f, uint32_t question, const uint16_t *places)
{
	const struct question *q = &f->script->questions[question];
	const struct got *got[PLATEN_MAX_OIDS];
	struct answer answer;
	struct pool *pool;

	for (uint32_t i = 0; i < q->n; i++) {
		got[i] = &r->got[places[i]];
		if (got[i]->status != PLATEN_OK)
			return;
	}
	if (foretold_read(f, question, got))
		return;
	pool = pool_new();
	answer = answer_of(pool, q->kind, q->oids, got, q->n);
	if (answer.status == PLATEN_OK)
		foretold_answer(f, question, &answer);
	pool_free(pool);
}

bool
plan_foresee(const struct visit *v, uint32_t scraper, struct foretold *f)
{
	const struct script *script = v->plan != NULL ? v->plan->scripts[scraper] : NULL;
	const uint16_t *places;

	f->script = script;
	f->known = 0;
	buf_clear(&f->answers);
	if (script == NULL)
		return false;
	places = v->plan->places[scraper];
	for (uint32_t i = 0; i < script->n; i++) {
		foresee(v->ahead, f, i, places);
		places += script->questions[i].n;
	}
	return f->known != 0;
}

/* What visit() asks follows from the kind of printer; what comes of an answer does not. */
void
plan_news(struct visit *v, uint32_t scraper, const struct question *q)
{
	struct news *news;

	if (!q->first || !question_is_snmp(q) || v->all->witness != NULL)
		return;
	news = pool_alloc(v->pool, sizeof(*news));
	*news = (struct news){ .scraper = scraper, .question = question_copy(v->pool, q) };
	*v->news_end = news;
	v->news_end = &news->next;
}

void
plan_learn(struct visit *v)
{
	if (v->news != NULL)
		matches_learn(v->all->matches, v->kind, v->news);
}

void
plan_end(struct visit *v)
{
	plan_drop(v->plan);
	v->plan = NULL;
	v->ahead = NULL;
}
