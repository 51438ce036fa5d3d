/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seen.h - which numbers of an agent were here: runs of numbers, so that "all up
 * to now" costs one of them, for ever.
 *
 * Knows neither records nor files.
 */
#ifndef PLATEN_SEEN_H
#define PLATEN_SEEN_H

#include "base/base.h"

struct run {
	uint64_t first, last;
	bool dirty; /* not on the disk as it is */
};

/* In order, with at least one number missing between two of them. */
struct seen {
	uint32_t n, room;
	struct run *runs;
};

bool seen_has(const struct seen *, uint64_t number);
/* Would there be no more than `most` runs with it? */
bool seen_fits(const struct seen *, uint64_t number, uint32_t most);
void seen_add(struct seen *, uint64_t number);
/* Numbers missing between the first and the last one. */
uint64_t seen_missing(const struct seen *);
void seen_free(struct seen *);

#endif
