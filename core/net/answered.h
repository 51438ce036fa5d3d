/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answered.h - the numbers of the addresses that have answered a sweep; those
 * that are silent cost nothing.
 */
#ifndef PLATEN_ANSWERED_H
#define PLATEN_ANSWERED_H

#include "base/base.h"

/* { 0 } is an empty one. */
struct answered {
	uint32_t *slots; /* number + 1; 0: free */
	uint32_t n, cap; /* cap is a power of two */
};

bool answered_has(const struct answered *, uint32_t number);
void answered_add(struct answered *, uint32_t number); /* that is not in it */
void answered_free(struct answered *);

#endif
