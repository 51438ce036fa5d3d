/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk.c - ASK_TABLE: columns side by side, put together as rows by index.
 *
 * Every column has a cursor of its own that may only go forward.  A printer
 * that cannot follow is asked in ever simpler ways: GETBULK, GETNEXT for all
 * columns, GETNEXT for one; a column that fails even so ends, and the answer
 * says that it is partial.  An endless table ends at PLATEN_MAX_ROWS.
 */
#include "net/ask.h"

#include <stdlib.h>
#include <string.h>

/* Rows of the first GETBULK of a table. */
#define REPETITIONS_START 10
/* Bytes of an object and its value, before any has been seen. */
#define BIND_BYTES_GUESS 24

struct column {
	struct platen_oid root, cursor;
	struct platen_bind *cells;
	uint32_t n, cap;
	uint32_t row; /* the next one to be put together */
	bool done;
};

struct walk {
	struct column *columns;
	struct platen_oid oids[PLATEN_MAX_OIDS]; /* under way ... */
	uint32_t which[PLATEN_MAX_OIDS]; /* ... for these columns */
	uint32_t asked;
	bool asked_bulk;
	bool bulk; /* GETBULK, else GETNEXT */
	bool bulk_failed; /* it gave no answer to one that counts */
	uint32_t repetitions; /* of a GETBULK */
	uint32_t limit; /* columns a packet */
	uint32_t muted; /* so many got no answer, now one alone is asked; 0: no such doubt */
	bool again; /* asked once more, now that it is awake */
	uint32_t bind_bytes; /* of an object and its value, as last seen */
	bool partial;
	bool any;
};

static void walk_next(struct ask *);

/* ---- rows ---- */

static int
compare_index(const struct column *a, const struct column *b)
{
	const struct platen_oid *x = &a->cells[a->row].oid, *y = &b->cells[b->row].oid;

	return oid_compare(x->sub + a->root.n, x->n - a->root.n, y->sub + b->root.n,
		y->n - b->root.n);
}

/* The column whose next cell has the lowest index, or NULL. */
static const struct column *
lowest(const struct walk *w, uint32_t n)
{
	const struct column *low = NULL;

	for (uint32_t i = 0; i < n; i++) {
		const struct column *c = &w->columns[i];

		if (c->row < c->n && (low == NULL || compare_index(c, low) < 0))
			low = c;
	}
	return low;
}

/* A hole still says where it is: column and index. */
static struct platen_bind
hole(const struct column *c, const struct platen_oid *like, uint32_t nroot, struct pool *pool)
{
	uint32_t nindex = like->n - nroot, n = 0;
	uint32_t *sub = pool_alloc(pool, (c->root.n + nindex) * sizeof(*sub));

	for (uint32_t i = 0; i < c->root.n; i++)
		sub[n++] = c->root.sub[i];
	for (uint32_t i = 0; i < nindex && n < PLATEN_MAX_SUBIDS; i++)
		sub[n++] = like->sub[nroot + i];
	return (struct platen_bind){
		.size = sizeof(struct platen_bind),
		.type = PLATEN_ABSENT,
		.oid = { sub, n },
		.octets = (const uint8_t *)"",
	};
}

static void
put_row(struct ask *a, const struct column *low, struct platen_bind *row)
{
	const struct platen_oid like = low->cells[low->row].oid;
	const uint32_t nroot = low->root.n;

	for (uint32_t i = 0; i < a->q.n; i++) {
		struct column *c = &a->walk->columns[i];

		if (c->row < c->n &&
			oid_compare(c->cells[c->row].oid.sub + c->root.n,
				c->cells[c->row].oid.n - c->root.n, like.sub + nroot,
				like.n - nroot) == 0)
			row[i] = c->cells[c->row++];
		else
			row[i] = hole(c, &like, nroot, a->pool);
	}
}

static void
walk_finish(struct ask *a)
{
	struct walk *w = a->walk;
	struct answer answer = answer_none(ASK_TABLE, PLATEN_OK);
	struct platen_bind *binds = NULL;
	const struct column *low;
	uint32_t rows = 0, room = 0;

	while ((low = lowest(w, a->q.n)) != NULL && rows < PLATEN_MAX_ROWS) {
		if (rows == room) {
			room = room == 0 ? 16 : 2 * room;
			binds = mem_grow(binds, (size_t)room * a->q.n * sizeof(*binds));
		}
		put_row(a, low, binds + (size_t)rows++ * a->q.n);
	}
	answer.status = w->partial || low != NULL ? PLATEN_EPARTIAL : PLATEN_OK;
	answer.n = rows * a->q.n;
	answer.binds = binds;
	ask_finish(a, &answer);
	free(binds);
}

