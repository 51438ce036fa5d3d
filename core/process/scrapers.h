/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scrapers.h - the scraper plugins at hand, each in its own process or, for
 * replay, all in this one; a visit cannot tell the difference.
 */
#ifndef PLATEN_SCRAPERS_H
#define PLATEN_SCRAPERS_H

#include "config/config.h"
#include "process/process.h"

#define MAX_SCRAPERS 64

enum scrapers_where {
	SCRAPERS_NONE, /* nothing is to be read: discover */
	SCRAPERS_JAILED, /* each in a platen-host */
	SCRAPERS_HERE /* in this process: replay */
};

/* What scrapers do, told with the scraper's number and the visit's. */
struct scraper_events {
	void (*matched)(void *arg, uint32_t scraper, uint64_t visit, int32_t match);
	void (*ask)(void *arg, uint32_t scraper, uint64_t visit, uint64_t serial,
		const struct question *);
	void (*readings)(void *arg, uint32_t scraper, uint64_t visit, const struct emitted *,
		uint32_t n);
	void (*done)(void *arg, uint32_t scraper, uint64_t visit, int32_t status);
	/* It is through with a scraper_visit or scraper_answer: what it asks then, it has asked. */
	void (*handled)(void *arg, uint32_t scraper, uint64_t visit);
	/* It is gone with all it had in hand: no matched or done comes for that any more. */
	void (*gone)(void *arg, uint32_t scraper, const char *how);
	/* A line of it, or of its host about it; visit 0: of none. */
	void (*log)(void *arg, uint32_t scraper, uint64_t visit, enum log_level, const char *line);
};

struct scrapers;

/*
 * All enabled scrapers of the plugin folders, or only those in files (ends with
 * NULL), whatever the INI says of them.  ready() is called once, when each of
 * them is ready or has been refused.
 */
struct scrapers *scrapers_open(uv_loop_t *, const struct config *, enum scrapers_where,
	const char *const *files, void (*ready)(void *arg), void *ready_arg, struct why *);
/* Does the INI want this plugin to read printers? */
bool scraper_wanted(const struct config *, const char *name);
void scrapers_listen(struct scrapers *, const struct scraper_events *, void *arg);
void scrapers_close(struct scrapers *);

uint32_t scrapers_count(const struct scrapers *);
const char *scraper_name(const struct scrapers *, uint32_t i);
bool scraper_ready(const struct scrapers *, uint32_t i);
/* It is not, but may be later. */
bool scraper_resting(const struct scrapers *, uint32_t i);
/* Of one in a process of its own: that process, 0: it is not running now. */
pid_t scraper_process(const struct scrapers *, uint32_t i);
/* What it may ask, as it declares it: n items. */
const char *const *scraper_reach(const struct scrapers *, uint32_t i, uint32_t *n);
/* The plugin's declared reach, or what the INI narrows it to: is the question in it? */
bool scraper_may_ask(const struct scrapers *, uint32_t i, const struct question *);
/*
 * Does it give way in this metric to whoever else reads it?  By its option
 * "yield" (platen/plugin.h): what the INI says, else what the plugin declares.
 */
bool scraper_yields(const struct scrapers *, uint32_t i, const struct emitted *);

void scraper_match(struct scrapers *, uint32_t i, uint64_t visit, const struct platen_device *);
/* foreseen: NULL: nothing is. */
void scraper_visit(struct scrapers *, uint32_t i, uint64_t visit, const struct platen_device *,
	const char *address, const struct foretold *);
void scraper_answer(struct scrapers *, uint32_t i, uint64_t visit, uint64_t serial,
	const struct answer *);
void scraper_end(struct scrapers *, uint32_t i, uint64_t visit);
/* No more visits are about to begin reading: what scrapers were told waits for no others. */
void scrapers_flush(struct scrapers *);

#endif
