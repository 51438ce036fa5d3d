/* SPDX-License-Identifier: Apache-2.0 */
/* reading.c - what the plugins read, merged; see reading.h. */
#include "reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One reading as it came. */
struct said {
	struct fact fact;
	int32_t match;
};

struct readings {
	struct pool *pool;
	struct said *said;
	uint32_t *order; /* when it is finished: of those that were not taken back */
	uint32_t nsaid, capacity, norder;
	char *room; /* for texts */
	size_t left;
	struct note *notes;
	uint32_t nnotes, notes_capacity;
};

/* Bytes of texts that are had at once. */
#define ROOM 496

/* Steps in which those that stand wrong are put right one by one; beyond, all are sorted. */
#define STEPS_MOST 4096

/* Notes of one record; what is beyond is not told. */
#define MAX_NOTES 64

struct readings *
readings_new(struct pool *pool)
{
	struct readings *r = pool_alloc(pool, sizeof(*r));

	r->pool = pool;
	return r;
}

/* Room for one more in an array of the pool; the old array stays with the pool. */
static void *
more(struct pool *pool, void *array, uint32_t n, uint32_t *capacity, size_t each)
{
	void *bigger;

	if (n < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 48;
	bigger = pool_take(pool, *capacity * each);
	if (n > 0)
		memcpy(bigger, array, n * each);
	return bigger;
}

/* A text of n bytes, for as long as the readings live. */
static inline const char *
keep(struct readings *r, const char *s, size_t n)
{
	char *to;

	if (++n > r->left) {
		r->left = n > ROOM ? n : ROOM;
		r->room = pool_take(r->pool, r->left);
	}
	to = memcpy(r->room, s, n);
	r->room += n;
	r->left -= n;
	return to;
}

void
readings_add(struct readings *r, const char *via, int32_t match, const struct emitted *reading)
{
	const struct platen_reading *p = &reading->said;
	enum metric_id id = reading->id;

	r->said = more(r->pool, r->said, r->nsaid, &r->capacity, sizeof(*r->said));
	r->said[r->nsaid++] = (struct said){
		.fact = {
			.metric = id == METRIC_METER_SIZE ? keep(r, p->metric, strlen(p->metric))
							  : metric_called(id),
			.part = p->part != NULL ? keep(r, p->part, strlen(p->part)) : "",
			.unit = p->unit,
			.text = p->text != NULL ? keep(r, p->text, reading->length) : NULL,
			.number = p->number,
			.full = p->full,
			.via = via,
			.id = id,
			.place = p->part != NULL ? fact_place(p->part) : 0,
			.length = reading->length,
			.plain = reading->plain,
		},
		.match = match,
	};
}

void
readings_drop(struct readings *r, const char *via)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < r->nsaid; i++)
		if (strcmp(r->said[i].fact.via, via) != 0)
			r->said[kept++] = r->said[i];
	r->nsaid = kept;
}

uint32_t
readings_count(const struct readings *r)
{
	return r->nsaid;
}

void
readings_note(struct readings *r, const char *kind, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	if (r->nnotes == MAX_NOTES)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	r->notes = more(r->pool, r->notes, r->nnotes, &r->notes_capacity, sizeof(*r->notes));
	r->notes[r->nnotes++] = (struct note){
		.kind = kind,
		.text = pool_string(r->pool, text),
	};
}

bool
readings_doubtful(const struct readings *r)
{
	bool partial = false;

	for (uint32_t i = 0; i < r->nnotes; i++)
		partial |= strcmp(r->notes[i].kind, "partial") == 0;
	for (uint32_t i = 0; partial && i < r->nsaid; i++)
		partial = r->said[i].fact.id != METRIC_DEVICE_SERIAL;
	return partial;
}

/* ---- who is believed ---- */

/* Of one thing the earlier word first. */
static int
said_order(const void *a, const void *b, void *said)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int order = fact_order(&((struct said *)said)[x].fact, &((struct said *)said)[y].fact);

	return order != 0 ? order : (x > y) - (x < y);
}

