/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pace.h - so many packets a second and never one more, in whatever second one
 * looks at; evenly spread, and as many as were promised.
 *
 * Knows the clock it is told, not the packets.
 */
#ifndef PLATEN_PACE_H
#define PLATEN_PACE_H

#include "base/base.h"

#define PACE_SECOND UINT64_C(1000000) /* of its clock: microseconds */
#define PACE_MARKS 1024

struct pace {
	uint64_t rate; /* a second; at least 1 */
	uint64_t began; /* when number 0 was due */
	uint64_t sent; /* since then */
	struct {
		uint64_t at;
		uint64_t n;
	} marks[PACE_MARKS]; /* of the last second */
	uint32_t first, nmarks;
	uint64_t recent; /* the sum of the marks */
};

void pace_begin(struct pace *, uint32_t rate, uint64_t now);
/* How many may go now. */
uint64_t pace_may(struct pace *, uint64_t now);
/* So many have gone, the last of them before now. */
void pace_went(struct pace *, uint64_t now, uint64_t n);
/* Microseconds until the next may go. */
uint64_t pace_wait(const struct pace *, uint64_t now);

#endif
