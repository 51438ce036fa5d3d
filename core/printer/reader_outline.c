/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader_outline.c - what a question says by itself, whoever is asked: its OIDs as they
 * stand in a message, and which of its columns are of one table; and the rows that
 * shapes tell of, for printers of a kind have the same, with their cells' names.
 *
 * Found once for many printers (net/kept.c).  Of rows so many are kept and no more.
 */
#include "printer/reader_own.h"

#include <string.h>

/* Bytes of rowsets that are kept, of all and of one; and how many of a table. */
#define ROOM_MOST (64u << 10)
#define ROWSET_MOST (16u << 10)
#define ROWSETS_MOST 8

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

/* The table of a column, most often that of the one before; `first` is one of its columns. */
static uint32_t
table_of(struct outline *o, uint32_t column)
{
	const struct name *columns = o->names + o->nobjects;

	for (uint32_t t = o->ntables; t > 0; t--)
		if (same_table(&columns[o->tables[t - 1].first].oid, &columns[column].oid))
			return t - 1;
	o->tables[o->ntables].first = column;
	return o->ntables++;
}

/* Columns of one table may stand apart in the question. */
static void
find_tables(struct outline *o)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < o->ncolumns; i++)
		o->tables[o->of[i] = table_of(o, i)].ncolumns++;
	for (struct table *t = o->tables; t < o->tables + o->ntables; t++) {
		t->first = n;
		n += t->ncolumns;
		t->ncolumns = 0;
	}
	for (uint32_t i = 0; i < o->ncolumns; i++) {
		struct table *t = &o->tables[o->of[i]];

		o->order[t->first + t->ncolumns++] = i;
	}
}

struct outline *
outline_new(struct pool *pool, const struct question *q)
{
	struct outline *o = pool_alloc(pool, sizeof(*o));

	o->pool = pool;
	o->room = ROOM_MOST;
	memset(o->all, 1, sizeof(o->all));
	o->nobjects = q->kind == ASK_GET ? q->n : q->kind == ASK_READ ? q->nobjects : 0;
	o->ncolumns = q->n - o->nobjects;
	o->names = pool_alloc(pool, (q->n + 1) * sizeof(*o->names));
	for (uint32_t i = 0; i < q->n; i++)
		o->names[i] = name_of(pool, q->oids[i]);
	o->of = pool_alloc(pool, (o->ncolumns + 1) * sizeof(*o->of));
	o->order = pool_alloc(pool, (o->ncolumns + 1) * sizeof(*o->order));
	o->tables = pool_alloc(pool, (o->ncolumns + 1) * sizeof(*o->tables));
	find_tables(o);
	o->rowsets = pool_alloc(pool, (o->ntables + 1) * sizeof(struct rowset *));
	return o;
}

/* ---- rows ---- */

const struct rowset *
rowset_find(const struct outline *o, uint32_t table, const char *text, size_t n)
{
	for (const struct rowset *s = o->rowsets[table]; s != NULL; s = s->next)
		if (s->ntext == n && memcmp(s->text, text, n) == 0)
			return s;
	return NULL;
}

/* Bytes a rowset will not be larger than, when all of its cells have been asked for. */
static size_t
rowset_bytes(const struct table *t, uint32_t root, const struct index *rows, uint32_t nrows)
{
	size_t bytes = sizeof(struct rowset), subid = sizeof(uint32_t) + SUBID_BYTES;
	size_t aligned = _Alignof(max_align_t);

	for (uint32_t i = 0; i < nrows; i++)
		bytes += sizeof(*rows) + aligned + rows[i].n * subid +
			t->ncolumns * (sizeof(struct name) + aligned + (root + rows[i].n) * subid);
	return bytes;
}

static uint32_t
count(const struct rowset *s)
{
	uint32_t n = 0;

	for (; s != NULL; s = s->next)
		n++;
	return n;
}

const struct rowset *
rowset_keep(struct outline *o, uint32_t table, const char *text, size_t n, const struct index *rows,
	uint32_t nrows)
{
	const struct table *t = &o->tables[table];
	uint32_t root = o->names[o->nobjects + o->order[t->first]].oid.n;
	size_t bytes = n + rowset_bytes(t, root, rows, nrows);
	struct rowset *s;

	if (bytes > ROWSET_MOST || bytes > o->room || count(o->rowsets[table]) == ROWSETS_MOST)
		return NULL;
	o->room -= bytes;
	s = pool_take(o->pool, sizeof(*s));
	*s = (struct rowset){
		.next = o->rowsets[table],
		.text = pool_copy(o->pool, text, n),
		.ntext = n,
		.rows = pool_copy(o->pool, rows, nrows * sizeof(*rows)),
		.nrows = nrows,
		.names = pool_alloc(o->pool, nrows * t->ncolumns * sizeof(struct name)),
	};
	for (uint32_t i = 0; i < nrows; i++) {
		s->rows[i].sub = pool_copy(o->pool, rows[i].sub, rows[i].n * sizeof(uint32_t));
		s->rows[i].coded = pool_copy(o->pool, rows[i].coded, rows[i].bytes);
	}
	o->rowsets[table] = s;
	return s;
}
