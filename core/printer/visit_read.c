/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit_read.c - the printer is read: one question to the lan role, what came of
 * each object and column, and answers to plugins made of that.
 *
 * It does not know who wants to know: that is visit_plan.c's and visit_questions.c's.
 */
#include "printer/visit_inside.h"

#include "printer/rows.h"
#include "printer/shapes.h"

#include <string.h>

/* ---- what the printer says ---- */

/* What came must be what was asked for: the lan role may have been taken over. */
static bool
fits(const struct platen_oid *asked, bool column, const struct platen_bind *binds, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct platen_oid *oid = &binds[i].oid;

		if (!oid_below(oid->sub, oid->n, asked->sub, asked->n) ||
			(oid->n == asked->n) == column)
			return false;
	}
	return true;
}

static struct got
got_of(const struct read *r, uint32_t place, const struct platen_bind *binds, uint32_t n,
	bool flawed)
{
	struct got got = { .here = true, .status = flawed ? PLATEN_EPARTIAL : PLATEN_OK };

	if (!fits(&r->q.oids[place], place >= r->q.nobjects, binds, n)) {
		log_warn("%s: the lan role answers what was not asked", r->visit->known->address);
		got.status = PLATEN_ENOANSWER;
		return got;
	}
	got.binds = binds;
	got.n = n;
	return got;
}

static bool
is_good(const struct answer *a)
{
	return a->status == PLATEN_OK || a->status == PLATEN_EPARTIAL;
}

/* Objects first, then the cells of each column: as they were asked for. */
static void
take_read(struct read *r, const struct answer *a)
{
	const struct platen_bind *binds = a->binds;

	for (uint32_t i = 0; i < r->q.n; i++) {
		uint32_t n = 1;

		if (!is_good(a)) {
			r->got[i] = (struct got){ .here = true, .status = a->status };
			continue;
		}
		if (i >= r->q.nobjects)
			n = a->counts[i - r->q.nobjects];
		r->got[i] = got_of(r, i, binds, n, a->nflaws > 0 && a->flaws[i] != 0);
		binds += n;
	}
}

/* Is it still the printer that was known here?  The visit may be over, or begin anew. */
static void
check_identity(struct visit *v, const struct answer *a)
{
	const struct question *again = identify_question(IDENTIFY_AGAIN);
	struct answer first = answer_none(ASK_GET, a->status);

	if (is_good(a)) {
		first.n = again->n;
		first.binds = a->binds;
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
	if (is_good(a))
		pool_join(v->pool, a->pool);
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
read_new(struct visit *v, uint32_t room)
{
	struct read *r = pool_alloc(v->pool, sizeof(*r));

	r->visit = v;
	r->got = pool_alloc(v->pool, room * sizeof(*r->got));
	return r;
}

void
read_ask(struct read *r)
{
	struct visit *v = r->visit;
	struct target target = visit_target(v);

	r->q.shape = shapes_find(v->shape, r->key, v->pool);
	v->read = v->all->lan->ops->ask(v->all->lan, &target, &r->q, on_read, r);
}

/* ---- answers made of it ---- */

/* The worst that became of anything that was asked for. */
static int32_t
status_of(const struct got *const *got, uint32_t n)
{
	int32_t status = PLATEN_OK;

	for (uint32_t i = 0; i < n; i++)
		if (got[i]->status != PLATEN_OK && (status == PLATEN_OK || got[i]->binds == NULL))
			status = got[i]->status;
	return status;
}

static void
put_objects(struct pool *pool, const struct got *const *got, uint32_t n, struct answer *answer)
{
	answer->n = n;
	answer->binds = pool_alloc(pool, n * sizeof(*answer->binds));
	for (uint32_t i = 0; i < n; i++)
		answer->binds[i] = got[i]->binds[0];
}

static void
put_table(struct pool *pool, const struct platen_oid *oids, const struct got *const *got,
	uint32_t n, struct answer *answer)
{
	struct cells columns[PLATEN_MAX_OIDS];

	for (uint32_t i = 0; i < n; i++)
		columns[i] = (struct cells){
			.root = oids[i],
			.binds = got[i]->binds,
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

	if (!is_good(&answer))
		return answer;
	if (kind == ASK_GET)
		put_objects(pool, got, n, &answer);
	else
		put_table(pool, oids, got, n, &answer);
	return answer;
}
