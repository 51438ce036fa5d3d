/* SPDX-License-Identifier: Apache-2.0 */
/*
 * standing.h - printers whose meters are kept as they were last read, each with a hash of them:
 * while they stand nothing has to be looked up or written.
 *
 * It holds no value, only what the spool has said once; an empty one costs lookups and nothing
 * else.
 */
#ifndef PLATEN_STANDING_H
#define PLATEN_STANDING_H

#include "spool.h"

/* Printers; when there are more, all begins anew. */
#define STANDING_MOST 20000

/* { 0 } is an empty one. */
struct standing {
	uint64_t seed; /* nobody can know what collides */
	uint32_t n, room; /* a power of two, or 0 */
	struct stand *list;
};

/* Are these meters kept just so, and need not be written again yet? */
bool standing_has(const struct standing *, const char *device, const struct spool_meter *,
	uint32_t n);
/* They are, until then (seconds since 1970). */
void standing_add(struct standing *, const char *device, const struct spool_meter *, uint32_t n,
	int64_t until);
/* Others come. */
void standing_drop(struct standing *, const char *device);
void standing_clear(struct standing *);

#endif
