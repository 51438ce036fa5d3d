/* SPDX-License-Identifier: Apache-2.0 */
/*
 * metrics.h - every metric a plugin may report: one table, which sdk/METRICS
 * explains to people (a test keeps the two equal).
 *
 * Knows the form of a reading, not its meaning: whether 17 is plausible is not
 * decided here.
 */
#ifndef PLATEN_METRICS_H
#define PLATEN_METRICS_H

#include "base/base.h"

#include <platen/plugin.h>

/* Bytes of a reading's part. */
#define MAX_PART 63

enum metric_kind {
	METRIC_TEXT, /* told by text */
	METRIC_NUMBER, /* told by a number of at least 0 */
	METRIC_LEVEL /* number out of full; both may be UNKNOWN, SOME or UNLIMITED */
};

enum metric_part {
	PART_NONE, /* it is about the printer as a whole */
	PART_OPTIONAL, /* the printer as a whole, or one part of it */
	PART_REQUIRED /* nothing without a part */
};

struct metric {
	/* Its name; "meter.print.*" stands for many, ends says what '*' may be. */
	const char *name;
	enum metric_kind kind;
	enum metric_part part;
	const char *ends; /* words for '*'; NULL: a PWG media size name (PWG 5101.1) */
	const char *words; /* what the text may be; NULL: anything */
	const char *units; /* which units it may have, one of them always; NULL: none */
};

extern const struct metric metrics[];
extern const size_t metrics_count;

/* The metric called so, or NULL. */
const struct metric *metric_find(const char *name);

/*
 * Is this reading one that sdk/METRICS allows?  Texts are UTF-8 without control
 * characters, at most PLATEN_MAX_TEXT bytes.
 */
bool metric_check(const struct platen_reading *, struct why *);
/* ... by who has found its metric; NULL: it has none. */
bool metric_allows(const struct metric *, const struct platen_reading *, struct why *);

#endif
