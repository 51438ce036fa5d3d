/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit_read.c - the printer is read: one question to the lan role, what came of
 * each object and column, and answers to plugins made of that.
 *
 * It does not know who wants to know: that is visit_plan.c's and visit_questions.c's.
 */
#include "printer/visit_inside.h"

#include "message_read.h"
#include "printer/rows.h"
#include "printer/shapes.h"

#include <string.h>

/* ---- what the printer says ---- */

static bool
is_good(int32_t status)
{
	return status == PLATEN_OK || status == PLATEN_EPARTIAL;
}

/* Objects first, then columns: as they were asked for.  One status is all of theirs. */
static void
take_read(struct read *r, const struct answer *a)
{
	struct got *none;

	if (is_good(a->status)) {
		pool_join(r->visit->pool, a->pool);
		r->got = a->got;
		return;
	}
	r->got = none = pool_alloc(r->visit->pool, r->q.n * sizeof(*none));
	for (uint32_t i = 0; i < r->q.n; i++)
		none[i].status = a->status;
}

/* Is it still the printer that was known here?  The visit may be over, or begin anew. */
static void
check_identity(struct visit *v, const struct answer *a)
{
	const struct question *again = identify_question(IDENTIFY_AGAIN);
	const struct got *got[PLATEN_MAX_OIDS];
	struct answer first = answer_none(ASK_GET, a->status);

	if (is_good(a->status)) {
		for (uint32_t i = 0; i < again->n; i++)
			got[i] = &a->got[i];
		first = answer_of(v->pool, ASK_GET, again->oids, got, again->n);
	}
	identity_check(v, &first);
}

static void
on_read(void *arg, const struct answer *a)
{
	struct read *r = arg;
	struct visit *v = r->visit;
	struct visits *all = v->all;
	uint64_t id = v->id;

	v->read = 0;
	v->packets += a->packets;
	take_read(r, a);
	if (a->shape[0] != 0 && strcmp(a->shape, r->q.shape) != 0) {
		v->shape = shapes_with(v->shape, r->key, a->shape, v->pool);
		v->shape_new = true;
	}
	if (v->trusted)
		check_identity(v, a);
	if (visit_find(all, id) != v)
		return;
	if (v->called)
		questions_serve(v);
	else
		visit_call(v);
}

struct read *
read_new(struct visit *v)
{
	struct read *r = pool_alloc(v->pool, sizeof(*r));

	r->visit = v;
	return r;
}

void
read_ask(struct read *r)
{
	struct visit *v = r->visit;

	r->q.shape = shapes_find(v->shape, r->key, v->pool);
	v->read = visit_ask(v, &r->q, on_read, r);
}

/* ---- answers made of it ---- */

/* The worst that became of anything that was asked for. */
static int32_t
status_of(const struct got *const *got, uint32_t n)
{
	int32_t status = PLATEN_OK;

	for (uint32_t i = 0; i < n; i++)
		if (got[i]->status != PLATEN_OK && (status == PLATEN_OK || !got_some(got[i])))
			status = got[i]->status;
	return status;
}

static void
put_objects(struct pool *pool, const struct platen_oid *oids, const struct got *const *got,
	uint32_t n, struct answer *answer)
{
	answer->n = n;
	answer->binds = pool_alloc(pool, n * sizeof(*answer->binds));
	for (uint32_t i = 0; i < n; i++)
		answer->binds[i] = *got_binds(got[i], oids[i], pool);
}

static void
put_table(struct pool *pool, const struct platen_oid *oids, const struct got *const *got,
	uint32_t n, struct answer *answer)
{
	struct cells columns[PLATEN_MAX_OIDS];

	for (uint32_t i = 0; i < n; i++)
		columns[i] = (struct cells){
			.root = oids[i],
			.binds = got_binds(got[i], oids[i], pool),
			.n = got[i]->n,
		};
	if (!rows_make(columns, n, pool, answer))
		answer->status = PLATEN_EPARTIAL;
}

struct answer
answer_of(struct pool *pool, enum question_kind kind, const struct platen_oid *oids,
	const struct got *const *got, uint32_t n)
{
	struct answer answer = answer_none(kind, status_of(got, n));

	if (!is_good(answer.status))
		return answer;
	if (kind == ASK_GET)
		put_objects(pool, oids, got, n, &answer);
	else
		put_table(pool, oids, got, n, &answer);
	return answer;
}
