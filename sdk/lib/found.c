/* SPDX-License-Identifier: Apache-2.0 */
/*
 * found.c - what the rows of a table told, until the last answer is there; see found.h.
 *
 * Only then is it known which row counts, what is told twice, what adds up, and which supply
 * it is of.  Knows nothing of questions.
 */
#include "found.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECES (sizeof(((struct platen_sum *)0)->parts) / sizeof(char *))

const char *
platen_found_keep(const struct finds *s, const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = s->host->alloc(s->visit, n);

	return copy != NULL ? memcpy(copy, text, n) : NULL;
}

void
platen_found_say(const struct platen_host *host, int32_t level, const char *metric,
	const char *what)
{
	char line[200];

	snprintf(line, sizeof(line), "%s: %s; not reported", metric, what);
	host->log(host, level, line);
}

static bool
found_differs(const struct found *a, const struct found *b)
{
	if (a->text != NULL && b->text != NULL)
		return strcmp(a->text, b->text) != 0;
	return a->number != b->number || a->full != b->full || a->text != b->text;
}

static struct found *
found_find(const struct finds *s, const char *metric, const char *part)
{
	for (struct found *f = s->found; f != NULL; f = f->next)
		if (strcmp(f->metric, metric) == 0 && strcmp(f->part, part) == 0)
			return f;
	return NULL;
}

/* Take the contents over, in memory of the visit. */
static void
found_set(const struct finds *s, struct found *f, const struct found *given)
{
	struct found *next = f->next;

	*f = *given;
	f->next = next;
	f->part = platen_found_keep(s, given->part);
	f->text = given->text != NULL ? platen_found_keep(s, given->text) : NULL;
	f->from = given->from != NULL ? platen_found_keep(s, given->from) : NULL;
	if (f->part == NULL || (given->text != NULL && f->text == NULL)) {
		f->part = "";
		f->doubtful = true; /* no memory left: the agent has told so */
	}
}

void
platen_found_add(struct finds *s, const struct found *given)
{
	struct found *f = found_find(s, given->metric, given->part);

	if (f != NULL && f->rank < given->rank)
		return;
	if (f != NULL && f->rank == given->rank && given->piece) {
		f->doubtful = f->doubtful || given->doubtful ||
			f->number > INT64_MAX - 1 - given->number;
		f->number += f->doubtful ? 0 : given->number;
		return;
	}
	if (f != NULL && f->rank == given->rank) {
		f->doubtful = f->doubtful || found_differs(f, given);
		return;
	}
	if (f == NULL) {
		if (s->nfound == PLATEN_MAX_READINGS ||
			(f = s->host->alloc(s->visit, sizeof(*f))) == NULL)
			return;
		s->nfound++;
		*s->end = f;
		s->end = &f->next;
	}
	found_set(s, f, given);
}

/* ---- the report ---- */

/* Take the parts from the total; false: they are not what it is made of. */
static bool
sum_holds(const struct finds *s, const struct platen_sum *sum, bool check)
{
	const struct found *total = found_find(s, sum->total, ""), *f;
	int64_t left = total != NULL && !total->doubtful ? total->number : -1;

	for (size_t i = 0; i < PIECES && sum->parts[i] != NULL; i++) {
		f = found_find(s, sum->parts[i], "");
		if (f == NULL && check)
			continue;
		if (f == NULL || f->doubtful || f->number < 0 || f->number > left)
			return false;
		left -= f->number;
	}
	return left == 0;
}

static void
sum_judge(const struct finds *s, const char *metric, bool holds)
{
	struct found *f = found_find(s, metric, "");

	if (f == NULL || f->sure)
		return;
	f->confirmed = f->confirmed || holds;
	f->doubtful = f->doubtful || !holds;
}

/* Does the next sum ask whether the same parts make another total? */
static bool
sum_goes_on(const struct platen_sum *sum)
{
	const struct platen_sum *next = sum + 1;

	for (size_t i = 0; i < PIECES; i++)
		if (next->total == NULL || (sum->parts[i] == NULL) != (next->parts[i] == NULL) ||
			(sum->parts[i] != NULL && strcmp(sum->parts[i], next->parts[i]) != 0))
			return false;
	return true;
}

