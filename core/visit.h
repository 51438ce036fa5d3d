/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit.h - ask: one printer is asked who it is, then by each plugin that knows
 * it, and what they read goes on as readings.
 *
 * A visit ends exactly once, within PLATEN_VISIT_SECONDS, whatever the printer
 * or the plugins do.
 */
#ifndef PLATEN_VISIT_H
#define PLATEN_VISIT_H

#include "reading.h"
#include "process/scrapers.h"

#include <uv.h>

enum visit_outcome {
	VISIT_READ, /* a record was made */
	VISIT_IDENTIFIED, /* as asked: only who it is */
	VISIT_SILENT, /* nobody answers SNMP there, or not with our credentials */
	VISIT_NOT_PRINTER, /* somebody answers, but it is no printer */
	VISIT_ELSEWHERE, /* a printer that is being read at another address of its own */
	VISIT_NOT_KEPT /* read, but the spool could not take it */
};

struct visit_result {
	enum visit_outcome outcome;
	/* What is known now; learned is kept by whoever listens to the lan. */
	const struct printer *printer;
	/* What was there, to be given with the printer the next time; NULL: nothing new. */
	const char *shape;
	uint32_t packets; /* sent to the printer */
};

typedef void visit_done_fn(void *arg, const struct visit_result *);

struct visits;

/*
 * Who looks on, for the tools of those who write and judge plugins.  Told as it
 * happens, of one visit at a time; the plugin is told by its scraper's number.
 */
struct visit_witness {
	void (*matched)(void *arg, uint32_t scraper, int32_t match);
	/*
	 * It asked this and this is the answer, which it hears next: what it reads
	 * before asked() is called again comes of it.
	 */
	void (*asked)(void *arg, uint32_t scraper, const struct question *, const struct answer *);
	void (*reading)(void *arg, uint32_t scraper, const struct platen_reading *);
	void (*done)(void *arg, uint32_t scraper, int32_t status);
	void (*gone)(void *arg, uint32_t scraper, const char *how);
	void (*log)(void *arg, uint32_t scraper, enum log_level, const char *line);
	void *arg;
};

struct visits *visits_new(uv_loop_t *, struct lan *, struct scrapers *, struct recorder *);

/*
 * Begin; known has address, port and what else is remembered, shape is what the
 * last visit gave ("" : nothing). done is called later, once.
 */
void visit_start(struct visits *, const struct printer *known, const char *shape,
	bool identify_only, visit_done_fn *done, void *arg);

/* All of its functions are there, and it lasts as long as the visits. */
void visits_watch(struct visits *, const struct visit_witness *);

uint32_t visits_open(const struct visits *);
/* ... of which ask their printers, or will as far as is known; the others wait for plugins. */
uint32_t visits_asking(const struct visits *);
/* May another one begin? */
bool visits_room(const struct visits *);
/* Told when one has stopped asking before it ends: there may be room. */
void visits_when_free(struct visits *, void (*free_place)(void *arg), void *arg);

/* Nothing may be open any more, or nobody is interested in it. */
void visits_free(struct visits *);

#endif
