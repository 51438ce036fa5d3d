/* SPDX-License-Identifier: Apache-2.0 */
/* fact.c - how much a fact tells, and whether two tell the same; see fact.h. */
#include "printer/fact.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool
is_level(const struct fact *f)
{
	const struct metric *m = metric_of(f->id);

	return m != NULL && m->kind == METRIC_LEVEL;
}

/* A unit that says nothing of what is counted. */
static bool
is_vague(const char *unit)
{
	return unit == NULL || strcmp(unit, "unknown") == 0 || strcmp(unit, "other") == 0;
}

static bool
same_unit(const struct fact *a, const struct fact *b)
{
	return a->unit == b->unit ||
		strcmp(a->unit != NULL ? a->unit : "", b->unit != NULL ? b->unit : "") == 0;
}

int64_t
fact_percent(const struct fact *level)
{
	int64_t percent;

	if (level == NULL || level->number < 0)
		return -1;
	if (level->unit != NULL && strcmp(level->unit, "percent") == 0)
		percent = level->number;
	else if (level->full <= 0 || level->number > INT64_MAX / 100)
		return -1;
	else
		percent = level->number * 100 / level->full;
	return percent > 100 ? 100 : percent;
}

static enum knowledge
text_knows(const char *text)
{
	if (text[0] == 0 || strcmp(text, "unknown") == 0 || strcmp(text, "other") == 0)
		return KNOWS_NOTHING;
	return strcmp(text, "some") == 0 ? KNOWS_SOME : KNOWS;
}

enum knowledge
fact_knows(const struct fact *f)
{
	if (f->text != NULL)
		return text_knows(f->text);
	switch (f->number) {
	case PLATEN_NONE:
	case PLATEN_UNKNOWN:
		return KNOWS_NOTHING;
	case PLATEN_SOME:
	case PLATEN_UNLIMITED:
		return KNOWS_SOME;
	default:
		return is_level(f) && fact_percent(f) < 0 ? KNOWS_NUMBER : KNOWS;
	}
}

/* ---- where they are ---- */

uint32_t
fact_place(const char *part)
{
	uint32_t n = 0, digits = 0;

	if (part[0] == 0)
		return 0;
	for (; part[digits] >= '0' && part[digits] <= '9' && digits < 9; digits++)
		n = n * 10 + (uint32_t)(part[digits] - '0');
	return part[digits] == 0 && (part[0] != '0' || digits == 1) ? n + 1 : PLACE_OF_WORD;
}

int
fact_part_order(const struct fact *a, const struct fact *b)
{
	if (a->place == PLACE_OF_WORD || b->place == PLACE_OF_WORD)
		return strverscmp(a->part, b->part);
	return (a->place > b->place) - (a->place < b->place);
}

int
fact_order(const struct fact *a, const struct fact *b)
{
	int order = (a->id > b->id) - (a->id < b->id);

	/* Of many sizes of paper there is one number. */
	if (order == 0 && a->id == METRIC_METER_SIZE)
		order = strcmp(a->metric, b->metric);
	return order != 0 ? order : fact_part_order(a, b);
}

/* The first of metric id, or behind where it would be. */
static uint32_t
first_of(const struct fact *facts, uint32_t n, uint32_t id)
{
	uint32_t first = 0, end = n;

	while (first < end) {
		uint32_t middle = first + (end - first) / 2;

		if (facts[middle].id < id)
			first = middle + 1;
		else
			end = middle;
	}
	return first;
}

const struct fact *
fact_find(const struct fact *facts, uint32_t n, enum metric_id id)
{
	uint32_t at = first_of(facts, n, id);

	return at < n && facts[at].id == id && facts[at].place == 0 ? &facts[at] : NULL;
}

const struct fact *
facts_of(const struct fact *facts, uint32_t n, enum metric_id first, enum metric_id last,
	uint32_t *found)
{
	uint32_t at = first_of(facts, n, first);

	*found = first_of(facts, n, last + 1) - at;
	return facts + at;
}

