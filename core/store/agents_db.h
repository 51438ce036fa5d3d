/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agents_db.h - what a gateway remembers of its agents, to be looked at: written
 * by intake_db.c, read here beside a running gateway.
 */
#ifndef PLATEN_AGENTS_DB_H
#define PLATEN_AGENTS_DB_H

#include "store/database.h"

/* Whoever came at all is silent after so many seconds, whatever is usual. */
#define SILENT_SURELY (26 * 3600)
/* ... and nobody is before these are over: pauses of minutes mean nothing. */
#define SILENT_LEAST 3600

/* Times are seconds since 1970, 0: never. */
struct agent_row {
	char *agent, *customer, *site, *version, *peer, *how;
	const char *name; /* of its key */
	int64_t first, last, usual;
	uint64_t batches, records, bytes;
	uint64_t missing; /* records */
	uint64_t printers, silent_printers;
	bool silent;
};

struct printer_row {
	const char *device, *label;
	int64_t last, usual;
};

/* Has it paused for longer than it usually does? */
bool is_silent(int64_t now, int64_t last, int64_t usual);

/* Every agent that ever came, by customer and site. */
uint32_t agents_db_all(struct database *, struct agent_row **);
void agents_db_free(struct agent_row *, uint32_t n);
bool agents_db_knows(struct database *, const char *agent);
/* One that never came. */
struct agent_row agents_unheard(char *agent);
/* Fill in what is missing and its printers. */
void agents_db_count(struct database *, struct agent_row *, int64_t now);

/* Runs of records that never came, though later ones did; false: no more. */
sqlite3_stmt *agents_db_gaps(struct database *, const char *agent);
bool agents_db_gap(struct database *, sqlite3_stmt *, uint64_t *first, uint64_t *last);
sqlite3_stmt *agents_db_printers(struct database *, const char *agent);
bool agents_db_printer(struct database *, sqlite3_stmt *, struct printer_row *);

#endif
