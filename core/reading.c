/* SPDX-License-Identifier: Apache-2.0 */
/* reading.c - what the plugins read, merged; see reading.h. */
#include "reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One reading as it came. */
struct said {
	struct fact fact;
	enum knowledge knows;
	int32_t match;
	uint32_t order; /* of arrival */
};

struct readings {
	struct pool *pool;
	struct said *said;
	uint32_t nsaid, capacity;
	struct note *notes;
	uint32_t nnotes, notes_capacity;
};

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
	*capacity = *capacity ? *capacity * 2 : 32;
	bigger = pool_alloc(pool, *capacity * each);
	if (n > 0)
		memcpy(bigger, array, n * each);
	return bigger;
}

void
readings_add(struct readings *r, const char *via, int32_t match, const struct platen_reading *p)
{
	r->said = more(r->pool, r->said, r->nsaid, &r->capacity, sizeof(*r->said));
	r->said[r->nsaid] = (struct said){
		.fact = {
			.metric = pool_string(r->pool, p->metric),
			.part = pool_string(r->pool, p->part != NULL ? p->part : ""),
			.unit = pool_string(r->pool, p->unit),
			.text = pool_string(r->pool, p->text),
			.number = p->number,
			.full = p->full,
			.via = via,
		},
		.match = match,
		.order = r->nsaid,
	};
	r->nsaid++;
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

/* ---- who is believed ---- */

/* By metric, part and plugin; of one plugin the later word first. */
static int
by_plugin(const void *a, const void *b)
{
	const struct said *x = a, *y = b;
	int order = strcmp(x->fact.metric, y->fact.metric);

	if (order == 0)
		order = strverscmp(x->fact.part, y->fact.part);
	if (order == 0)
		order = strcmp(x->fact.via, y->fact.via);
	if (order == 0)
		order = (x->order < y->order) - (x->order > y->order);
	return order;
}

/* Who knows more, then who matches better. */
static bool
is_better(const struct said *a, const struct said *b)
{
	return a->knows != b->knows ? a->knows > b->knows : a->match > b->match;
}

/*
 * A plugin's later word replaces its earlier one, and of one thing the best word is first: few
 * plugins speak of it, so each finds its place among those before it.
 */
static void
rank(struct readings *r)
{
	struct said s, before;
	uint32_t kept = 0;

	if (r->nsaid > 0)
		qsort(r->said, r->nsaid, sizeof(*r->said), by_plugin);
	for (uint32_t i = 0; i < r->nsaid; i++, before = s) {
		uint32_t at = kept;

		s = r->said[i];
		if (i > 0 && fact_same_thing(&before.fact, &s.fact) &&
			strcmp(before.fact.via, s.fact.via) == 0)
			continue;
		s.knows = fact_knows(&s.fact);
		for (; at > 0 && fact_same_thing(&r->said[at - 1].fact, &s.fact) &&
			is_better(&s, &r->said[at - 1]);
			at--)
			r->said[at] = r->said[at - 1];
		r->said[at] = s;
		kept++;
	}
	r->nsaid = kept;
}

static void
disagree(struct readings *r, const struct fact *won, const struct fact *lost)
{
	struct buf text = { 0 };

	fact_differs_say(won, lost, &text);
	readings_note(r, "disagreement", "%s", (char *)text.p);
	buf_free(&text);
}

/* The winners, and notes of who says otherwise. */
static uint32_t
merge(struct readings *r, struct fact *facts)
{
	uint32_t n = 0;

	rank(r);
	for (uint32_t i = 0; i < r->nsaid; i++) {
		const struct fact *f = &r->said[i].fact;
		struct fact *won = n > 0 ? &facts[n - 1] : NULL;

		if (won == NULL || !fact_same_thing(won, f))
			facts[n++] = *f;
		else if (!fact_agrees(won, f))
			disagree(r, won, f);
		else if (fact_names_unit(f, won))
			*won = *f;
	}
	return n;
}

/* ---- totals and their parts ---- */

/* "the sum of mono and color": four names of the table are shorter. */
#define SUM_NAME 120

#define COLORS(of) of "mono", of "color", of "single-color", of "two-color"

/*
 * What should add up, once the first parts are known: many printers do not tell one and two
 * colours apart.  Of functions there may be more than these: they are at most the total.
 */
static const struct sum {
	const char *total, *parts[4];
	size_t needed;
	bool at_most;
} sums[] = {
	{ "meter.total", { COLORS("meter.") }, 2, false },
	{ "meter.print.total", { COLORS("meter.print.") }, 2, false },
	{ "meter.copy.total", { COLORS("meter.copy.") }, 2, false },
	{ "meter.fax.total", { COLORS("meter.fax.") }, 2, false },
	{ "meter.scan.total", { COLORS("meter.scan.") }, 2, false },
	{ "meter.total", { "meter.print.total", "meter.copy.total", "meter.fax.total" }, 0, true },
};

static const struct fact *
find(const struct fact *facts, uint32_t n, const char *metric)
{
	for (uint32_t i = 0; i < n; i++)
		if (strcmp(facts[i].metric, metric) == 0 && facts[i].part[0] == 0)
			return &facts[i];
	return NULL;
}

/* The sum of the parts that count in the total's unit; number < 0: a needed one is not there. */
static struct fact
sum_up(const struct sum *s, const struct fact *facts, uint32_t n, const struct fact *total,
	char name[static SUM_NAME])
{
	struct fact sum = { .metric = s->total, .part = "", .unit = total->unit, .via = name };
	size_t at = (size_t)snprintf(name, SUM_NAME, "the sum of");
	const char *comma = "";

	for (size_t i = 0; i < COUNT(s->parts) && s->parts[i] != NULL; i++) {
		const struct fact *f = find(facts, n, s->parts[i]);
		bool counts = f != NULL && f->unit != NULL && total->unit != NULL &&
			strcmp(f->unit, total->unit) == 0 && f->number <= INT64_MAX - sum.number;

		if (!counts && (i < s->needed || (f != NULL && !s->at_most))) {
			sum.number = -1;
			return sum;
		}
		if (!counts)
			continue;
		sum.number += f->number;
		at += (size_t)snprintf(name + at, SUM_NAME - at, "%s %s", comma,
			s->parts[i] + strlen("meter."));
		comma = " and";
	}
	return sum;
}

/* Does anybody say that the total is this?  Then the numbers stand in the record, or in a note. */
static bool
anybody_says(const struct readings *r, const struct fact *total)
{
	for (uint32_t i = 0; i < r->nsaid; i++)
		if (fact_same_thing(&r->said[i].fact, total) &&
			r->said[i].fact.number == total->number)
			return true;
	return false;
}

static void
check_sums(struct readings *r, const struct fact *facts, uint32_t n)
{
	char name[SUM_NAME];

	for (size_t i = 0; i < COUNT(sums); i++) {
		const struct fact *total = find(facts, n, sums[i].total);
		struct fact sum;

		if (total == NULL)
			continue;
		sum = sum_up(&sums[i], facts, n, total, name);
		if (sum.number < 0 || (sums[i].at_most && sum.number <= total->number) ||
			anybody_says(r, &sum))
			continue;
		disagree(r, total, &sum);
	}
}

bool
readings_finish(struct readings *r, struct recorder *recorder, const struct printer *known,
	struct printer *now)
{
	struct fact *facts = pool_alloc(r->pool, (r->nsaid + 1) * sizeof(*facts));
	uint32_t n = merge(r, facts);

	check_sums(r, facts, n);
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
