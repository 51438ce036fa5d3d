/* SPDX-License-Identifier: Apache-2.0 */
/* reader.c - from exact questions to walks, and the answer; see reader.h. */
#include "printer/reader_own.h"

#include "printer/rows.h"

#include <string.h>

/* ---- abilities ---- */

struct ability
ability_new(void)
{
	return (struct ability){
		.objects = OBJECTS_START,
		.objects_most = OBJECTS_MOST,
		.repetitions = REPETITIONS_MOST,
	};
}

void
ability_fewer(struct ability *can, uint32_t n)
{
	can->objects = n > 1 ? n / 2 : 1;
	can->objects_most = can->objects;
}

void
ability_more(struct ability *can, uint32_t n)
{
	uint32_t more = can->objects + OBJECTS_STEP;

	if (n >= can->objects)
		can->objects = more < can->objects_most ? more : can->objects_most;
}

/* ---- small things all of it needs ---- */

struct platen_oid
cell_oid(struct reader *r, const struct column *c, const struct index *row)
{
	uint32_t *sub = pool_alloc(r->pool, (c->root.n + row->n) * sizeof(*sub));

	memcpy(sub, c->root.sub, c->root.n * sizeof(*sub));
	memcpy(sub + c->root.n, row->sub, row->n * sizeof(*sub));
	return (struct platen_oid){ sub, c->root.n + row->n };
}

void
table_changed(struct reader *r, struct table *t)
{
	t->changed = true;
	r->changed = true;
}

enum step
step_judge(const struct column *c, const struct platen_oid *from, const struct platen_bind *b)
{
	int way = oid_compare(b->oid.sub, b->oid.n, from->sub, from->n);

	if (b->type == PLATEN_ABSENT && way == 0)
		return STEP_END; /* endOfMibView */
	if (way <= 0)
		return STEP_BACKWARDS;
	return b->oid.n > c->root.n && oid_below(b->oid.sub, b->oid.n, c->root.sub, c->root.n)
		? STEP_CELL
		: STEP_END;
}

/* ---- the beginning ---- */

/* From the end: there tables differ. */
static bool
same_table(const struct platen_oid *a, const struct platen_oid *b)
{
	uint32_t n = a->n - 1;

	if (a->n != b->n)
		return false;
	while (n > 0 && a->sub[n - 1] == b->sub[n - 1])
		n--;
	return n == 0;
}

/* Tables, at most: the columns of most stand side by side. */
static uint32_t
count_runs(const struct reader *r)
{
	uint32_t runs = 0;

	for (uint32_t i = 0; i < r->ncolumns; i++)
		runs += i == 0 || !same_table(&r->columns[i - 1].root, &r->columns[i].root);
	return runs;
}

/* The table of a column, most often that of the one before; `first` is one of its columns. */
static struct table *
table_of(struct reader *r, const struct platen_oid *root, uint32_t first)
{
	for (struct table *t = r->tables + r->ntables; t > r->tables;)
		if (same_table(&r->columns[(--t)->first].root, root))
			return t;
	r->tables[r->ntables].first = first;
	return &r->tables[r->ntables++];
}

/* Columns of one table may stand apart in the question. */
static void
find_tables(struct reader *r)
{
	uint32_t n = 0;

	r->tables = pool_alloc(r->pool, (count_runs(r) + 1) * sizeof(*r->tables));
	for (uint32_t i = 0; i < r->ncolumns; i++) {
		r->columns[i].table = table_of(r, &r->columns[i].root, i);
		r->columns[i].table->ncolumns++;
	}
	for (struct table *t = r->tables; t < r->tables + r->ntables; t++) {
		t->first = n;
		n += t->ncolumns;
		t->ncolumns = 0;
	}
	for (uint32_t i = 0; i < r->ncolumns; i++) {
		struct table *t = r->columns[i].table;

		r->order[t->first + t->ncolumns++] = i;
	}
}

static void
open_columns(struct reader *r)
{
	const struct platen_oid *after = &r->q->after;

	r->columns = pool_alloc(r->pool, (r->ncolumns + 1) * sizeof(*r->columns));
	r->order = pool_alloc(r->pool, (r->ncolumns + 1) * sizeof(*r->order));
	for (uint32_t i = 0; i < r->ncolumns; i++) {
		struct column *c = &r->columns[i];

		c->root = c->cursor = r->q->oids[r->nobjects + i];
		if (oid_below(after->sub, after->n, c->root.sub, c->root.n))
			c->cursor = *after;
	}
	find_tables(r);
}

struct reader *
reader_new(struct pool *pool, const struct question *q, struct ability *can)
{
	struct reader *r = pool_alloc(pool, sizeof(*r));

	r->pool = pool;
	r->q = q;
	r->can = can;
	r->nobjects = q->kind == ASK_GET ? q->n : q->kind == ASK_READ ? q->nobjects : 0;
	r->ncolumns = q->n - r->nobjects;
	r->absent = pool_alloc(pool, r->nobjects + 1);
	r->flawed = pool_alloc(pool, r->nobjects + 1);
	r->widths = pool_alloc(pool, (r->nobjects + 1) * sizeof(*r->widths));
	open_columns(r);
	if (q->kind == ASK_READ && q->shape[0] != 0)
		shape_recall(r, q->shape);
	exact_begin(r);
	return r;
}

/* ---- from one request to the next ---- */

/* The cells that are there stand side by side, where it had holes. */
static void
settle_column(struct column *c)
{
	uint32_t n = 0;

	for (uint32_t row = 0; c->nexpected < c->n && row < c->n; row++)
		if (c->expected[row] && n++ < row)
			c->cells[n - 1] = c->cells[row];
	c->n = c->nexpected;
	c->done = true;
}

