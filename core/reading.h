/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reading.h - answers: what the plugins read in one visit, merged per (metric, part).
 *
 * Who knows more wins (a level beats "some", that beats "unknown"), then the
 * plugin that knows the printer better, unless it yields.  Where another one says
 * something different, or parts do not add up to their total, a note shows it.
 * Nothing is silently picked, nothing is put right.
 */
#ifndef PLATEN_READING_H
#define PLATEN_READING_H

#include "record.h"

struct readings;

struct readings *readings_new(struct pool *);

/* As match: the plugin gives way in this metric to whoever else reads it. */
#define YIELDS 0

/*
 * Take one reading of plugin via, which matched the printer with match.  Copied but for its unit,
 * which is a word of the table of metrics.
 */
void readings_add(struct readings *, const char *via, int32_t match, const struct emitted *);

/* Forget what a plugin read: it died half-way. */
void readings_drop(struct readings *, const char *via);

void readings_note(struct readings *, const char *kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

uint32_t readings_count(const struct readings *);

/* Is something missing, and the serial number too?  Then it may be called otherwise next time. */
bool readings_doubtful(const struct readings *);

/* Merge, and make the record; see record_make. */
bool readings_finish(struct readings *, struct recorder *, const struct printer *known,
	struct printer *now);

#endif
