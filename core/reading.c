/* SPDX-License-Identifier: Apache-2.0 */
/* reading.c - what the plugins read, merged; see reading.h. */
#include "reading.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One reading as it came. */
struct said {
	struct fact fact;
	int32_t match;
};

/*
 * What orders readings: as numbers, so that texts are compared only where these say nothing.
 * Sorted are these, not the readings.
 */
struct key {
	uint64_t name[2]; /* the metric's first bytes */
	uint32_t part; /* its number and 1; 0: none */
	uint32_t said; /* which reading, in order of arrival */
};

/* A part that is no number, or one no key holds. */
#define PART_IS_WORD UINT32_MAX

struct readings {
	struct pool *pool;
	struct said *said;
	struct key *keys; /* when it is finished: of those that were not taken back */
	uint32_t nsaid, capacity, nkeys;
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
	*capacity = *capacity ? *capacity * 2 : 48;
	bigger = pool_alloc(pool, *capacity * each);
	if (n > 0)
		memcpy(bigger, array, n * each);
	return bigger;
}

/* A text of n bytes into a block that is all zero, and the NUL behind it. */
static char *
put_text(char **at, const char *s, size_t n)
{
	char *to = *at;

	if (s == NULL)
		return NULL;
	memcpy(to, s, n);
	*at += n + 1;
	return to;
}

static size_t
length_of(const char *s)
{
	return s != NULL ? strlen(s) : 0;
}

void
readings_add(struct readings *r, const char *via, int32_t match, const struct platen_reading *p)
{
	const char *part = p->part != NULL ? p->part : "";
	size_t metric_n = strlen(p->metric), part_n = strlen(part), unit_n = length_of(p->unit),
	       text_n = length_of(p->text);
	char *at = pool_alloc(r->pool, metric_n + part_n + unit_n + text_n + 4);
	struct said *s;

	r->said = more(r->pool, r->said, r->nsaid, &r->capacity, sizeof(*r->said));
	s = &r->said[r->nsaid++];
	s->fact.metric = put_text(&at, p->metric, metric_n);
	s->fact.part = put_text(&at, part, part_n);
	s->fact.unit = put_text(&at, p->unit, unit_n);
	s->fact.text = put_text(&at, p->text, text_n);
	s->fact.number = p->number;
	s->fact.full = p->full;
	s->fact.via = via;
	s->match = match;
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

static uint32_t
part_number(const char *part)
{
	uint32_t n = 0, digits = 0;

	if (part[0] == 0)
		return 0;
	for (; part[digits] >= '0' && part[digits] <= '9' && digits < 9; digits++)
		n = n * 10 + (uint32_t)(part[digits] - '0');
	return part[digits] == 0 && (part[0] != '0' || digits == 1) ? n + 1 : PART_IS_WORD;
}

static struct key
key_of(const struct fact *f, uint32_t said)
{
	struct key key = { .part = part_number(f->part), .said = said };
	char head[sizeof(key.name)] = { 0 };

	memcpy(head, f->metric, strnlen(f->metric, sizeof(head)));
	memcpy(key.name, head, sizeof(head));
	key.name[0] = be64toh(key.name[0]);
	key.name[1] = be64toh(key.name[1]);
	return key;
}

/* By metric and part, as fact_order has it; 0: the same thing. */
static int
thing_order(const struct key *x, const struct key *y, const struct said *said)
{
	if (x->name[0] != y->name[0])
		return x->name[0] < y->name[0] ? -1 : 1;
	if (x->name[1] != y->name[1])
		return x->name[1] < y->name[1] ? -1 : 1;
	/* Beyond what the key holds, or a part that it does not. */
	if ((x->name[1] & 0xFF) != 0 || x->part == PART_IS_WORD || y->part == PART_IS_WORD)
		return fact_order(&said[x->said].fact, &said[y->said].fact);
	return (x->part > y->part) - (x->part < y->part);
}

/* Of one thing the earlier word first. */
static int
key_order(const void *a, const void *b, void *said)
{
	const struct key *x = a, *y = b;
	int order = thing_order(x, y, said);

	return order != 0 ? order : (x->said > y->said) - (x->said < y->said);
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
 * A plugin's later word replaces its earlier one, and of one thing the best word is first: few
 * plugins speak of it, so each finds its place among those before it.
 */
static void
rank(struct readings *r)
{
	const struct said *said = r->said;
	uint32_t kept = 0, first = 0, at;

	r->keys = pool_alloc(r->pool, (r->nsaid + 1) * sizeof(*r->keys));
	for (uint32_t i = 0; i < r->nsaid; i++)
		r->keys[i] = key_of(&said[i].fact, i);
	qsort_r(r->keys, r->nsaid, sizeof(*r->keys), key_order, r->said);
	for (uint32_t i = 0; i < r->nsaid; i++) {
		struct key key = r->keys[i];
		const struct said *s = &said[key.said];

		if (kept > 0 && thing_order(&r->keys[kept - 1], &key, said) != 0)
			first = kept;
		for (at = first; at < kept; at++)
			if (strcmp(said[r->keys[at].said].fact.via, s->fact.via) == 0)
				break;
		if (at < kept) /* its earlier word */
			memmove(&r->keys[at], &r->keys[at + 1], (--kept - at) * sizeof(key));
		for (at = kept++; at > first && is_better(s, &said[r->keys[at - 1].said]); at--)
			r->keys[at] = r->keys[at - 1];
		r->keys[at] = key;
	}
	r->nkeys = kept;
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
	for (uint32_t i = 0; i < r->nkeys; i++) {
		const struct fact *f = &r->said[r->keys[i].said].fact;
		struct fact *won = n > 0 ? &facts[n - 1] : NULL;

		if (won == NULL || thing_order(&r->keys[i - 1], &r->keys[i], r->said) != 0)
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

/* The sum of the parts that count in the total's unit; number < 0: a needed one is not there. */
static struct fact
sum_up(const struct sum *s, const struct fact *facts, uint32_t n, const struct fact *total,
	char name[static SUM_NAME])
{
	struct fact sum = { .metric = s->total, .part = "", .unit = total->unit, .via = name };
	size_t at = (size_t)snprintf(name, SUM_NAME, "the sum of");
	const char *comma = "";

	for (size_t i = 0; i < COUNT(s->parts) && s->parts[i] != NULL; i++) {
		const struct fact *f = fact_find(facts, n, s->parts[i], "");
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
	for (uint32_t i = 0; i < r->nkeys; i++) {
		const struct fact *f = &r->said[r->keys[i].said].fact;

		if (fact_order(f, total) == 0 && f->number == total->number)
			return true;
	}
	return false;
}

static void
check_sums(struct readings *r, const struct fact *facts, uint32_t n)
{
	char name[SUM_NAME];

	for (size_t i = 0; i < COUNT(sums); i++) {
		const struct fact *total = fact_find(facts, n, sums[i].total, "");
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
	uint32_t n = merge(r, facts), nmeters;
	const struct fact *meters = facts_below(facts, n, "meter.", &nmeters);

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
