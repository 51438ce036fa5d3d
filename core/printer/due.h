/* SPDX-License-Identifier: Apache-2.0 */
/*
 * due.h - who is due next, of any number: a heap of times, so that all of them
 * need one timer and a few bytes each.
 *
 * Knows no clock.
 */
#ifndef PLATEN_DUE_H
#define PLATEN_DUE_H

#include "base/base.h"

/* One who waits; lies in whoever it is. */
struct due {
	uint64_t at;
	uint32_t place; /* in the heap, from 1; 0: does not wait */
};

struct dues {
	struct due **heap; /* [1] is due first, and nobody sooner than the one at half its place */
	uint32_t n, room;
};

/* From now on it waits for that time. */
void due_set(struct dues *, struct due *, uint64_t at);
/* It waits no longer, if it did. */
void due_drop(struct dues *, struct due *);
/* NULL: nobody waits. */
struct due *due_first(const struct dues *);
void dues_free(struct dues *);

#endif
