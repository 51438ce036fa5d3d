/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fact.h - one fact about a printer: how much it tells, and whether two of them
 * tell the same.
 *
 * Knows metrics in general and no maker; who is believed is reading.c's.
 */
#ifndef PLATEN_FACT_H
#define PLATEN_FACT_H

#include "metrics.h"

/* One reading that has won its (metric, part). Sorted by metric and part. */
struct fact {
	const char *metric, *part; /* part "" : the printer itself */
	const char *unit, *text; /* NULL: none */
	int64_t number, full;
	const char *via; /* the plugin it is from */
	enum metric_id id; /* of the metric */
	uint32_t place; /* of the part: fact_place() */
	uint32_t length; /* of the text */
	bool plain; /* ... which needs no look more to be put into JSON: text_plain() */
};

/* A part that is no number. */
#define PLACE_OF_WORD UINT32_MAX

/* How much a fact tells.  Who knows more is believed, however well he knows the printer. */
enum knowledge {
	KNOWS_NOTHING, /* "unknown", "other" */
	KNOWS_SOME, /* there is some left, or no limit */
	KNOWS_NUMBER, /* a level, but not out of what */
	KNOWS
};

enum knowledge fact_knows(const struct fact *);

/* Where a part stands among others: its number and 1, 0 of the printer itself, or a word's. */
uint32_t fact_place(const char *part);

/* By part; by metric, then by part; 0: the same thing. */
int fact_part_order(const struct fact *, const struct fact *);
int fact_order(const struct fact *, const struct fact *);

/* Are they of the same thing?  Most are told apart by their numbers. */
static inline bool
fact_of_same(const struct fact *a, const struct fact *b)
{
	return a->id == b->id && a->place == b->place &&
		((a->id != METRIC_METER_SIZE && a->place != PLACE_OF_WORD) ||
			fact_order(a, b) == 0);
}

/* Of sorted facts: that of the printer itself, or NULL; all of metrics first to last. */
const struct fact *fact_find(const struct fact *, uint32_t n, enum metric_id);
const struct fact *facts_of(const struct fact *, uint32_t n, enum metric_id first,
	enum metric_id last, uint32_t *found);

/* What is left, 0..100, or -1: not known. */
int64_t fact_percent(const struct fact *level);

/* Is nothing that lost says against won? */
bool fact_agrees(const struct fact *won, const struct fact *lost);

/* Of two that agree: is this the unit of a number whose unit the other does not know? */
bool fact_names_unit(const struct fact *, const struct fact *other);

/* "total: kyocera says 76064 impressions, printer-mib says 76498, 434 (0.6 %) more" */
void fact_differs_say(const struct fact *won, const struct fact *lost, struct buf *out);

#endif