/* All of the tables that are as they were has been asked for. */
static void
settle_tables(struct reader *r)
{
	exact_place(r);
	for (uint32_t i = 0; i < r->ncolumns; i++) {
		struct column *c = &r->columns[i];

		if (c->table->known && !c->table->changed) {
			settle_column(c);
		} else if (c->table->known) {
			c->n = 0;
		}
	}
}

bool
reader_next(struct reader *r, struct request *out)
{
	*out = (struct request){ .oids = r->oids };
	switch (r->phase) {
	case PHASE_GET:
		if (exact_next(r, &r->get, out))
			return true;
		r->phase = PHASE_NEXT;
		/* fall through */
	case PHASE_NEXT:
		if (exact_next(r, &r->next, out))
			return true;
		settle_tables(r);
		walk_begin(r);
		r->phase = PHASE_WALK;
		/* fall through */
	case PHASE_WALK:
		if (walk_next(r, out))
			return true;
		r->phase = PHASE_OVER;
		/* fall through */
	case PHASE_OVER:
		break;
	}
	return false;
}

void
reader_take(struct reader *r, const struct reply *reply)
{
	exact_place(r);
	switch (r->phase) {
	case PHASE_GET:
		exact_take(r, &r->get, reply);
		break;
	case PHASE_NEXT:
		exact_take(r, &r->next, reply);
		break;
	case PHASE_WALK:
		walk_take(r, reply);
		break;
	case PHASE_OVER:
		break;
	}
	r->heard = true;
}

bool
reader_silent(struct reader *r)
{
	switch (r->phase) {
	case PHASE_GET:
		return exact_silent(&r->get);
	case PHASE_NEXT:
		return exact_silent(&r->next);
	case PHASE_WALK:
		return walk_silent(r);
	case PHASE_OVER:
		break;
	}
	return false;
}

void
reader_alive(struct reader *r)
{
	switch (r->phase) {
	case PHASE_GET:
		exact_alive(r, &r->get);
		break;
	case PHASE_NEXT:
		exact_alive(r, &r->next);
		break;
	case PHASE_WALK:
		walk_alive(r);
		break;
	case PHASE_OVER:
		break;
	}
}

void
reader_stop(struct reader *r)
{
	for (uint32_t i = 0; i < r->get.n; i++)
		if (r->get.list[i].place < r->nobjects)
			r->flawed[r->get.list[i].place] = 1;
	if (r->phase < PHASE_WALK) {
		for (uint32_t i = 0; i < r->ntables; i++)
			table_changed(r, &r->tables[i]);
		settle_tables(r);
	}
	walk_stop(r);
	r->phase = PHASE_OVER;
}

bool
reader_heard(const struct reader *r)
{
	return r->heard;
}

/* ---- the answer ---- */

/* Is anything missing for a bad reason?  Then it is said of each object and column. */
static void
answer_flaws(struct reader *r, struct answer *a)
{
	uint8_t *flaws = pool_alloc(r->pool, r->q->n + 1);

	memcpy(flaws, r->flawed, r->nobjects);
	for (uint32_t i = 0; i < r->ncolumns; i++)
		flaws[r->nobjects + i] = r->columns[i].flawed;
	if (memchr(flaws, 1, r->q->n) == NULL)
		return;
	a->status = PLATEN_EPARTIAL;
	a->flaws = flaws;
	a->nflaws = r->q->n;
}

/* Room for all that is told: where the objects are, when all cells stand behind them in order. */
static struct platen_bind *
answer_room(struct reader *r)
{
	uint32_t n = r->nobjects;
	bool ready = true;

	for (uint32_t i = 0; i < r->ncolumns; i++) {
		const struct column *c = &r->columns[i];

		n += c->n;
		ready = ready && (c->n == 0 || (c->table->known && !c->table->changed));
	}
	if (ready)
		return r->objects;
	return memcpy(pool_alloc(r->pool, (n + 1) * sizeof(*r->objects)), r->objects,
		r->nobjects * sizeof(*r->objects));
}

static void
answer_all(struct reader *r, struct answer *a)
{
	uint32_t *counts = pool_alloc(r->pool, (r->ncolumns + 1) * sizeof(*counts));

	a->binds = answer_room(r);
	a->n = r->nobjects;
	for (uint32_t i = 0; i < r->ncolumns; i++) {
		struct column *c = &r->columns[i];

		if (c->n > 0 && c->cells != a->binds + a->n)
			memmove(a->binds + a->n, c->cells, c->n * sizeof(*a->binds));
		c->cells = a->binds + a->n;
		a->n += counts[i] = c->n;
	}
	a->ncounts = r->ncolumns;
	a->columns = r->q->oids + r->nobjects;
	a->counts = counts;
}

static void
answer_rows(struct reader *r, struct answer *a)
{
	struct cells *columns = pool_alloc(r->pool, (r->ncolumns + 1) * sizeof(*columns));

	for (uint32_t i = 0; i < r->ncolumns; i++)
		columns[i] = (struct cells){
			.root = r->columns[i].root,
			.binds = r->columns[i].cells,
			.n = r->columns[i].n,
		};
	if (!rows_make(columns, r->ncolumns, r->pool, a))
		a->status = PLATEN_EPARTIAL;
}

void
reader_answer(struct reader *r, struct answer *a)
{
	*a = answer_none(r->q->kind, PLATEN_OK);
	answer_flaws(r, a);
	if (r->q->kind == ASK_TABLE)
		answer_rows(r, a);
	else
		answer_all(r, a);
	if (r->q->kind == ASK_READ && a->status == PLATEN_OK)
		a->shape = shape_write(r);
}
