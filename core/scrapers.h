/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scrapers.h - the scraper plugins at hand, each in its own process or, for
 * replay, all in this one; a visit cannot tell the difference.
 */
#ifndef PLATEN_SCRAPERS_H
#define PLATEN_SCRAPERS_H

#include "config.h"
#include "process.h"

#define MAX_SCRAPERS 64

enum scrapers_where {
	SCRAPERS_NONE,	 /* nothing is to be read: discover */
	SCRAPERS_JAILED, /* each in a platen-host */
	SCRAPERS_HERE	 /* in this process: replay */
};

/* What scrapers do, told with the scraper's number and the visit's. */
struct scraper_events {
	void (*matched)(void *arg, uint32_t scraper, uint64_t visit, int32_t match);
	void (*ask)(void *arg, uint32_t scraper, uint64_t visit, uint64_t serial,
		const struct question *);
	void (*reading)(void *arg, uint32_t scraper, uint64_t visit,
		const struct platen_reading *);
	void (*done)(void *arg, uint32_t scraper, uint64_t visit, int32_t status);
	/* It is gone with all it had in hand: no matched or done comes for that any more. */
	void (*gone)(void *arg, uint32_t scraper, const char *how);
};

struct scrapers;

/*
 * All enabled scrapers of the plugin folders, or only the one in file only.
 * ready() is called once, when each of them is ready or has been refused.
 */
struct scrapers *scrapers_open(uv_loop_t *, const struct config *, enum scrapers_where,
	const char *only, void (*ready)(void *arg), void *ready_arg, struct why *);
void scrapers_listen(struct scrapers *, const struct scraper_events *, void *arg);
void scrapers_close(struct scrapers *);

uint32_t scrapers_count(const struct scrapers *);
const char *scraper_name(const struct scrapers *, uint32_t i);
bool scraper_ready(const struct scrapers *, uint32_t i);
/* What it may ask, as it declares it: n items. */
const char *const *scraper_reach(const struct scrapers *, uint32_t i, uint32_t *n);
/* The plugin's declared reach, or what the INI narrows it to: is the question in it? */
bool scraper_may_ask(const struct scrapers *, uint32_t i, const struct question *);

void scraper_match(struct scrapers *, uint32_t i, uint64_t visit, const struct platen_device *);
void scraper_visit(struct scrapers *, uint32_t i, uint64_t visit, const struct platen_device *,
	const char *address);
void scraper_answer(struct scrapers *, uint32_t i, uint64_t visit, uint64_t serial,
	const struct answer *);
void scraper_end(struct scrapers *, uint32_t i, uint64_t visit);

#endif