static void
walk_end_early(struct ask *a, int32_t status)
{
	if (!a->walk->any) {
		ask_unanswered(a, status);
		return;
	}
	a->walk->partial = true;
	walk_finish(a);
}

/* ---- cells ---- */

enum step { STEP_CELL, STEP_END, STEP_BACKWARDS };

static enum step
judge(const struct column *c, const struct platen_bind *b)
{
	int way = oid_compare(b->oid.sub, b->oid.n, c->cursor.sub, c->cursor.n);

	if (b->type == PLATEN_ABSENT && way == 0)
		return STEP_END; /* endOfMibView */
	if (way <= 0)
		return STEP_BACKWARDS;
	return b->oid.n > c->root.n && oid_below(b->oid.sub, b->oid.n, c->root.sub, c->root.n)
		? STEP_CELL
		: STEP_END;
}

static void
put_cell(struct ask *a, struct column *c, const struct platen_bind *b)
{
	if (c->n == PLATEN_MAX_ROWS) {
		c->done = true;
		a->walk->partial = true;
		return;
	}
	if (c->n == c->cap) {
		struct platen_bind *more;

		c->cap = c->cap == 0 ? 16 : 2 * c->cap;
		more = pool_alloc(a->pool, c->cap * sizeof(*more));
		if (c->n > 0)
			memcpy(more, c->cells, c->n * sizeof(*more));
		c->cells = more;
	}
	c->cells[c->n++] = *b;
	c->cursor = b->oid;
}

