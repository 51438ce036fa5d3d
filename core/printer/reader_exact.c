/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader_exact.c - what is known by its whole OID: single objects, and the cells
 * of tables that were there the last time; as many a request as can be carried.
 *
 * What cannot be had together is asked in smaller parts down to one alone.  An
 * object's value is taken only under the very OID that was asked; a cell that is
 * not where it was gives its table to the walk.  What was not there the last
 * time is asked for again where there is room left in a request.
 */
#include "printer/reader_own.h"

#include <string.h>

/* Single objects a living printer may be silent about before it is left in peace. */
#define SILENT_MOST 3

/* ---- what there is to ask ---- */

static void
add(struct items *list, struct item item)
{
	list->list[list->n++] = item;
}

static struct column *
column_of(struct reader *r, const struct item *item)
{
	return &r->columns[item->place - r->nobjects];
}

static void
add_objects(struct reader *r, bool absent)
{
	for (uint32_t i = 0; i < r->nobjects; i++)
		if ((r->absent[i] != 0) == absent)
			add(&r->get,
				(struct item){
					.place = i,
					.optional = absent,
					.bytes = r->widths[i] > 0
						? bind_bytes(name_width(&r->o->names[i]),
							  r->widths[i])
						: BIND_BYTES_GUESS,
				});
}

static void
add_end(struct reader *r, uint32_t column, uint32_t row, bool optional)
{
	add(&r->next,
		(struct item){
			.place = r->nobjects + column,
			.row = (uint16_t)row,
			.end = true,
			.optional = optional,
			.bytes = BIND_BYTES_GUESS,
		});
}

/* Of the key each row is come upon from the one before it, and then the end. */
static void
add_column(struct reader *r, uint32_t column)
{
	const struct column *c = &r->columns[column];
	bool key = c->table->key == column;

	for (uint32_t row = 0; row < c->n; row++)
		if (c->expected[row])
			add(key ? &r->next : &r->get,
				(struct item){
					.place = r->nobjects + column,
					.row = (uint16_t)row,
					.bytes = c->bytes + c->table->rows[row].bytes,
				});
	if (key)
		add_end(r, column, c->n, false);
}

/* Cells that its rows did not have. */
static void
add_holes(struct reader *r, uint32_t column)
{
	const struct column *c = &r->columns[column];

	for (uint32_t row = 0; row < c->n; row++)
		if (!c->expected[row])
			add(&r->get,
				(struct item){
					.place = r->nobjects + column,
					.row = (uint16_t)row,
					.optional = true,
					.bytes = c->bytes + c->table->rows[row].bytes,
				});
}

void
exact_place(struct reader *r)
{
	uint32_t n = r->nobjects;

	if (r->objects != NULL)
		return;
	for (uint32_t i = 0; i < r->ncolumns; i++)
		n += r->columns[i].cap = r->columns[i].n;
	r->objects = pool_alloc(r->pool, (n + 1) * sizeof(*r->objects));
	for (uint32_t i = 0; i < r->nobjects; i++) {
		bind_clear(&r->objects[i]);
		r->objects[i].oid = r->q->oids[i];
	}
	n = r->nobjects;
	for (uint32_t i = 0; i < r->ncolumns; i++) {
		r->columns[i].cells = r->objects + n;
		n += r->columns[i].n;
	}
}

/* What there is of each column, and room to ask for it: of the keys, whose end is, too. */
static void
open_lists(struct reader *r)
{
	uint32_t cells = 0, next = r->ncolumns;

	for (uint32_t i = 0; i < r->ncolumns; i++) {
		struct column *c = &r->columns[i];

		if (c->expected != NULL) {
			c->n = c->table->nrows;
			c->bytes = bind_bytes(name_width(c->root), c->width);
		}
		if (c->table->known && c->table->key == i)
			next += c->n;
		else
			cells += c->n;
	}
	next += cells < OBJECTS_MOST ? cells : OBJECTS_MOST; /* see move_cells() */
	r->get = (struct items){ .kind = REQUEST_GET };
	r->next = (struct items){ .kind = REQUEST_NEXT };
	r->get.list = pool_alloc(r->pool, (r->nobjects + cells + 1) * sizeof(struct item));
	r->next.list = pool_alloc(r->pool, (next + 1) * sizeof(struct item));
}

