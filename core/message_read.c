/* SPDX-License-Identifier: Apache-2.0 */
/* message_read.c - what a READ has brought, put on the wire and taken off it. */
#include "message_read.h"

#include <string.h>

/* ---- said ---- */

static struct platen_oid
index_of(struct platen_oid column, const struct platen_bind *cell)
{
	return (struct platen_oid){ cell->oid.sub + column.n, cell->oid.n - column.n };
}

static bool
same_rows(const struct answer *a, uint32_t x, const struct platen_bind *xs, uint32_t y,
	const struct platen_bind *ys)
{
	for (uint32_t i = 0; i < a->counts[x]; i++) {
		struct platen_oid p = index_of(a->columns[x], &xs[i]);
		struct platen_oid q = index_of(a->columns[y], &ys[i]);

		if (p.n != q.n)
			return false;
		for (uint32_t k = 0; k < p.n; k++)
			if (p.sub[k] != q.sub[k])
				return false;
	}
	return true;
}

/* How many before it is the nearest with its rows; 0: none, or it has no rows. */
static uint8_t
like_of(const struct answer *a, uint32_t column, const struct platen_bind *cells)
{
	const struct platen_bind *others = cells;
	uint32_t n = a->counts[column];

	if (a->likes != NULL && a->likes[column] > 0)
		return a->likes[column];
	for (uint8_t back = 1; n > 0 && back <= column && back <= ALIKE_MOST; back++) {
		others -= a->counts[column - back];
		if (a->counts[column - back] == n &&
			same_rows(a, column, cells, column - back, others))
			return back;
	}
	return 0;
}

static size_t
rows_most(struct platen_oid column, const struct platen_bind *cells, uint32_t n)
{
	size_t most = WIRE_NUMBER_MOST;

	for (uint32_t i = 0; i < n; i++)
		most += wire_oid_most(index_of(column, &cells[i]));
	return most;
}

static uint8_t *
rows_write(uint8_t *to, struct platen_oid column, const struct platen_bind *cells, uint32_t n)
{
	struct platen_oid index, above = { 0 };

	to = wire_number(to, n);
	for (uint32_t i = 0; i < n; i++, above = index) {
		index = index_of(column, &cells[i]);
		to = wire_oid_write(to, above, index);
	}
	return to;
}

/* Which columns are like which; what they take, at most. */
static size_t
columns_judge(const struct answer *a, const struct platen_bind *cells, uint8_t *likes)
{
	size_t most = (size_t)a->ncounts * WIRE_NUMBER_MOST;

	for (uint32_t i = 0; i < a->ncounts; cells += a->counts[i++])
		if ((likes[i] = like_of(a, i, cells)) == 0)
			most += rows_most(a->columns[i], cells, a->counts[i]);
	return most;
}

static uint8_t *
columns_write(uint8_t *to, const struct answer *a, const struct platen_bind *cells,
	const uint8_t *likes)
{
	for (uint32_t i = 0; i < a->ncounts; cells += a->counts[i++]) {
		to = wire_number(to, likes[i]);
		if (likes[i] == 0)
			to = rows_write(to, a->columns[i], cells, a->counts[i]);
		to = values_write(to, cells, a->counts[i]);
	}
	return to;
}

void
read_put(struct buf *b, const struct answer *a)
{
	uint8_t likes[MAX_READ_OIDS], *to;
	uint32_t nobjects = a->n;
	size_t most;

	for (uint32_t i = 0; i < a->ncounts; i++)
		nobjects -= a->counts[i];
	wire_u64(b, nobjects);
	wire_u64(b, a->ncounts);
	wire_bytes(b, a->flaws, a->nflaws);
	most = columns_judge(a, a->binds + nobjects, likes) + values_most(a->binds, a->n);
	to = wire_room(b, most);
	to = values_write(to, a->binds, nobjects);
	to = columns_write(to, a, a->binds + nobjects, likes);
	wire_grown(b, to);
	wire_text(b, a->shape);
}

/* ---- heard ---- */

/* Bytes that were taken since it was at from. */
static uint32_t
taken(const struct wire *w, const uint8_t *from)
{
	return w->bad ? 0 : (uint32_t)(w->p - from);
}

/* An OID is seldom a value. */
static const uint8_t *
past_oid(const uint8_t *p, const uint8_t *end)
{
	struct wire w = { .p = p, .n = (size_t)(end - p) };

	wire_skip_oid_after(&w, 0);
	return w.bad ? NULL : w.p;
}

/* The end of a value that begins at p, checked as value_get() does; NULL: it is none. */
static inline const uint8_t *
past_value(const uint8_t *p, const uint8_t *end)
{
	if (p == end)
		return NULL;
	switch (*p++) {
	case PLATEN_INTEGER:
	case PLATEN_UNSIGNED:
		return wire_past_number(p, end);
	case PLATEN_OCTETS:
		p = wire_past_bytes(p, end);
		return p != NULL && p < end && *p == 0 ? p + 1 : NULL;
	case PLATEN_OBJECT_ID:
		return past_oid(p, end);
	case PLATEN_ABSENT:
		return p;
	default:
		return NULL;
	}
}

