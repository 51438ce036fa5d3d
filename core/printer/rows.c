/* SPDX-License-Identifier: Apache-2.0 */
/* rows.c - columns side by side become rows; see rows.h. */
#include "printer/rows.h"

#include "printer/pdu.h"

#include <stdlib.h>

static int
compare_index(const struct cells *a, const struct cells *b)
{
	const struct platen_oid *x = &a->binds[a->at].oid, *y = &b->binds[b->at].oid;

	return oid_compare(x->sub + a->root.n, x->n - a->root.n, y->sub + b->root.n,
		y->n - b->root.n);
}

/* The column whose next cell has the lowest index, or NULL. */
static const struct cells *
lowest(const struct cells *columns, uint32_t n)
{
	const struct cells *low = NULL;

	for (uint32_t i = 0; i < n; i++)
		if (columns[i].at < columns[i].n &&
			(low == NULL || compare_index(&columns[i], low) < 0))
			low = &columns[i];
	return low;
}

/* A hole still says where it is: column and index. */
static struct platen_bind
hole(const struct cells *c, const struct platen_oid *like, uint32_t nroot, struct pool *pool)
{
	const struct platen_oid index = { like->sub + nroot, like->n - nroot };

	return bind_absent(oid_join(pool, c->root, index));
}

static void
put_row(struct cells *columns, uint32_t n, const struct cells *low, struct pool *pool,
	struct platen_bind *row)
{
	const struct cells first = *low; /* its place moves on below */
	const struct platen_oid *like = &first.binds[first.at].oid;

	for (uint32_t i = 0; i < n; i++) {
		struct cells *c = &columns[i];

		if (c->at < c->n && compare_index(c, &first) == 0)
			row[i] = c->binds[c->at++];
		else
			row[i] = hole(c, like, first.root.n, pool);
	}
}

bool
rows_make(struct cells *columns, uint32_t ncolumns, struct pool *pool, struct answer *a)
{
	struct platen_bind *binds = NULL;
	const struct cells *low;
	uint32_t rows = 0, room = 0;

	while ((low = lowest(columns, ncolumns)) != NULL && rows < PLATEN_MAX_ROWS) {
		if (rows == room) {
			room = room == 0 ? 16 : 2 * room;
			binds = mem_grow(binds, (size_t)room * ncolumns * sizeof(*binds));
		}
		put_row(columns, ncolumns, low, pool, binds + (size_t)rows++ * ncolumns);
	}
	a->n = rows * ncolumns;
	a->binds = pool_copy(pool, binds, a->n * sizeof(*binds));
	free(binds);
	return low == NULL;
}