/* By metric, which is counted; then by part, as they are but where several plugins speak. */
static void
sort(const struct readings *r)
{
	uint32_t at[METRIC_NONE + 2] = { 0 }, steps = 0;

	for (uint32_t i = 0; i < r->nsaid; i++)
		at[r->said[i].fact.id + 1]++;
	for (uint32_t id = 0; id <= METRIC_NONE; id++)
		at[id + 1] += at[id];
	for (uint32_t i = 0; i < r->nsaid; i++)
		r->order[at[r->said[i].fact.id]++] = i;
	for (uint32_t i = 1; i < r->nsaid && steps < STEPS_MOST; i++) {
		uint32_t one = r->order[i], to = i;

		for (; to > 0 && said_order(&r->order[to - 1], &one, r->said) > 0; to--, steps++)
			r->order[to] = r->order[to - 1];
		r->order[to] = one;
	}
	if (steps >= STEPS_MOST)
		qsort_r(r->order, r->nsaid, sizeof(*r->order), said_order, r->said);
}

/* Who knows more, then who matches better; else there has to be some order. */
static bool
is_better(const struct said *a, const struct said *b)
{
	enum knowledge x = fact_knows(&a->fact), y = fact_knows(&b->fact);

	if (x != y)
		return x > y;
	return a->match != b->match ? a->match > b->match : strcmp(a->fact.via, b->fact.via) < 0;
}

/*
 * Of the n that speak of one thing: a plugin's later word replaces its earlier one, and the best
 * word is first.  These are few: each finds its place among those before it.  How many are left.
 */
static uint32_t
rank(const struct said *said, uint32_t *order, uint32_t n)
{
	uint32_t kept = 0, at;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t one = order[i];
		const struct said *s = &said[one];

		for (at = 0; at < kept; at++)
			if (strcmp(said[order[at]].fact.via, s->fact.via) == 0)
				break;
		if (at < kept) /* its earlier word */
			memmove(&order[at], &order[at + 1], (--kept - at) * sizeof(*order));
		for (at = kept++; at > 0 && is_better(s, &said[order[at - 1]]); at--)
			order[at] = order[at - 1];
		order[at] = one;
	}
	return kept;
}

static void
disagree(struct readings *r, const struct fact *won, const struct fact *lost)
{
	struct buf text = { 0 };

	fact_differs_say(won, lost, &text);
	readings_note(r, "disagreement", "%s", (char *)text.p);
	buf_free(&text);
}

/* The best of n words of one thing, and notes of who says otherwise. */
static struct fact
win(struct readings *r, const uint32_t *order, uint32_t n)
{
	struct fact won = r->said[order[0]].fact;

	for (uint32_t i = 1; i < n; i++) {
		const struct fact *f = &r->said[order[i]].fact;

		if (!fact_agrees(&won, f))
			disagree(r, &won, f);
		else if (fact_names_unit(f, &won))
			won = *f;
	}
	return won;
}

/* The winners. */
static uint32_t
merge(struct readings *r, struct fact *facts)
{
	uint32_t n = 0, *order;

	order = r->order = pool_take(r->pool, (r->nsaid + 1) * sizeof(*order));
	sort(r);
	for (uint32_t i = 0, end; i < r->nsaid; i = end) {
		const struct fact *f = &r->said[order[i]].fact;
		uint32_t *of_it = &order[r->norder];

		for (end = i + 1; end < r->nsaid; end++)
			if (!fact_of_same(f, &r->said[order[end]].fact))
				break;
		*of_it = order[i];
		if (end - i == 1) {
			r->norder++;
			facts[n++] = *f;
			continue;
		}
		memmove(of_it, &order[i], (end - i) * sizeof(*order));
		r->norder += rank(r->said, of_it, end - i);
		facts[n++] = win(r, of_it, r->norder - (uint32_t)(of_it - order));
	}
	return n;
}

/* ---- totals and their parts ---- */

/* "the sum of mono and color": four names of the table are shorter. */
#define SUM_NAME 120

#define COLORS(of)                                                                                 \
	METRIC_METER_##of##MONO, METRIC_METER_##of##COLOR, METRIC_METER_##of##SINGLE_COLOR,        \
		METRIC_METER_##of##TWO_COLOR

