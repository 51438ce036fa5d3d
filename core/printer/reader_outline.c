/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader_outline.c - what a question says by itself, whoever is asked: its OIDs as they
 * stand in a message, and which of its columns are of one table.
 *
 * Found once for many printers (net/kept.c); readers only look at it.
 */
#include "printer/reader_own.h"

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

const struct outline *
outline_new(struct pool *pool, const struct question *q)
{
	struct outline *o = pool_alloc(pool, sizeof(*o));

	o->nobjects = q->kind == ASK_GET ? q->n : q->kind == ASK_READ ? q->nobjects : 0;
	o->ncolumns = q->n - o->nobjects;
	o->names = pool_alloc(pool, (q->n + 1) * sizeof(*o->names));
	for (uint32_t i = 0; i < q->n; i++)
		o->names[i] = name_of(pool, q->oids[i]);
	o->of = pool_alloc(pool, (o->ncolumns + 1) * sizeof(*o->of));
	o->order = pool_alloc(pool, (o->ncolumns + 1) * sizeof(*o->order));
	o->tables = pool_alloc(pool, (o->ncolumns + 1) * sizeof(*o->tables));
	find_tables(o);
	return o;
}
