/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message_read.h - what a READ has brought: said by the lan role, and carried on to
 * hosts in the very bytes it came in.
 *
 * ---- in an answer: u64 objects, u64 columns, bytes flaws (of each, or none), for each
 * object its value, for each column { u64 like, u64 n and n rows, n values }, text shape ----
 * like: how many columns before it is one with the same rows, which are not said again;
 * 0: its own follow.  A row is what its cells' OIDs are behind their column's, an index:
 * said as what it is beyond the one above.
 *
 * Whose values they are follows from the question: nobody can answer what was not
 * asked.  All is checked once, when it is heard; what is made of it later is known
 * to be whole.
 */
#ifndef PLATEN_MESSAGE_READ_H
#define PLATEN_MESSAGE_READ_H

#include "message.h"

/* Columns before it that may be like one: those of a table stand close. */
#define ALIKE_MOST 8

/* What came of one object or column. */
struct got {
	int32_t status; /* OK, PARTIAL, or why there is nothing */
	uint32_t n; /* values; of an object one */
	const uint8_t *values, *rows; /* an object has no rows: NULL */
	uint32_t nvalues, nrows; /* bytes */
};

void read_put(struct buf *, const struct answer *);
bool read_get(struct wire *, struct pool *, struct answer *);
/* An answer to be said becomes what is heard of it. */
void read_hear(struct pool *, struct answer *);

/* Are there values, even if not all? */
bool got_some(const struct got *);
/* Of two columns: are the rows of the one the first of the other, or all of them? */
bool got_begins(const struct got *, const struct got *);
/* What came of this object or column, as binds. */
struct platen_bind *got_binds(const struct got *, struct platen_oid, struct pool *);
/* So many rows, as indices; NULL: bad. */
struct platen_oid *rows_get(struct wire *, struct pool *, uint32_t n);

#endif
