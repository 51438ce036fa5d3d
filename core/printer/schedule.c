/* SPDX-License-Identifier: Apache-2.0 */
/* schedule.c - due times; see schedule.h. */
#include "printer/schedule.h"

#define MINUTE 60000u
#define DAY (24u * 60u)

/*
 * Move a wait so that it ends inside the window; a late comer is spread over the window's length.
 */
static uint64_t
into_window(const struct config *c, uint64_t wait, uint32_t minute, uint64_t chance)
{
	uint32_t length, from, at;
	uint64_t spread;

	if (c->window_from == c->window_until)
		return wait;
	length = (c->window_until + DAY - c->window_from) % DAY;
	at = (uint32_t)((minute + wait / MINUTE) % DAY);
	from = (at + DAY - c->window_from) % DAY; /* minutes since the window opened */
	if (from < length)
		return wait;
	spread = (uint64_t)length * MINUTE;
	if (c->every < spread)
		spread = c->every;
	return wait + (uint64_t)(DAY - from) * MINUTE + (spread > 0 ? chance % spread : 0);
}

static uint64_t
jittered(const struct config *c, uint64_t wait, uint64_t chance)
{
	uint64_t width = wait / 100 * c->jitter;

	return width == 0 ? wait : wait - width / 2 + chance % width;
}

uint64_t
schedule_next(const struct config *c, uint32_t failures, uint32_t minute, uint64_t chance)
{
	uint64_t wait = c->every;

	if (failures > 0) {
		wait = c->every / SCHEDULE_FIRST_RETRY;
		if (wait < SCHEDULE_LEAST_RETRY)
			wait = SCHEDULE_LEAST_RETRY;
		for (uint32_t i = 1; i < failures && wait < c->every; i++)
			wait *= 2;
		if (wait > c->every && c->every > SCHEDULE_LEAST_RETRY)
			wait = c->every;
	}
	return into_window(c, jittered(c, wait, chance), minute, chance >> 16);
}

uint64_t
schedule_first(const struct config *c, uint64_t ago, uint32_t minute, uint64_t chance)
{
	uint64_t wait, spread = c->every < MINUTE ? c->every : MINUTE;

	if (ago < c->every)
		wait = c->every - ago;
	else if (ago == UINT64_MAX)
		wait = 0;
	else
		wait = spread > 0 ? chance % spread : 0;
	return into_window(c, wait, minute, chance >> 16);
}
