/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake_db.h - what a gateway remembers of its agents, in the spool's database:
 * every question put to those tables.  Decides nothing.
 */
#ifndef PLATEN_INTAKE_DB_H
#define PLATEN_INTAKE_DB_H

#include "message_gate.h"
#include "store/database.h"
#include "store/seen.h"

/* What one commit adds to what is known of an agent. */
struct intake_visit {
	const char *agent;
	const char *customer, *site, *version, *peer; /* "" : what was known stays */
	enum gate_how how;
	int64_t at; /* wall clock */
	uint64_t batches, records, bytes;
};

/* Every run there is, in order of agent and number. */
sqlite3_stmt *intake_db_runs(struct database *);
bool intake_db_run(struct database *, sqlite3_stmt *, char agent[static UUID_TEXT], struct run *);

/* The dirty runs of an agent, in the place of all they cover. */
bool intake_db_write_runs(struct database *, const char *agent, const struct seen *);
bool intake_db_write_visit(struct database *, const struct intake_visit *);
bool intake_db_write_printer(struct database *, const char *agent, const char *device,
	const char *label, int64_t time);
#endif
