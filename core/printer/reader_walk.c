/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader_walk.c - columns side by side, from their beginning to their end.
 *
 * Every column has a cursor of its own that may only go forward.  A printer
 * that cannot follow is asked in ever simpler ways: GETBULK, GETNEXT for all
 * columns, GETNEXT for one; a column that fails even so ends, and the answer
 * says that it is flawed.  An endless table ends at PLATEN_MAX_ROWS.
 */
#include "printer/reader_own.h"

#include <string.h>

/* Rows of the first GETBULK of a question. */
#define REPETITIONS_START 10

/* ---- cells ---- */

static void
end_flawed(struct column *c)
{
	c->done = c->flawed = true;
}

static void
put_cell(struct reader *r, struct column *c, const struct platen_bind *b)
{
	if (c->n == PLATEN_MAX_ROWS) {
		end_flawed(c);
		return;
	}
	if (c->n == c->cap) {
		struct platen_bind *more;

		c->cap = c->cap == 0 ? 16 : 2 * c->cap;
		more = pool_alloc(r->pool, c->cap * sizeof(*more));
		if (c->n > 0)
			memcpy(more, c->cells, c->n * sizeof(*more));
		c->cells = more;
	}
	c->cells[c->n++] = *b;
	c->cursor = b->oid;
	/* There is a value, but none that can be carried. */
	c->flawed = c->flawed || b->type == PLATEN_ABSENT;
}

/* False: it went backwards. */
static bool
take_bind(struct reader *r, struct column *c, const struct platen_bind *b)
{
	if (c->done)
		return true;
	switch (step_judge(c, &c->cursor, b)) {
	case STEP_CELL:
		put_cell(r, c, b);
		return true;
	case STEP_END:
		c->done = true;
		return true;
	case STEP_BACKWARDS:
		return false;
	}
	return false;
}

/* ---- simpler ways ---- */

/* This cannot be had in this way: ask in a simpler one; one column alone is given up. */
static void
ask_simpler(struct reader *r)
{
	struct walk *w = &r->walk;

	if (w->asked_bulk) {
		w->bulk = false;
		w->bulk_failed = true;
	} else if (w->asked > 1) {
		w->limit = w->asked / 2;
	} else {
		end_flawed(&r->columns[w->which[0]]);
	}
}

static void
ask_less(struct reader *r)
{
	struct walk *w = &r->walk;

	if (w->asked_bulk && w->repetitions > 1) {
		w->repetitions /= 2;
		r->can->repetitions = w->repetitions;
		return;
	}
	if (!w->asked_bulk && w->asked > 1)
		ability_fewer(r->can, w->asked);
	ask_simpler(r);
}

/* ---- answers ---- */

static void
take_cells(struct reader *r, const struct reply *reply)
{
	struct walk *w = &r->walk;
	uint32_t most = w->asked_bulk ? w->asked * w->repetitions : w->asked;

	if (reply->n == 0 || reply->n > most) {
		ask_simpler(r);
		return;
	}
	w->bind_bytes = (uint32_t)(reply->bytes / reply->n) + 1;
	for (uint32_t i = 0; i < reply->n; i++)
		if (!take_bind(r, &r->columns[w->which[i % w->asked]], &reply->binds[i])) {
			ask_simpler(r);
			return;
		}
	if (w->asked_bulk)
		w->repetitions *= 2;
	if (w->asked == w->limit && reply->n >= w->asked) {
		ability_more(r->can, w->asked);
		if (r->can->objects > w->limit)
			w->limit = r->can->objects;
	}
}

/* One column alone is answered where more, or GETBULK, were not. */
static void
not_so_many(struct reader *r)
{
	struct walk *w = &r->walk;

	if (w->bulk) {
		w->bulk = false;
		w->bulk_failed = true;
	} else {
		w->limit = w->muted / 2;
		if (r->heard) /* it was awake */
			ability_fewer(r->can, w->muted);
	}
	w->muted = 0;
}

