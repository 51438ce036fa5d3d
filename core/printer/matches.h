/* SPDX-License-Identifier: Apache-2.0 */
/*
 * matches.h - how well each scraper knows a printer, remembered for as long as
 * this process runs: match() asks nothing, so the same printer need not be shown
 * to it again, and the hosts of plugins that know none of them can sleep.
 */
#ifndef PLATEN_MATCHES_H
#define PLATEN_MATCHES_H

#include "message.h"

/* Printers at most; then all are shown anew. */
#define MATCHES_MOST 65536

struct matches;

/* So many scrapers. */
struct matches *matches_new(uint32_t scrapers);
/* The matches of all scrapers with this printer, 0..100 each; NULL: not known. */
const uint8_t *matches_find(const struct matches *, const struct platen_device *);
void matches_put(struct matches *, const struct platen_device *, const uint8_t *match);
void matches_free(struct matches *);

#endif
