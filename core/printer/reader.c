/* SPDX-License-Identifier: Apache-2.0 */
/* reader.c - from exact questions to walks, and the answer; see reader.h. */
#include "printer/reader_own.h"

#include "message_read.h"
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

static struct name
join(struct pool *pool, const struct name *root, const struct index *row)
{
	uint32_t n = root->oid.n + row->n, bytes = root->ncoded + row->bytes;
	uint32_t *sub = pool_take(pool, n * sizeof(*sub) + bytes);
	uint8_t *coded = (uint8_t *)(sub + n);

	memcpy(sub, root->oid.sub, root->oid.n * sizeof(*sub));
	memcpy(sub + root->oid.n, row->sub, row->n * sizeof(*sub));
	if (root->coded == NULL)
		return (struct name){ .oid = { sub, n } };
	memcpy(coded, root->coded, root->ncoded);
	memcpy(coded + root->ncoded, row->coded, row->bytes);
	return (struct name){ { sub, n }, coded, bytes };
}

struct name
cell_name(struct reader *r, const struct column *c, uint32_t row)
{
	const struct index *index = &c->table->rows[row];

	if (c->names == NULL)
		return join(r->pool, c->root, index);
	if (c->names[row].oid.n == 0)
		c->names[row] = join(r->o->pool, c->root, index);
	return c->names[row];
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
	return b->oid.n > c->root->oid.n &&
			oid_below(b->oid.sub, b->oid.n, c->root->oid.sub, c->root->oid.n)
		? STEP_CELL
		: STEP_END;
}

/* ---- the beginning ---- */

static void
open_columns(struct reader *r)
{
	const struct platen_oid *after = &r->q->after;

	r->columns = pool_alloc(r->pool, (r->ncolumns + 1) * sizeof(*r->columns));
	r->tables = pool_copy(r->pool, r->o->tables, r->o->ntables * sizeof(*r->tables));
	for (uint32_t i = 0; i < r->ncolumns; i++) {
		struct column *c = &r->columns[i];

		c->table = &r->tables[r->o->of[i]];
		c->root = &r->o->names[r->nobjects + i];
		c->cursor = c->root->oid;
		if (oid_below(after->sub, after->n, c->cursor.sub, c->cursor.n))
			c->cursor = *after;
	}
}

struct reader *
reader_new(struct pool *pool, const struct question *q, struct outline *o, struct ability *can)
{
	struct reader *r = pool_alloc(pool, sizeof(*r));

	r->pool = pool;
	r->q = q;
	r->o = o;
	r->can = can;
	r->nobjects = o->nobjects;
	r->ncolumns = o->ncolumns;
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
	*out = (struct request){ 0 };
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
		for (uint32_t i = 0; i < r->o->ntables; i++)
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

/* Is anything missing for a bad reason? */
static bool
is_flawed(const struct reader *r)
{
	bool flawed = memchr(r->flawed, 1, r->nobjects) != NULL;

	for (uint32_t i = 0; i < r->ncolumns && !flawed; i++)
		flawed = r->columns[i].flawed;
	return flawed;
}

/* Then it is said of each object and column. */
static void
answer_flaws(struct reader *r, struct answer *a)
{
	uint8_t *flaws;

	if (!is_flawed(r))
		return;
	flaws = pool_alloc(r->pool, r->q->n + 1);
	memcpy(flaws, r->flawed, r->nobjects);
	for (uint32_t i = 0; i < r->ncolumns; i++)
		flaws[r->nobjects + i] = r->columns[i].flawed;
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

/* Does it have a cell in each row of its table, as it was? */
static bool
is_whole(const struct column *c)
{
	return c->table->known && !c->table->changed && c->n > 0 && c->n == c->table->nrows;
}

/* How many before it is the nearest that has the same rows, as far as is known; else 0. */
static uint8_t
like_of(const struct reader *r, uint32_t column)
{
	const struct column *c = &r->columns[column];

	for (uint8_t back = 1; is_whole(c) && back <= column && back <= ALIKE_MOST; back++)
		if (c[-back].table == c->table && is_whole(&c[-back]))
			return back;
	return 0;
}

static void
answer_all(struct reader *r, struct answer *a)
{
	uint32_t *counts = pool_take(r->pool, (r->ncolumns + 1) * sizeof(*counts));
	uint8_t *likes = pool_take(r->pool, r->ncolumns + 1);

	a->binds = answer_room(r);
	a->n = r->nobjects;
	for (uint32_t i = 0; i < r->ncolumns; i++) {
		struct column *c = &r->columns[i];

		if (c->n > 0 && c->cells != a->binds + a->n)
			memmove(a->binds + a->n, c->cells, c->n * sizeof(*a->binds));
		c->cells = a->binds + a->n;
		a->n += counts[i] = c->n;
		likes[i] = like_of(r, i);
	}
	a->ncounts = r->ncolumns;
	a->likes = likes;
	a->columns = r->q->oids + r->nobjects;
	a->counts = counts;
}

static void
answer_rows(struct reader *r, struct answer *a)
{
	struct cells *columns = pool_alloc(r->pool, (r->ncolumns + 1) * sizeof(*columns));

	for (uint32_t i = 0; i < r->ncolumns; i++)
		columns[i] = (struct cells){
			.root = r->columns[i].root->oid,
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