/* Must come first, may follow. */
void
exact_begin(struct reader *r)
{
	open_lists(r);
	add_objects(r, false);
	for (uint32_t i = 0; i < r->ncolumns; i++)
		if (r->columns[i].table->known)
			add_column(r, i);
	/* SNMPv1 fails the whole request for one object that is not there. */
	if (r->can->version1)
		return;
	add_objects(r, true);
	for (uint32_t i = 0; i < r->ncolumns; i++) {
		const struct column *c = &r->columns[i];

		/* Of an empty table too: the first row need not have all columns. */
		if (c->table->known && c->expected == NULL && c->table->key != i)
			add_end(r, i, 0, true);
		else if (c->nexpected < c->n)
			add_holes(r, i);
	}
}

/* ---- a request ---- */

static bool
is_moot(const struct reader *r, const struct item *item)
{
	return item->place >= r->nobjects && r->columns[item->place - r->nobjects].table->changed;
}

/* What belongs to a table that is walked anyway need not be asked. */
static void
prune(const struct reader *r, struct items *list)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < list->n; i++)
		if (!is_moot(r, &list->list[i]))
			list->list[n++] = list->list[i];
	list->n = n;
}

/* These need no more asking. */
static void
settle(struct items *list, uint32_t from, uint32_t n)
{
	list->n -= n;
	memmove(list->list + from, list->list + from + n, (list->n - from) * sizeof(*list->list));
}

/* The last cells go with the GETNEXT when all of it fits one request. */
static void
move_cells(struct reader *r)
{
	struct items *get = &r->get, *next = &r->next;
	uint32_t n = 0, bytes = 0, cells = 0;

	for (uint32_t i = 0; i < get->n && !get->list[i].optional; i++, cells++) {
		if (get->list[i].place < r->nobjects)
			return;
		bytes += get->list[i].bytes;
	}
	for (n = 0; n < next->n && !next->list[n].optional; n++)
		bytes += next->list[n].bytes;
	if (cells == 0 || n == 0 || cells + n > r->can->objects || bytes > PDU_ANSWER_AIM)
		return;
	memmove(next->list + cells, next->list, next->n * sizeof(*next->list));
	memcpy(next->list, get->list, cells * sizeof(*get->list));
	next->n += cells;
	settle(get, 0, cells);
}

/* How many of the first fit; what may be left out gets no request of its own beside others. */
static uint32_t
count_fitting(const struct items *list)
{
	uint32_t n = 0, bytes = 0;

	if (list->n == 0 || (list->list[0].optional && list->begun))
		return 0;
	if (list->alone || list->again)
		return 1;
	while (n < list->n && n < list->limit &&
		(n == 0 || bytes + list->list[n].bytes <= PDU_ANSWER_AIM))
		bytes += list->list[n++].bytes;
	return n;
}

static struct name
likely_of(struct reader *r, const struct item *item)
{
	if (item->place < r->nobjects)
		return r->o->names[item->place];
	if (item->end)
		return (struct name){ 0 };
	return cell_name(r, column_of(r, item), item->row);
}

/* What GETNEXT comes upon it from: most often what is asked for just before. */
static struct name
before(struct reader *r, const struct items *list, uint32_t i)
{
	const struct item *item = &list->list[i];
	const struct column *c = column_of(r, item);

	if (item->row == 0)
		return *c->root;
	if (i > 0 && item[-1].place == item->place && item[-1].row + 1 == item->row)
		return list->likely[i - 1];
	return cell_name(r, c, item->row - 1);
}

bool
exact_next(struct reader *r, struct items *list, struct request *out)
{
	bool get = list->kind == REQUEST_GET;
	size_t bytes;

	if (list->limit == 0)
		list->limit = r->can->objects;
	if (r->changed)
		prune(r, list);
	if (get && !list->alone && !list->again)
		move_cells(r);
	list->asked = count_fitting(list);
	list->begun = true;
	if (list->asked == 0)
		return false;
	bytes = list->asked * sizeof(*list->names);
	list->likely = pool_take(r->pool, bytes);
	list->names = get ? list->likely : pool_take(r->pool, bytes);
	for (uint32_t i = 0; i < list->asked; i++) {
		list->likely[i] = likely_of(r, &list->list[i]);
		if (!get)
			list->names[i] = before(r, list, i);
	}
	out->kind = list->kind;
	out->n = list->asked;
	out->names = list->names;
	out->likely = list->likely;
	return true;
}

/* ---- an answer ---- */

/* It is not there. */
static void
take_none(struct reader *r, const struct item *item)
{
	if (item->place >= r->nobjects && !item->end && !item->optional)
		table_changed(r, column_of(r, item)->table);
}

/* Nor can it be known whether it is there. */
static void
give_up(struct reader *r, const struct item *item)
{
	if (item->place < r->nobjects)
		r->flawed[item->place] = 1;
	else
		table_changed(r, column_of(r, item)->table);
}

