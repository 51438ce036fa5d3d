/* SPDX-License-Identifier: Apache-2.0 */
/* schedule.h - when is a printer due again?  Plain arithmetic: no clock, no chance of its own. */
#ifndef PLATEN_SCHEDULE_H
#define PLATEN_SCHEDULE_H

#include "config/config.h"

/* A silent printer is tried again after every / 16 (at least a minute), doubling up to every. */
#define SCHEDULE_FIRST_RETRY 16
#define SCHEDULE_LEAST_RETRY 60000

/*
 * Milliseconds from now until the next visit.  failures: visits without an
 * answer so far, 0 after a good one.  minute: now in the local day (0..1439).
 * chance: any random number, spreads printers by the jitter and over the window.
 */
uint64_t schedule_next(const struct config *, uint32_t failures, uint32_t minute, uint64_t chance);

/*
 * Milliseconds until the first visit of a printer last seen `ago` ms before
 * (UINT64_MAX: never): at once, spread over a minute, or when it is due.
 */
uint64_t schedule_first(const struct config *, uint64_t ago, uint32_t minute, uint64_t chance);

#endif
