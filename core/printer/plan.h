/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.h - what all scrapers ask of printers of one kind, and the one read that
 * brings it: so that such a printer is read before any of them is called.
 *
 * A plan holds a script of each scraper: the questions of its visit(), which
 * follow from the kind alone.  Plans and scripts are shared by all kinds that
 * are asked alike, are never changed, and last as long as somebody keeps them.
 */
#ifndef PLATEN_PLAN_H
#define PLATEN_PLAN_H

#include "message_script.h"
#include "printer/shapes.h"

/* Bytes of one script, and plans at a time: what is more is asked as it comes. */
#define SCRIPT_MOST (64u << 10)
#define PLANS_MOST SCRIPTS_MOST

struct plans;

struct plan {
	struct plans *all;
	struct plan *next;
	uint32_t kept; /* by so many */
	struct pool *pool;
	const struct script **scripts; /* of each scraper; NULL: it asks nothing */
	/*
	 * What identifies a printer, then the objects in order of scrapers and asking, then the
	 * columns, each once.  n = 0: they ask more than a plan can hold.
	 */
	struct question read;
	char key[SHAPE_KEY + 1]; /* its name among shapes */
	const uint16_t **places; /* of each scraper: its questions' OIDs in the read, in order */
};

/* A question that was not foreseen. */
struct news {
	uint32_t scraper;
	const struct question *question;
	struct news *next;
};

struct plans *plans_new(uint32_t scrapers);
/* A plan with what was in the old one (NULL: none) and the news; it is the caller's to drop. */
struct plan *plans_with(struct plans *, struct plan *old, const struct news *);
void plan_keep(struct plan *);
void plan_drop(struct plan *); /* NULL is fine */
/* All plans have been dropped. */
void plans_free(struct plans *);

#endif