static bool
same(const struct platen_oid *a, const struct platen_oid *b)
{
	return a->n == b->n &&
		(a->sub == b->sub || memcmp(a->sub, b->sub, a->n * sizeof(*a->sub)) == 0);
}

/*
 * False: it is no answer to that: neither under its OID nor, asked with GETNEXT, behind what was
 * asked.
 */
static bool
take_one(struct reader *r, const struct items *list, uint32_t i, const struct platen_bind *b,
	bool doubtful)
{
	const struct item *item = &list->list[i];
	bool as_asked = same(&b->oid, &list->likely[i].oid);
	enum step step = STEP_CELL;

	if (!as_asked && list->kind != REQUEST_GET)
		step = step_judge(column_of(r, item), &list->names[i].oid, b);
	if (!as_asked && (list->kind == REQUEST_GET || step == STEP_BACKWARDS))
		return false;
	if (item->place < r->nobjects) {
		r->objects[item->place] = *b;
		r->objects[item->place].oid = list->likely[i].oid;
		r->flawed[item->place] = doubtful && b->type == PLATEN_ABSENT;
	} else if (item->end) {
		if (step != STEP_END)
			table_changed(r, column_of(r, item)->table);
	} else if (b->type == PLATEN_ABSENT || !as_asked) {
		take_none(r, item);
	} else if (item->optional) {
		table_changed(r, column_of(r, item)->table);
	} else {
		column_of(r, item)->cells[item->row] = *b;
	}
	return true;
}

/* How many were answered, in order. */
static uint32_t
take_some(struct reader *r, const struct items *list, const struct reply *reply)
{
	uint32_t n = 0;

	if (list->kind == REQUEST_NEXT && reply->n > list->asked)
		return 0;
	while (n < reply->n && n < list->asked &&
		take_one(r, list, n, &reply->binds[n], reply->partial))
		n++;
	return n;
}

/* The values cannot be had together: ask fewer; one alone is given up. */
static void
ask_fewer(struct reader *r, struct items *list, bool remember)
{
	if (list->asked == 1) {
		give_up(r, &list->list[0]);
		settle(list, 0, 1);
		return;
	}
	list->limit = list->asked / 2;
	if (remember)
		ability_fewer(r->can, list->asked);
}

static void
take_values(struct reader *r, struct items *list, const struct reply *reply)
{
	uint32_t n = take_some(r, list, reply);

	if (n == 0) {
		ask_fewer(r, list, true);
		return;
	}
	if (n == list->asked) {
		ability_more(r->can, n);
		if (n == list->limit && r->can->objects > list->limit)
			list->limit = r->can->objects;
	} else {
		list->limit = n;
	}
	settle(list, 0, n);
}

static void
take_no_such_name(struct reader *r, struct items *list, uint32_t index)
{
	uint32_t i = list->asked == 1 ? 0 : index - 1;

	if (list->asked > 1 && (index == 0 || index > list->asked)) {
		ask_fewer(r, list, false);
		return;
	}
	take_none(r, &list->list[i]);
	settle(list, i, 1);
}

void
exact_take(struct reader *r, struct items *list, const struct reply *reply)
{
	if (list->alone && list->mute > 1) { /* twice is no accident: it cannot carry so many */
		ability_fewer(r->can, list->limit);
		list->limit = r->can->objects;
		list->mute = 0;
	}
	list->alone = list->again = false;
	if (reply->broken) {
		ask_fewer(r, list, true);
		return;
	}
	switch (reply->error) {
	case ERROR_NONE:
		take_values(r, list, reply);
		return;
	case ERROR_NO_SUCH_NAME:
		take_no_such_name(r, list, reply->index);
		return;
	case ERROR_TOO_BIG:
		ask_fewer(r, list, true);
		return;
	default: /* genErr and its kin: one of the objects, not their number */
		ask_fewer(r, list, false);
		return;
	}
}

/* ---- silence ---- */

bool
exact_silent(struct items *list)
{
	if (list->asked == 1)
		return true;
	list->mute++;
	list->alone = true;
	return false;
}

/* It is there: in the end only the one object has no answer. */
void
exact_alive(struct reader *r, struct items *list)
{
	if (!list->again) { /* it slept, or goes by another community now */
		list->again = true;
		return;
	}
	list->again = false;
	r->heard = true;
	give_up(r, &list->list[0]);
	settle(list, 0, 1);
	if (++r->silent >= SILENT_MOST)
		reader_stop(r);
}