/*
 * What should add up, once the first parts are known: many printers do not tell one and two
 * colours apart.  Of functions there may be more than these: they are at most the total.
 */
static const struct sum {
	enum metric_id total;
	uint32_t nparts;
	enum metric_id parts[4];
	uint32_t needed;
	bool at_most;
} sums[] = {
	{ METRIC_METER_TOTAL, 4, { COLORS() }, 2, false },
	{ METRIC_METER_PRINT_TOTAL, 4, { COLORS(PRINT_) }, 2, false },
	{ METRIC_METER_COPY_TOTAL, 4, { COLORS(COPY_) }, 2, false },
	{ METRIC_METER_FAX_TOTAL, 4, { COLORS(FAX_) }, 2, false },
	{ METRIC_METER_SCAN_TOTAL, 4, { COLORS(SCAN_) }, 2, false },
	{ METRIC_METER_TOTAL, 3,
		{ METRIC_METER_PRINT_TOTAL, METRIC_METER_COPY_TOTAL, METRIC_METER_FAX_TOTAL }, 0,
		true },
};

/*
 * The sum of the parts that count in the total's unit, and a bit for each that does; < 0: a needed
 * one is not there.
 */
static int64_t
sum_up(const struct sum *s, const struct fact *facts, uint32_t n, const struct fact *total,
	uint32_t *of)
{
	int64_t sum = 0;

	*of = 0;
	for (uint32_t i = 0; i < s->nparts; i++) {
		const struct fact *f = fact_find(facts, n, s->parts[i]);
		bool counts = f != NULL && f->unit != NULL && total->unit != NULL &&
			strcmp(f->unit, total->unit) == 0 && f->number <= INT64_MAX - sum;

		if (!counts && (i < s->needed || (f != NULL && !s->at_most)))
			return -1;
		if (counts) {
			sum += f->number;
			*of |= 1u << i;
		}
	}
	return sum;
}

static void
sum_name(const struct sum *s, uint32_t of, char name[static SUM_NAME])
{
	size_t at = (size_t)snprintf(name, SUM_NAME, "the sum of");
	const char *comma = "";

	for (uint32_t i = 0; i < s->nparts; i++)
		if (of & 1u << i) {
			at += (size_t)snprintf(name + at, SUM_NAME - at, "%s %s", comma,
				metric_called(s->parts[i]) + strlen("meter."));
			comma = " and";
		}
}

/* Does anybody say that the total is this?  Then the numbers stand in the record, or in a note. */
static bool
anybody_says(const struct readings *r, const struct fact *total)
{
	for (uint32_t i = 0; i < r->norder; i++) {
		const struct fact *f = &r->said[r->order[i]].fact;

		if (f->number == total->number && fact_of_same(f, total))
			return true;
	}
	return false;
}

static void
check_sums(struct readings *r, const struct fact *facts, uint32_t n)
{
	char name[SUM_NAME];

	for (size_t i = 0; i < COUNT(sums); i++) {
		const struct fact *total = fact_find(facts, n, sums[i].total);
		struct fact sum;
		uint32_t of;

		if (total == NULL)
			continue;
		sum = *total;
		sum.via = name;
		sum.number = sum_up(&sums[i], facts, n, total, &of);
		if (sum.number < 0 || (sums[i].at_most && sum.number <= total->number) ||
			anybody_says(r, &sum))
			continue;
		sum_name(&sums[i], of, name);
		disagree(r, total, &sum);
	}
}

bool
readings_finish(struct readings *r, struct recorder *recorder, const struct printer *known,
	struct printer *now)
{
	struct fact *facts = pool_take(r->pool, (r->nsaid + 1) * sizeof(*facts));
	uint32_t n = merge(r, facts), nmeters;
	const struct fact *meters = facts_of(facts, n, METRIC_METERS, &nmeters);

	check_sums(r, meters, nmeters);
	return record_make(recorder,
		&(struct visited){
			.known = known,
			.facts = facts,
			.nfacts = n,
			.notes = r->notes,
			.nnotes = r->nnotes,
		},
		now);
}
