/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record.h - merge: facts about one printer become one JSON record (sdk/RECORD).
 *
 * Settles who the printer is (registry), says in notes what is odd (a counter
 * that went back, a swap, a move, a plugin that failed), and hands the line to
 * the spool.  Knows nothing of how the facts were learned.
 */
#ifndef PLATEN_RECORD_H
#define PLATEN_RECORD_H

#include "config/config.h"
#include "printer/fact.h"
#include "store/registry.h"

struct spool;

struct note {
	const char *kind; /* disagreement reset swap move partial */
	const char *text;
};

/* What a visit came to. */
struct visited {
	const struct printer
		*known; /* as remembered before the visit, address and port always set */
	uint32_t nfacts, nnotes;
	const struct fact *facts;
	const struct note *notes;
};

/* Where records go and what they are made with. */
struct recorder {
	const struct config *config;
	struct registry *registry; /* NULL: nothing is remembered (read, replay) */
	struct spool *spool; /* NULL: nothing is kept */
	/* Told of each record, a line of JSON; NULL: nobody listens. */
	void (*made)(void *arg, const char *json, const struct visited *);
	void *arg;
};

/*
 * Make the record of a visit and keep it.  *now starts as a copy of known and
 * is given what was learned: id, manufacturer, model, serial, mac.  False: it
 * could not be kept (the reason has been logged).
 */
bool record_make(struct recorder *, const struct visited *, struct printer *now);

#endif
