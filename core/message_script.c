/* SPDX-License-Identifier: Apache-2.0 */
/* message_script.c - scripts and foreseen answers, put on the wire and taken off it. */
#include "message_script.h"

#include "message_read.h"

#include <string.h>

/* Bytes of a row's index, at least. */
#define LEAST_INDEX 2

/* ---- scripts ---- */

void
script_put(struct buf *b, const struct script *s)
{
	wire_u64(b, s->number);
	wire_u64(b, s->n);
	for (uint32_t i = 0; i < s->n; i++)
		question_put(b, &s->questions[i]);
}

bool
script_get(struct wire *w, struct pool *pool, struct script *s)
{
	struct question *questions;

	*s = (struct script){ .number = wire_get_u64(w) };
	s->n = wire_get_max(w, PLATEN_MAX_QUESTIONS);
	s->questions = questions = pool_alloc(pool, (s->n + 1) * sizeof(*questions));
	for (uint32_t i = 0; i < s->n; i++)
		if (!question_get(w, pool, &questions[i]) || !question_is_snmp(&questions[i]))
			return false;
	return wire_ended(w) && s->number != 0;
}

int32_t
script_find(const struct script *s, const struct question *q, uint32_t *last)
{
	for (uint32_t n = 0, i = *last + 1; n < s->n; n++, i++) {
		i = i < s->n ? i : 0;
		if (question_same(&s->questions[i], q)) {
			*last = i;
			return (int32_t)i;
		}
	}
	return -1;
}

/* ---- what is foreseen, said ---- */

static void
know(struct foretold *f, uint32_t question)
{
	f->known |= UINT64_C(1) << question;
}

/* Values that stood one behind the other go in one piece. */
static void
objects_put(struct buf *b, const struct got *const *got, uint32_t n)
{
	for (uint32_t i = 0, next; i < n; i = next) {
		const uint8_t *end = got[i]->values + got[i]->nvalues;

		for (next = i + 1; next < n && got[next]->values == end; next++)
			end += got[next]->nvalues;
		buf_add(b, got[i]->values, (size_t)(end - got[i]->values));
	}
}

/* The rows of all columns, each of which has the first so many; NULL: it is not so simple. */
static const struct got *
rows_of(const struct got *const *got, uint32_t n)
{
	const struct got *rows = got[0];

	for (uint32_t i = 1; i < n; i++)
		if (got[i]->n > rows->n)
			rows = got[i];
	for (uint32_t i = 0; i < n; i++)
		if (!got_begins(got[i], rows))
			return NULL;
	return rows;
}

/* A hole, as value_put() says it, is its type alone. */
static void
columns_put(struct buf *b, const struct got *rows, const struct got *const *got, uint32_t n)
{
	size_t room = WIRE_NUMBER_MOST + rows->nrows;
	uint8_t *to;

	for (uint32_t i = 0; i < n; i++)
		room += got[i]->nvalues + (rows->n - got[i]->n);
	to = wire_number(wire_room(b, room), rows->n);
	if (rows->nrows > 0)
		memcpy(to, rows->rows, rows->nrows);
	to += rows->nrows;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t holes = rows->n - got[i]->n;

		if (got[i]->nvalues > 0)
			memcpy(to, got[i]->values, got[i]->nvalues);
		to += got[i]->nvalues;
		if (holes > 0)
			memset(to, PLATEN_ABSENT, holes);
		to += holes;
	}
	wire_grown(b, to);
}

bool
foretold_read(struct foretold *f, uint32_t question, const struct got *const *got)
{
	const struct question *q = &f->script->questions[question];
	const struct got *rows;

	if (q->kind == ASK_GET) {
		objects_put(&f->answers, got, q->n);
	} else {
		if ((rows = rows_of(got, q->n)) == NULL)
			return false;
		columns_put(&f->answers, rows, got, q->n);
	}
	know(f, question);
	return true;
}

static void
rows_put(struct buf *b, const struct question *q, const struct answer *a)
{
	struct platen_oid above = { 0 };

	wire_u64(b, a->n / q->n);
	for (uint32_t i = 0; i < a->n; i += q->n) {
		const struct platen_oid *oid = &a->binds[i].oid;
		struct platen_oid index = { oid->sub + q->oids[0].n, oid->n - q->oids[0].n };

		wire_oid_after(b, above, index);
		above = index;
	}
}