/* False: it went backwards. */
static bool
take_bind(struct ask *a, struct column *c, const struct platen_bind *b)
{
	if (c->done)
		return true;
	switch (judge(c, b)) {
	case STEP_CELL:
		put_cell(a, c, b);
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
ask_simpler(struct ask *a)
{
	struct walk *w = a->walk;

	if (w->asked_bulk) {
		w->bulk = false;
		w->bulk_failed = true;
	} else if (w->asked > 1) {
		w->limit = w->asked / 2;
	} else {
		w->columns[w->which[0]].done = true;
		w->partial = true;
	}
	walk_next(a);
}

static void
ask_less(struct ask *a)
{
	struct walk *w = a->walk;

	if (w->asked_bulk && w->repetitions > 1) {
		w->repetitions /= 2;
		a->peer->repetitions = w->repetitions;
		walk_next(a);
		return;
	}
	if (!w->asked_bulk && w->asked > 1)
		peer_fewer_objects(a->peer, w->asked);
	ask_simpler(a);
}

/* ---- answers ---- */

static void
take_cells(struct ask *a, const struct reply *r)
{
	struct walk *w = a->walk;
	uint32_t most = w->asked_bulk ? w->asked * w->repetitions : w->asked;

	if (r->n == 0 || r->n > most) {
		ask_simpler(a);
		return;
	}
	w->partial |= r->partial;
	w->bind_bytes = (uint32_t)(r->bytes / r->n) + 1;
	for (uint32_t i = 0; i < r->n; i++)
		if (!take_bind(a, &w->columns[w->which[i % w->asked]], &r->binds[i])) {
			ask_simpler(a);
			return;
		}
	if (w->asked_bulk)
		w->repetitions *= 2;
	walk_next(a);
}

/* One column alone is answered where more, or GETBULK, were not. */
static void
not_so_many(struct ask *a)
{
	struct walk *w = a->walk;

	if (w->bulk) {
		w->bulk = false;
		w->bulk_failed = true;
	} else {
		w->limit = w->muted / 2;
		if (w->any) /* it was awake */
			peer_fewer_objects(a->peer, w->muted);
	}
	w->muted = 0;
}

static void
take_reply(struct ask *a, const struct reply *r)
{
	struct walk *w = a->walk;

	if (w->muted > 0)
		not_so_many(a);
	if (w->bulk_failed && !r->broken && r->error == ERROR_NONE) {
		w->bulk_failed = false;
		if (++a->peer->bulk_doubts > 1)
			a->peer->nobulk = true;
	}
	w->any = true;
	w->again = false;
	a->bytes += r->bytes;
	if (r->broken) {
		ask_simpler(a);
		return;
	}
	switch (r->error) {
	case ERROR_NONE:
		take_cells(a, r);
		return;
	case ERROR_NO_SUCH_NAME: /* SNMPv1's end of everything */
		if (w->asked_bulk || (w->asked > 1 && (r->index == 0 || r->index > w->asked))) {
			ask_simpler(a);
			return;
		}
		w->columns[w->which[w->asked == 1 ? 0 : r->index - 1]].done = true;
		walk_next(a);
		return;
	case ERROR_TOO_BIG:
		ask_less(a);
		return;
	case ERROR_AUTHORIZATION:
		ask_refused(a, r);
		return;
	default:
		ask_simpler(a);
		return;
	}
}

static void
on_alive(struct ask *a, int32_t status)
{
	if (status != PLATEN_OK) {
		walk_end_early(a, status);
		return;
	}
	if (!a->walk->again) { /* it slept, or goes by another community now */
		a->walk->again = true;
		a->walk->muted = 0;
		walk_next(a);
		return;
	}
	a->walk->again = false;
	a->walk->any = true;
	ask_simpler(a);
}

static void
silent(struct ask *a)
{
	struct walk *w = a->walk;

	if (w->asked_bulk || w->asked > 1) {
		w->muted = w->asked > 1 ? w->asked : 2;
		walk_next(a);
	} else {
		login_begin(a, on_alive);
	}
}

static void
on_answer(void *arg, enum outcome outcome, const struct reply *reply)
{
	struct ask *a = arg;

	a->exchange = NULL;
	switch (outcome) {
	case OUTCOME_REPLY:
		take_reply(a, reply);
		return;
	case OUTCOME_SILENT:
		silent(a);
		return;
	case OUTCOME_REFUSED:
		ask_refused(a, reply);
		return;
	}
}

/* ---- asking ---- */

/* The columns that have come the least far go on, as many as a packet takes. */
static void
choose(struct ask *a)
{
	struct walk *w = a->walk;
	uint32_t least = UINT32_MAX, limit = w->muted > 0 ? 1 : w->limit;

	w->asked = 0;
	for (uint32_t i = 0; i < a->q.n; i++)
		if (!w->columns[i].done && w->columns[i].n < least)
			least = w->columns[i].n;
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 0; i < a->q.n && w->asked < limit; i++) {
			const struct column *c = &w->columns[i];

			if (c->done || (c->n == least) != (round == 0))
				continue;
			w->which[w->asked] = i;
			w->oids[w->asked++] = c->cursor;
		}
}

/* So many rows that the answer fits a packet. */
static uint32_t
repetitions_fitting(const struct ask *a)
{
	const struct walk *w = a->walk;
	uint32_t fit = PACKET_ANSWER_AIM / (w->asked * w->bind_bytes);
	uint32_t n = w->repetitions < a->peer->repetitions ? w->repetitions : a->peer->repetitions;

	n = n < fit ? n : fit;
	return n > 0 ? n : 1;
}

static void
walk_next(struct ask *a)
{
	struct walk *w = a->walk;
	struct request request = { .kind = REQUEST_NEXT, .oids = w->oids };

	choose(a);
	if (w->asked == 0) {
		walk_finish(a);
		return;
	}
	if (ask_is_over(a)) {
		walk_end_early(a, PLATEN_ENOANSWER);
		return;
	}
	request.n = w->asked;
	w->asked_bulk = w->bulk && w->muted == 0;
	if (w->asked_bulk) {
		request.kind = REQUEST_BULK;
		request.repetitions = w->repetitions = repetitions_fitting(a);
	}
	ask_send(a, &request, on_answer);
}

void
walk_begin(struct ask *a)
{
	struct walk *w = pool_alloc(a->pool, sizeof(*w));

	a->walk = w;
	w->bulk = a->peer->credential->version != VERSION_1 && !a->peer->nobulk;
	w->repetitions = REPETITIONS_START;
	w->limit = a->peer->objects;
	w->bind_bytes = BIND_BYTES_GUESS;
	w->columns = pool_alloc(a->pool, a->q.n * sizeof(*w->columns));
	for (uint32_t i = 0; i < a->q.n; i++)
		w->columns[i].root = w->columns[i].cursor = a->q.oids[i];
	walk_next(a);
}
