/* SPDX-License-Identifier: Apache-2.0 */
/* agents_db.c - the agents of a gateway, to be looked at; see agents_db.h. */
#include "store/agents_db.h"

#include <stdlib.h>

bool
is_silent(int64_t now, int64_t last, int64_t usual)
{
	int64_t pause = 2 * usual;

	if (usual <= 0 || pause > SILENT_SURELY)
		pause = SILENT_SURELY;
	return now - last > (pause < SILENT_LEAST ? SILENT_LEAST : pause);
}

static char *
column(sqlite3_stmt *rows, int i)
{
	return mem_string(database_text(rows, i));
}

uint32_t
agents_db_all(struct database *d, struct agent_row **out)
{
	sqlite3_stmt *rows = database_ask(d,
		"SELECT agent, customer, site, version, peer, how, first, last, usual, batches,"
		" records, bytes FROM gate_agent ORDER BY customer, site, agent",
		"");
	struct agent_row *all = NULL;
	uint32_t n = 0;

	while (database_step(d, rows) == DATABASE_ROW) {
		all = mem_grow(all, (n + 1) * sizeof(*all));
		all[n++] = (struct agent_row){
			.agent = column(rows, 0),
			.customer = column(rows, 1),
			.site = column(rows, 2),
			.version = column(rows, 3),
			.peer = column(rows, 4),
			.how = column(rows, 5),
			.name = "",
			.first = sqlite3_column_int64(rows, 6),
			.last = sqlite3_column_int64(rows, 7),
			.usual = sqlite3_column_int64(rows, 8),
			.batches = (uint64_t)sqlite3_column_int64(rows, 9),
			.records = (uint64_t)sqlite3_column_int64(rows, 10),
			.bytes = (uint64_t)sqlite3_column_int64(rows, 11),
		};
	}
	*out = all;
	return n;
}

void
agents_db_free(struct agent_row *all, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		char *const texts[] = { all[i].agent, all[i].customer, all[i].site, all[i].version,
			all[i].peer, all[i].how };

		for (size_t k = 0; k < COUNT(texts); k++)
			free(texts[k]);
	}
	free(all);
}

struct agent_row
agents_unheard(char *agent)
{
	static char none[] = "";

	return (struct agent_row){
		.agent = agent,
		.customer = none,
		.site = none,
		.version = none,
		.peer = none,
		.how = none,
		.name = none,
	};
}

bool
agents_db_knows(struct database *d, const char *agent)
{
	sqlite3_stmt *rows =
		database_ask(d, "SELECT 1 FROM gate_agent WHERE agent = ?1", "t", agent);
	bool known = database_step(d, rows) == DATABASE_ROW;

	if (known)
		sqlite3_reset(rows);
	return known;
}

void
agents_db_count(struct database *d, struct agent_row *a, int64_t now)
{
	sqlite3_stmt *rows = agents_db_gaps(d, a->agent);
	struct printer_row p;
	uint64_t first, last;

	while (agents_db_gap(d, rows, &first, &last))
		a->missing += last - first + 1;
	rows = agents_db_printers(d, a->agent);
	while (agents_db_printer(d, rows, &p)) {
		a->printers++;
		a->silent_printers += is_silent(now, p.last, p.usual);
	}
}

sqlite3_stmt *
agents_db_gaps(struct database *d, const char *agent)
{
	return database_ask(d,
		"SELECT before + 1, first - 1 FROM (SELECT first, lag(last) OVER (ORDER BY first)"
		" AS before FROM gate_run WHERE agent = ?1) WHERE before IS NOT NULL",
		"t", agent);
}

bool
agents_db_gap(struct database *d, sqlite3_stmt *rows, uint64_t *first, uint64_t *last)
{
	if (database_step(d, rows) != DATABASE_ROW)
		return false;
	*first = (uint64_t)sqlite3_column_int64(rows, 0);
	*last = (uint64_t)sqlite3_column_int64(rows, 1);
	return true;
}

sqlite3_stmt *
agents_db_printers(struct database *d, const char *agent)
{
	return database_ask(d,
		"SELECT device, label, last, usual FROM gate_printer WHERE agent = ?1"
		" ORDER BY device",
		"t", agent);
}

bool
agents_db_printer(struct database *d, sqlite3_stmt *rows, struct printer_row *out)
{
	if (database_step(d, rows) != DATABASE_ROW)
		return false;
	*out = (struct printer_row){
		.device = database_text(rows, 0),
		.label = database_text(rows, 1),
		.last = sqlite3_column_int64(rows, 2),
		.usual = sqlite3_column_int64(rows, 3),
	};
	return true;
}