/* ---- do they agree? ---- */

/* Levels in different units agree when they are the same percentage, rounded either way. */
static bool
levels_agree(const struct fact *a, const struct fact *b)
{
	int64_t pa = fact_percent(a), pb = fact_percent(b);

	if (same_unit(a, b) || pa < 0 || pb < 0)
		return a->number == b->number && same_unit(a, b) &&
			(a->full == b->full || a->full < 0 || b->full < 0);
	return llabs(pa - pb) <= 1;
}

bool
fact_agrees(const struct fact *won, const struct fact *lost)
{
	switch (fact_knows(lost)) {
	case KNOWS_NOTHING:
		return true; /* who does not know contradicts nobody */
	case KNOWS_SOME:
		if (won->text != NULL)
			return strcmp(won->text, "empty") != 0 && strcmp(won->text, "missing") != 0;
		return won->number == lost->number ||
			(lost->number == PLATEN_SOME && won->number > 0);
	case KNOWS_NUMBER:
	case KNOWS:
		break;
	}
	if (won->id == METRIC_STATUS_STATE)
		return true; /* of a moment: one asked before the printer fell asleep, one after */
	if (won->text != NULL || lost->text != NULL)
		return won->text != NULL && lost->text != NULL &&
			strcasecmp(won->text, lost->text) == 0;
	if (is_level(won) || is_level(lost))
		return levels_agree(won, lost);
	return won->number == lost->number &&
		(same_unit(won, lost) || is_vague(won->unit) || is_vague(lost->unit));
}

bool
fact_names_unit(const struct fact *f, const struct fact *other)
{
	return f->number == other->number && !is_vague(f->unit) && is_vague(other->unit);
}

/* ---- saying so ---- */

static void
say(struct buf *out, const char *a, const char *b, const char *c)
{
	buf_text(out, a);
	buf_text(out, b);
	buf_text(out, c);
}

/* "76064 impressions", "4200 of 10000 sheets", "some"; without its unit where that is known. */
static void
value_say(const struct fact *f, bool unit, struct buf *out)
{
	static const struct {
		int64_t number;
		const char *word;
	} specials[] = {
		{ PLATEN_UNKNOWN, "unknown" },
		{ PLATEN_SOME, "some" },
		{ PLATEN_UNLIMITED, "unlimited" },
	};
	char text[71];

	if (f->text != NULL) {
		text_copy(text, sizeof(text), f->text);
		say(out, "\"", text, "\"");
		return;
	}
	for (size_t i = 0; i < COUNT(specials); i++)
		if (f->number == specials[i].number) {
			buf_text(out, specials[i].word);
			return;
		}
	buf_number(out, f->number);
	if (is_level(f) && f->full > 0 && (f->unit == NULL || strcmp(f->unit, "percent") != 0)) {
		buf_text(out, " of ");
		buf_number(out, f->full);
	}
	if (unit && f->unit != NULL)
		say(out, " ", f->unit, "");
}

/* ", 434 (0.6 %) more": of numbers that count the same. */
static void
distance_say(const struct fact *won, const struct fact *lost, struct buf *out)
{
	int64_t by = lost->number - won->number;

	if (won->text != NULL || is_level(won) || !same_unit(won, lost) || by == 0)
		return;
	buf_text(out, ", ");
	buf_number(out, llabs(by));
	if (won->number > 0)
		buf_format(out, " (%.1f %%)", (double)llabs(by) * 100 / (double)won->number);
	buf_text(out, by > 0 ? " more" : " less");
}

void
fact_differs_say(const struct fact *won, const struct fact *lost, struct buf *out)
{
	const char *metric = won->metric;

	if (strncmp(metric, "meter.", 6) == 0)
		metric += 6; /* as the record calls it */
	say(out, metric, won->part[0] ? " " : "", won->part);
	say(out, ": ", won->via, " says ");
	value_say(won, true, out);
	say(out, ", ", lost->via, " says ");
	value_say(lost, !same_unit(won, lost), out);
	distance_say(won, lost, out);
}