void
foretold_answer(struct foretold *f, uint32_t question, const struct answer *a)
{
	const struct question *q = &f->script->questions[question];
	uint32_t columns = q->kind == ASK_TABLE ? q->n : 1;

	if (q->kind == ASK_TABLE)
		rows_put(&f->answers, q, a);
	for (uint32_t column = 0; column < columns; column++)
		for (uint32_t i = column; i < a->n; i += columns)
			value_put(&f->answers, &a->binds[i]);
	know(f, question);
}

void
foretold_put(struct buf *b, const struct foretold *f)
{
	wire_u64(b, f != NULL ? f->script->number : 0);
	if (f == NULL)
		return;
	wire_u64(b, f->known);
	buf_add(b, f->answers.p, f->answers.n);
}

/* ---- what is foreseen, heard ---- */

static bool
is_known(const struct foreseen *f, uint32_t i)
{
	return (f->known >> i & 1) != 0;
}

static struct platen_bind *
objects_get(struct wire *w, struct pool *pool, const struct question *q)
{
	struct platen_bind *binds = pool_alloc(pool, q->n * sizeof(*binds));

	for (uint32_t i = 0; i < q->n; i++) {
		binds[i].oid = q->oids[i];
		value_get(w, pool, &binds[i]);
	}
	return binds;
}

/* Room for the sub-identifiers of all cells. */
static uint32_t *
cells_room(struct pool *pool, const struct question *q, const struct platen_oid *rows, uint32_t n)
{
	size_t columns = 0, indexes = 0;

	for (uint32_t i = 0; i < q->n; i++)
		columns += q->oids[i].n;
	for (uint32_t row = 0; row < n; row++)
		indexes += rows[row].n;
	return pool_alloc(pool, (columns * n + indexes * q->n + 1) * sizeof(uint32_t));
}

/* Column by column they come, row by row they are. */
static struct platen_bind *
table_get(struct wire *w, struct pool *pool, const struct question *q, uint32_t nrows)
{
	struct platen_bind *binds = pool_alloc(pool, (nrows * q->n + 1) * sizeof(*binds));
	const struct platen_oid *rows = rows_get(w, pool, nrows);
	uint32_t *room = rows != NULL ? cells_room(pool, q, rows, nrows) : NULL;

	for (uint32_t i = 0; rows != NULL && i < q->n; i++)
		for (uint32_t row = 0; row < nrows; row++) {
			struct platen_bind *b = &binds[row * q->n + i];

			b->oid = oid_join_at(room, q->oids[i], rows[row]);
			room += q->oids[i].n + rows[row].n;
			value_get(w, pool, b);
		}
	w->bad = w->bad || rows == NULL;
	return binds;
}

static void
foreseen_answer(struct wire *w, struct pool *pool, const struct question *q, struct answer *a)
{
	uint32_t nrows;

	*a = answer_none(q->kind, PLATEN_OK);
	if (q->kind == ASK_GET) {
		a->n = q->n;
		a->binds = objects_get(w, pool, q);
	} else {
		nrows = wire_get_count(w, PLATEN_MAX_ROWS, LEAST_INDEX + q->n);
		a->n = nrows * q->n;
		a->binds = table_get(w, pool, q, nrows);
	}
}

bool
foreseen_get(struct wire *w, struct pool *pool, const struct script *(*kept)(uint64_t number),
	struct foreseen *f)
{
	static const struct script nothing;
	uint64_t number = wire_get_u64(w);

	*f = (struct foreseen){ .script = number != 0 ? kept(number) : &nothing };
	if (number == 0 || f->script == NULL)
		return wire_ended(w) && f->script != NULL;
	return foreseen_answers(w, pool, f);
}

bool
foreseen_answers(struct wire *w, struct pool *pool, struct foreseen *f)
{
	struct answer *answers;

	f->known = wire_get_u64(w);
	f->answers = answers = pool_alloc(pool, (f->script->n + 1) * sizeof(*answers));
	for (uint32_t i = 0; i < f->script->n && !w->bad; i++)
		if (is_known(f, i))
			foreseen_answer(w, pool, &f->script->questions[i], &answers[i]);
	return wire_ended(w) && (f->script->n == 64 || f->known >> f->script->n == 0);
}
