/* SPDX-License-Identifier: Apache-2.0 */
/*
 * matches.h - what scrapers make of a kind of printer, remembered for as long as
 * this process runs: how well each knows it, and the plan of what they ask of it.
 *
 * match() asks nothing, so the same printer need not be shown to it again, and the
 * hosts of plugins that know none of them can sleep.
 */
#ifndef PLATEN_MATCHES_H
#define PLATEN_MATCHES_H

#include "printer/plan.h"

/* Kinds at most; then all are shown anew. */
#define MATCHES_MOST 65536

struct matches;

/* So many scrapers. */
struct matches *matches_new(uint32_t scrapers);
/* The kind of a printer: all that match() looks at, and not which one of its kind it is. */
uint64_t matches_key(const struct matches *, const struct platen_device *);
/* The matches of all scrapers with this kind, 0..100 each; NULL: not known. */
const uint8_t *matches_find(const struct matches *, uint64_t key);
void matches_put(struct matches *, uint64_t key, const uint8_t *match);
/* What they ask of it, NULL: not known; who needs it longer than the next call keeps it. */
struct plan *matches_plan(const struct matches *, uint64_t key);
/* They asked what was not in its plan.  Of a kind that is not known that is forgotten. */
void matches_learn(struct matches *, uint64_t key, const struct news *);
/* All plans that were kept have been dropped. */
void matches_free(struct matches *);

#endif
