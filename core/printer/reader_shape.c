/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader_shape.c - what was there, as text: for each object the bytes of its
 * value or "-", then for each table its rows and for each column of it the bytes
 * of the longest value or "-".
 *
 *	5,-,12;1.1-4+1.9|5,20,-,5x1d;?
 *
 * are three objects, of which one was not there; a table with the rows 1.1 to 1.4
 * and 1.9, the last of its four columns with a hole (bits of rows, from the first,
 * four a digit); and a table that is walked every time.
 */
#include "printer/reader_own.h"

#include "printer/rows.h"

#include <string.h>

/* ---- recalling ---- */

static bool
take_char(const char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

static bool
take_number(const char **at, uint32_t *out)
{
	const char *begin = *at;
	uint64_t v = 0;

	for (; **at >= '0' && **at <= '9'; ++*at)
		if ((v = v * 10 + (uint64_t)(**at - '0')) > UINT32_MAX)
			return false;
	*out = (uint32_t)v;
	return *at > begin;
}

static bool
recall_objects(struct reader *r, const char **at)
{
	for (uint32_t i = 0; i < r->nobjects; i++) {
		if (i > 0 && !take_char(at, ','))
			return false;
		if (take_char(at, '-'))
			r->absent[i] = 1;
		else if (!take_number(at, &r->widths[i]))
			return false;
	}
	return true;
}

static bool
add_row(struct reader *r, struct table *t, struct index *rows, const uint32_t *sub, uint32_t n)
{
	const struct index *last = t->nrows > 0 ? &rows[t->nrows - 1] : NULL;
	uint32_t bytes = subids_bytes(sub, n), *copy;

	if (t->nrows == SHAPE_ROWS ||
		(last != NULL && oid_compare(last->sub, last->n, sub, n) >= 0))
		return false;
	copy = pool_take(r->pool, n * sizeof(*sub) + bytes);
	subids_write((uint8_t *)(copy + n), sub, n);
	rows[t->nrows++] = (struct index){
		.sub = memcpy(copy, sub, n * sizeof(*sub)),
		.n = n,
		.bytes = bytes,
		.coded = (uint8_t *)(copy + n),
	};
	return true;
}

/* "1.4", or "1.1-4" for four rows. */
static bool
recall_run(struct reader *r, struct table *t, struct index *rows, const char **at)
{
	uint32_t sub[PLATEN_MAX_SUBIDS], n = 0, last;
	uint32_t most = PLATEN_MAX_SUBIDS - r->columns[r->o->order[t->first]].root->oid.n;

	do
		if (n == most || !take_number(at, &sub[n++]))
			return false;
	while (take_char(at, '.'));
	last = sub[n - 1];
	if (take_char(at, '-') && (!take_number(at, &last) || last < sub[n - 1]))
		return false;
	for (; add_row(r, t, rows, sub, n); sub[n - 1]++)
		if (sub[n - 1] == last)
			return true;
	return false;
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
recall_column(struct reader *r, struct column *c, const char **at)
{
	uint32_t n = c->table->nrows;
	uint8_t *expected;

	if (take_char(at, '-'))
		return true;
	if (!take_number(at, &c->width))
		return false;
	if (!take_char(at, 'x')) {
		c->expected = r->o->all;
		c->nexpected = n;
		return true;
	}
	c->expected = expected = pool_alloc(r->pool, n + 1);
	for (uint32_t row = 0; row < n; row += 4) {
		int digit = hex_digit(**at);

		if (digit < 0)
			return false;
		++*at;
		for (uint32_t i = 0; i < 4 && row + i < n; i++)
			c->nexpected += expected[row + i] = digit >> i & 1;
	}
	return true;
}

static bool
read_rows(struct reader *r, struct table *t, const char *at, const char *end)
{
	struct index rows[SHAPE_ROWS];

	do
		if (!recall_run(r, t, rows, &at))
			return false;
	while (take_char(&at, '+'));
	t->rows = pool_copy(r->pool, rows, t->nrows * sizeof(*rows));
	return at == end;
}

/* Those of many printers are told with the same words. */
static bool
recall_rows(struct reader *r, struct table *t, const char **at)
{
	const char *text = *at, *end = strchr(text, '|');
	uint32_t which = (uint32_t)(t - r->tables);
	const struct rowset *s;

	if (end == NULL || end == text)
		return end != NULL;
	*at = end;
	s = rowset_find(r->o, which, text, (size_t)(end - text));
	if (s == NULL) {
		if (!read_rows(r, t, text, end))
			return false;
		s = rowset_keep(r->o, which, text, (size_t)(end - text), t->rows, t->nrows);
	}
	if (s != NULL) {
		t->rows = s->rows;
		t->nrows = s->nrows;
		t->names = s->names;
	}
	return true;
}

static bool
recall_table(struct reader *r, struct table *t, const char **at)
{
	if (!take_char(at, ';'))
		return false;
	if (take_char(at, '?'))
		return true;
	if (!recall_rows(r, t, at))
		return false;
	for (uint32_t i = 0; i < t->ncolumns; i++) {
		struct column *c = &r->columns[r->o->order[t->first + i]];

		if (!take_char(at, i > 0 ? ',' : '|') || !recall_column(r, c, at))
			return false;
		c->names = t->names != NULL ? t->names + i * t->nrows : NULL;
	}
	t->known = true;
	return true;
}

/* Of no rows the first column tells; of some, one that has them all. */
static bool
find_key(const struct reader *r, struct table *t)
{
	for (uint32_t i = 0; i < t->ncolumns; i++) {
		const struct column *c = &r->columns[t->key = r->o->order[t->first + i]];

		if (c->expected != NULL && c->nexpected == t->nrows)
			return true;
	}
	t->key = r->o->order[t->first];
	return t->nrows == 0;
}

static void
forget(struct reader *r)
{
	memset(r->absent, 0, r->nobjects);
	for (uint32_t i = 0; i < r->o->ntables; i++)
		r->tables[i].known = false;
	for (uint32_t i = 0; i < r->ncolumns; i++) {
		r->columns[i].expected = NULL;
		r->columns[i].nexpected = 0;
	}
}

void
shape_recall(struct reader *r, const char *shape)
{
	const char *at = shape;
	bool good = recall_objects(r, &at);

	for (uint32_t i = 0; good && i < r->o->ntables; i++) {
		struct table *t = &r->tables[i];

		good = recall_table(r, t, &at) && (!t->known || find_key(r, t));
	}
	r->recalled = good && *at == 0;
	if (!r->recalled)
		forget(r);
}

/* ---- writing ---- */

static void
write_objects(const struct reader *r, struct buf *out)
{
	for (uint32_t i = 0; i < r->nobjects; i++) {
		const struct platen_bind *b = &r->objects[i];

		if (i > 0)
			buf_text(out, ",");
		if (b->type == PLATEN_ABSENT)
			buf_text(out, "-");
		else
			buf_number(out, bind_width(b));
	}
}

/* Is b the index that follows a? */
static bool
follows(const struct index *a, const struct index *b)
{
	return a->n == b->n && oid_compare(a->sub, a->n - 1, b->sub, b->n - 1) == 0 &&
		b->sub[b->n - 1] == a->sub[a->n - 1] + 1;
}

static void
write_rows(const struct index *rows, uint32_t n, struct buf *out)
{
	for (uint32_t i = 0; i < n;) {
		uint32_t last = i;

		while (last + 1 < n && follows(&rows[last], &rows[last + 1]))
			last++;
		if (i > 0)
			buf_text(out, "+");
		oid_format(rows[i].sub, rows[i].n, out);
		if (last > i) {
			buf_text(out, "-");
			buf_number(out, rows[last].sub[rows[last].n - 1]);
		}
		i = last + 1;
	}
}

static void
write_column(const struct column *c, const struct platen_bind *cells, uint32_t step, uint32_t rows,
	struct buf *out)
{
	uint32_t width = 0;

	if (c->n == 0) {
		buf_text(out, "-");
		return;
	}
	for (uint32_t i = 0; i < c->n; i++)
		width = bind_width(&c->cells[i]) > width ? bind_width(&c->cells[i]) : width;
	buf_number(out, width);
	if (c->n == rows)
		return;
	buf_text(out, "x");
	for (uint32_t row = 0; row < rows; row += 4) {
		uint32_t digit = 0;

		for (uint32_t i = 0; i < 4 && row + i < rows; i++)
			digit |= (uint32_t)(cells[(row + i) * step].type != PLATEN_ABSENT) << i;
		buf_add(out, &"0123456789abcdef"[digit], 1);
	}
}

/* The rows of a table; false: it is walked every time, since no column has all of them. */
static bool
table_rows(struct reader *r, const struct table *t, struct answer *all, uint32_t *nrows)
{
	struct cells *columns = pool_alloc(r->pool, t->ncolumns * sizeof(*columns));
	uint32_t longest = 0;

	for (uint32_t i = 0; i < t->ncolumns; i++) {
		const struct column *c = &r->columns[r->o->order[t->first + i]];

		columns[i] = (struct cells){ .root = c->root->oid, .binds = c->cells, .n = c->n };
		longest = c->n > longest ? c->n : longest;
	}
	if (!rows_make(columns, t->ncolumns, r->pool, all))
		return false;
	*nrows = all->n / t->ncolumns;
	return longest == *nrows && *nrows <= SHAPE_ROWS;
}

static void
write_table(struct reader *r, const struct table *t, struct buf *out)
{
	uint32_t nrows, root = r->columns[r->o->order[t->first]].root->oid.n;
	struct index rows[SHAPE_ROWS];
	struct answer all;

	if (!table_rows(r, t, &all, &nrows)) {
		buf_text(out, ";?");
		return;
	}
	for (uint32_t i = 0; i < nrows; i++) {
		const struct platen_oid *oid = &all.binds[i * t->ncolumns].oid;

		rows[i] = (struct index){ .sub = oid->sub + root, .n = oid->n - root };
	}
	buf_text(out, ";");
	write_rows(rows, nrows, out);
	for (uint32_t i = 0; i < t->ncolumns; i++) {
		buf_text(out, i > 0 ? "," : "|");
		write_column(&r->columns[r->o->order[t->first + i]], all.binds + i, t->ncolumns,
			nrows, out);
	}
}

/* Is a table as it was, and no value longer? */
static bool
is_same_table(struct reader *r, const struct table *t)
{
	struct answer all;
	uint32_t nrows;

	if (!t->known)
		return !table_rows(r, t, &all, &nrows);
	for (uint32_t i = 0; i < t->ncolumns && !t->changed; i++) {
		const struct column *c = &r->columns[r->o->order[t->first + i]];

		for (uint32_t row = 0; row < c->n; row++)
			if (bind_width(&c->cells[row]) > c->width)
				return false;
	}
	return !t->changed;
}

static bool
is_as_it_was(struct reader *r)
{
	bool same = r->recalled;

	for (uint32_t i = 0; i < r->nobjects && same; i++)
		same = (r->objects[i].type == PLATEN_ABSENT) == (r->absent[i] != 0) &&
			bind_width(&r->objects[i]) <= r->widths[i];
	for (uint32_t i = 0; i < r->o->ntables && same; i++)
		same = is_same_table(r, &r->tables[i]);
	return same;
}

const char *
shape_write(struct reader *r)
{
	struct buf out = { 0 };
	const char *shape;

	if (is_as_it_was(r))
		return r->q->shape;
	buf_text(&out, ""); /* never NULL */
	write_objects(r, &out);
	for (uint32_t i = 0; i < r->o->ntables; i++)
		write_table(r, &r->tables[i], &out);
	shape = out.n <= SHAPE_MOST ? pool_copy(r->pool, out.p, out.n) : "";
	buf_free(&out);
	return shape;
}