void
walk_take(struct reader *r, const struct reply *reply)
{
	struct walk *w = &r->walk;

	if (w->muted > 0)
		not_so_many(r);
	if (w->bulk_failed && !reply->broken && reply->error == ERROR_NONE) {
		w->bulk_failed = false;
		if (++r->can->bulk_doubts > 1)
			r->can->nobulk = true;
	}
	w->again = false;
	if (reply->broken) {
		ask_simpler(r);
		return;
	}
	switch (reply->error) {
	case ERROR_NONE:
		take_cells(r, reply);
		return;
	case ERROR_NO_SUCH_NAME: /* SNMPv1's end of everything */
		if (w->asked_bulk ||
			(w->asked > 1 && (reply->index == 0 || reply->index > w->asked)))
			ask_simpler(r);
		else
			r->columns[w->which[w->asked == 1 ? 0 : reply->index - 1]].done = true;
		return;
	case ERROR_TOO_BIG:
		ask_less(r);
		return;
	default:
		ask_simpler(r);
		return;
	}
}

/* ---- silence ---- */

bool
walk_silent(struct reader *r)
{
	struct walk *w = &r->walk;

	if (!w->asked_bulk && w->asked == 1)
		return true;
	w->muted = w->asked > 1 ? w->asked : 2;
	return false;
}

void
walk_alive(struct reader *r)
{
	struct walk *w = &r->walk;

	if (!w->again) { /* it slept, or goes by another community now */
		w->again = true;
		w->muted = 0;
		return;
	}
	w->again = false;
	r->heard = true;
	ask_simpler(r);
}

/* ---- asking ---- */

/* The columns that have come the least far go on, as many as a packet takes. */
static void
choose(struct reader *r)
{
	struct walk *w = &r->walk;
	uint32_t least = UINT32_MAX, limit = w->muted > 0 ? 1 : w->limit;

	w->asked = 0;
	for (uint32_t i = 0; i < r->ncolumns; i++)
		if (!r->columns[i].done && r->columns[i].n < least)
			least = r->columns[i].n;
	if (least == UINT32_MAX)
		return;
	if (w->names == NULL)
		w->names = pool_take(r->pool, OBJECTS_MOST * sizeof(*w->names));
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 0; i < r->ncolumns && w->asked < limit; i++) {
			const struct column *c = &r->columns[i];

			if (c->done || (c->n == least) != (round == 0))
				continue;
			w->which[w->asked] = i;
			w->names[w->asked++] = (struct name){ .oid = c->cursor };
		}
}

/* So many rows that the answer fits a packet. */
static uint32_t
repetitions_fitting(const struct reader *r)
{
	const struct walk *w = &r->walk;
	uint32_t fit = PDU_ANSWER_AIM / (w->asked * w->bind_bytes);
	uint32_t n = w->repetitions < r->can->repetitions ? w->repetitions : r->can->repetitions;

	n = n < fit ? n : fit;
	return n > 0 ? n : 1;
}

bool
walk_next(struct reader *r, struct request *out)
{
	struct walk *w = &r->walk;

	choose(r);
	out->n = w->asked;
	out->names = w->names;
	out->kind = REQUEST_NEXT;
	w->asked_bulk = w->bulk && w->muted == 0;
	if (w->asked_bulk && w->asked > 0) {
		out->kind = REQUEST_BULK;
		out->repetitions = w->repetitions = repetitions_fitting(r);
	}
	return w->asked > 0;
}

void
walk_begin(struct reader *r)
{
	r->walk = (struct walk){
		.bulk = !r->can->version1 && !r->can->nobulk,
		.repetitions = REPETITIONS_START,
		.limit = r->can->objects,
		.bind_bytes = BIND_BYTES_GUESS,
	};
}

/* What came is given. */
void
walk_stop(struct reader *r)
{
	for (uint32_t i = 0; i < r->ncolumns; i++)
		if (!r->columns[i].done)
			end_flawed(&r->columns[i]);
}
