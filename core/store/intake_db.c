/* SPDX-License-Identifier: Apache-2.0 */
/* intake_db.c - what a gateway remembers of its agents; see intake_db.h. */
#include "store/intake_db.h"

#include <stdio.h>

/*
 * The longest pause of late: a longer one takes its place at once, shorter ones
 * wear it down within a week.
 */
#define WEEK "604800"
#define USUAL(table)                                                                               \
	"max(excluded.last - " table ".last, " table ".usual * (" WEEK " - min(" WEEK              \
	", max(0, excluded.last - " table ".last))) / " WEEK ")"

sqlite3_stmt *
intake_db_runs(struct database *d)
{
	return database_ask(d, "SELECT agent, first, last FROM gate_run ORDER BY agent, first", "");
}

bool
intake_db_run(struct database *d, sqlite3_stmt *rows, char agent[static UUID_TEXT], struct run *run)
{
	if (database_step(d, rows) != DATABASE_ROW)
		return false;
	snprintf(agent, UUID_TEXT, "%s", database_text(rows, 0));
	*run = (struct run){
		.first = (uint64_t)sqlite3_column_int64(rows, 1),
		.last = (uint64_t)sqlite3_column_int64(rows, 2),
	};
	return true;
}

bool
intake_db_write_runs(struct database *d, const char *agent, const struct seen *s)
{
	bool ok = true;

	for (uint32_t i = 0; ok && i < s->n; i++) {
		const struct run *r = &s->runs[i];

		if (!r->dirty)
			continue;
		ok = database_do(d,
			     "DELETE FROM gate_run WHERE agent = ?1 AND first > ?2 AND first <= ?3",
			     "tii", agent, (int64_t)r->first, (int64_t)r->last) &&
			database_do(d, "INSERT OR REPLACE INTO gate_run VALUES (?1, ?2, ?3)", "tii",
				agent, (int64_t)r->first, (int64_t)r->last);
	}
	return ok;
}

bool
intake_db_write_visit(struct database *d, const struct intake_visit *v)
{
	return database_do(d,
		"INSERT INTO gate_agent VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, 0, ?8, ?9, ?10)"
		" ON CONFLICT (agent) DO UPDATE SET"
		" customer = coalesce(nullif(excluded.customer, ''), gate_agent.customer),"
		" site = coalesce(nullif(excluded.site, ''), gate_agent.site),"
		" version = coalesce(nullif(excluded.version, ''), gate_agent.version),"
		" peer = excluded.peer, how = excluded.how,"
		" usual = " USUAL("gate_agent") ", last = excluded.last,"
						" batches = gate_agent.batches + excluded.batches,"
						" records = gate_agent.records + excluded.records,"
						" bytes = gate_agent.bytes + excluded.bytes",
		"ttttttiiii", v->agent, v->customer, v->site, v->version, v->peer,
		gate_how_word(v->how), v->at, (int64_t)v->batches, (int64_t)v->records,
		(int64_t)v->bytes);
}

/* A reading from before the last one tells nothing new. */
bool
intake_db_write_printer(struct database *d, const char *agent, const char *device,
	const char *label, int64_t time)
{
	return database_do(d,
		"INSERT INTO gate_printer VALUES (?1, ?2, ?3, ?4, 0)"
		" ON CONFLICT (agent, device) DO UPDATE SET label = excluded.label,"
		" usual = " USUAL("gate_printer") ", last = excluded.last"
						  " WHERE excluded.last > gate_printer.last",
		"ttti", agent, device, label, time);
}