static void
values_skip(struct wire *w, struct got *g)
{
	const uint8_t *p = w->p, *end = p + w->n;

	g->values = p;
	for (uint32_t i = 0; i < g->n && p != NULL; i++)
		p = past_value(p, end);
	wire_go_on(w, p);
	g->nvalues = taken(w, g->values);
}

static void
objects_skip(struct wire *w, struct got *objects, uint32_t n)
{
	const uint8_t *p = w->p, *end = p + w->n;

	for (uint32_t i = 0; i < n && p != NULL; i++) {
		objects[i].n = 1;
		objects[i].values = p;
		if ((p = past_value(p, end)) != NULL)
			objects[i].nvalues = (uint32_t)(p - objects[i].values);
	}
	wire_go_on(w, p);
}

static void
rows_skip(struct wire *w, struct got *g)
{
	uint32_t last = 0;

	g->n = wire_get_max(w, PLATEN_MAX_ROWS);
	g->rows = w->p;
	for (uint32_t i = 0; i < g->n && !w->bad; i++)
		if ((last = wire_skip_oid_after(w, last)) == 0)
			w->bad = true;
	g->nrows = taken(w, g->rows);
}

static void
column_get(struct wire *w, struct got *column, uint32_t before)
{
	uint32_t like = wire_get_max(w, before);

	if (like == 0) {
		rows_skip(w, column);
	} else {
		column->n = column[-(ptrdiff_t)like].n;
		column->rows = column[-(ptrdiff_t)like].rows;
		column->nrows = column[-(ptrdiff_t)like].nrows;
	}
	values_skip(w, column);
}

bool
read_get(struct wire *w, struct pool *pool, struct answer *a)
{
	uint32_t ncolumns;
	const uint8_t *flaws;
	struct got *got;
	size_t nflaws;

	/* It is wanted for longer than the frame lasts. */
	w->p = pool_copy(pool, w->p, w->n);
	a->nobjects = wire_get_count(w, MAX_READ_OIDS, 1);
	ncolumns = wire_get_count(w, MAX_READ_OIDS, 1);
	flaws = wire_get_bytes(w, &nflaws);
	a->ngot = a->nobjects + ncolumns;
	a->got = got = pool_take(pool, (a->ngot + 1) * sizeof(*got));
	for (uint32_t i = 0; i < a->ngot; i++)
		got[i] = (struct got){
			.status = i < nflaws && flaws[i] != 0 ? PLATEN_EPARTIAL : PLATEN_OK,
		};
	objects_skip(w, got, a->nobjects);
	for (uint32_t i = 0; i < ncolumns && !w->bad; i++)
		column_get(w, &got[a->nobjects + i], i);
	a->shape = wire_get_text(w);
	return !w->bad && strlen(a->shape) <= SHAPE_MOST && (nflaws == 0 || nflaws == a->ngot);
}

void
read_hear(struct pool *pool, struct answer *a)
{
	struct buf said = { 0 };
	struct wire w = { 0 };

	read_put(&said, a);
	w = (struct wire){ .p = said.p, .n = said.n };
	read_get(&w, pool, a);
	buf_free(&said);
}

/* ---- what is made of it ---- */

bool
got_some(const struct got *g)
{
	return g->status == PLATEN_OK || g->status == PLATEN_EPARTIAL;
}

/* The same is said in one way only, and a row by those above it. */
bool
got_begins(const struct got *a, const struct got *b)
{
	return a->rows == b->rows || a->nrows == 0 ||
		(a->nrows <= b->nrows && memcmp(a->rows, b->rows, a->nrows) == 0);
}

struct platen_bind *
got_binds(const struct got *g, struct platen_oid oid, struct pool *pool)
{
	struct wire values = { .p = g->values, .n = g->nvalues };
	struct wire rows = { .p = g->rows, .n = g->nrows };
	struct platen_bind *binds = pool_alloc(pool, (g->n + 1) * sizeof(*binds));
	struct platen_oid index = { 0 };

	for (uint32_t i = 0; i < g->n; i++) {
		binds[i].oid = oid;
		if (g->rows != NULL) {
			index = wire_get_oid_after(&rows, pool, index);
			binds[i].oid = oid_join(pool, oid, index);
		}
		value_get(&values, pool, &binds[i]);
	}
	return binds;
}

struct platen_oid *
rows_get(struct wire *w, struct pool *pool, uint32_t n)
{
	struct platen_oid *rows = pool_alloc(pool, (n + 1) * sizeof(*rows));

	for (uint32_t i = 0; i < n; i++) {
		rows[i] =
			wire_get_oid_after(w, pool, i > 0 ? rows[i - 1] : (struct platen_oid){ 0 });
		if (rows[i].n == 0)
			return NULL;
	}
	return rows;
}
