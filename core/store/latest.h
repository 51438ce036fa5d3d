/* SPDX-License-Identifier: Apache-2.0 */
/*
 * latest.h - the newest values of a printer's meters, as spool.db keeps them: one text a printer.
 *
 * A line "@TIME SEQ" is followed by the meters that are of that record, each a line of value,
 * name, unit and plugin with tabs between them.  Meters that a later record does not have stay
 * with the record that had them last.
 */
#ifndef PLATEN_LATEST_H
#define PLATEN_LATEST_H

#include "spool.h"

/* One line of it; the texts are borrowed from it, and end at a tab or the line's end. */
struct latest {
	int64_t value, time; /* seconds since 1970 */
	uint64_t seq;
	const char *name, *unit, *via;
	size_t name_n, unit_n, via_n;
};

/* Start with *at = the text and a zeroed one; false: no more, or what is at *at makes no sense. */
bool latest_next(const char **at, struct latest *);

/* A value that does not change is written again when it was for so many seconds. */
#define LATEST_STANDS 86400

/* Do all of these stand? */
bool latest_stands(const struct spool_meter *, uint32_t n);
/* They do. */
void latest_let_stand(struct spool_meter *, uint32_t n);

/*
 * Say of each of these meters what is kept of it; see spool_latest.  Returns until when (seconds
 * since 1970) all of them stand, 0: one does not.
 */
int64_t latest_compare(const char *text, struct spool_meter *, uint32_t n);

/* What is to be kept after this record, whose meters are all newer than those of the text. */
void latest_merge(const char *text, const struct spool_record *, struct buf *out);

#endif