static void
sums_check(const struct finds *s, const struct platen_sum *sum, bool check)
{
	for (; sum != NULL && sum->total != NULL; sum++) {
		bool holds = sum_holds(s, sum, check);

		for (; check && sum_goes_on(sum); sum++)
			holds = sum_holds(s, sum + 1, check) || holds;
		if (!check)
			sum_judge(s, sum->total, holds);
		for (size_t i = 0; i < PIECES && sum->parts[i] != NULL; i++)
			sum_judge(s, sum->parts[i], holds);
	}
}

/* Put a meter together of its pieces; false: there are none, or they do not go together. */
static bool
add_pieces(const struct finds *s, const struct platen_add *add, struct found *out,
	char from[static PLATEN_MAX_TEXT + 1])
{
	size_t at = 0;

	for (size_t i = 0; i < PIECES && add->pieces[i] != NULL; i++) {
		const struct found *f = found_find(s, add->pieces[i], "");

		if (f == NULL)
			continue;
		if (f->doubtful || f->number < 0 || f->number > INT64_MAX - out->number ||
			(out->unit != NULL && f->unit != NULL && strcmp(out->unit, f->unit) != 0))
			return false;
		out->number += f->number;
		out->unit = f->unit;
		at += (size_t)snprintf(from + at, PLATEN_MAX_TEXT - at, "%s%s",
			out->added ? " + " : "", f->from != NULL ? f->from : f->metric);
		at = at < PLATEN_MAX_TEXT ? at : PLATEN_MAX_TEXT - 1;
		out->from = from;
		out->added = true;
	}
	return out->added;
}

static void
adds_make(struct finds *s)
{
	for (const struct platen_add *add = s->table->adds; add && add->metric; add++) {
		struct found f = { .metric = add->metric, .part = "", .full = PLATEN_NONE };
		char from[PLATEN_MAX_TEXT + 1];

		if (found_find(s, add->metric, "") == NULL && add_pieces(s, add, &f, from))
			platen_found_add(s, &f);
	}
}

static uint32_t
place_of(const struct found *f)
{
	return (uint32_t)strtoul(f->part + 1, NULL, 10);
}

/* A maker that counts more supplies than there are counts others: which, nobody knows. */
static bool
places_fit(const struct finds *s)
{
	for (const struct found *f = s->found; f != NULL; f = f->next)
		if (f->part[0] == PLACED && platen_supplies_placed(s->supplies, place_of(f)) == 0)
			return false;
	return true;
}

/* The part as it is reported, NULL for the printer itself; false: nobody knows which supply. */
static bool
found_part(const struct finds *s, const struct found *f, char number[static 12], const char **part)
{
	uint32_t n;

	*part = f->part[0] != '\0' ? f->part : NULL;
	if (f->part[0] == '\0' || f->part[0] > ONLY_TONER)
		return true;
	if (s->supplies == NULL)
		return false;
	if (f->part[0] == DESCRIBED)
		n = platen_supplies_described(s->supplies, f->part + 1);
	else if (f->part[0] == ONLY_TONER)
		n = platen_supplies_toner(s->supplies);
	else
		n = places_fit(s) ? platen_supplies_placed(s->supplies, place_of(f)) : 0;
	snprintf(number, 12, "%" PRIu32, n);
	*part = number;
	return n > 0;
}

static void
found_report(const struct finds *s, const struct found *f)
{
	char number[12];
	struct platen_reading reading = {
		.size = sizeof(reading),
		.metric = f->metric,
		.unit = f->unit,
		.number = f->number,
		.full = f->full,
		.text = f->text,
		.from = f->from,
	};

	if (f->metric[0] == '.')
		return;
	if (f->doubtful || (f->added && !f->confirmed))
		platen_found_say(s->host, PLATEN_DEBUG, f->metric,
			"it is told twice, or does not add up");
	else if (!found_part(s, f, number, &reading.part))
		platen_found_say(s->host, PLATEN_DEBUG, f->metric,
			"no supply of the Printer-MIB is this one");
	else
		s->host->emit(s->visit, &reading);
}

void
platen_found_report(struct finds *s)
{
	adds_make(s);
	sums_check(s, s->table->sums, false);
	sums_check(s, s->table->checks, true);
	for (const struct found *f = s->found; f != NULL; f = f->next)
		found_report(s, f);
}
