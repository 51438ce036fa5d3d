/* SPDX-License-Identifier: Apache-2.0 */
/* spool_db.c - the tables of the spool; see spool_db.h.  Decides nothing. */
#include "store/spool_db.h"

#include "store/crc32c.h"
#include "store/latest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Printers whose newest values are kept; ever new serial numbers must not fill the disk. */
#define MAX_LATEST "50000"
/* Part of the spool's size that refused records may take: one in so many. */
#define REFUSED_SHARE 4
/* meta: of each standby, what it does. */
#define STATE_KEY "state of sink "

/*
 * meters: latest.h.  A row stays where it came in: printers that are visited one after the other
 * stand side by side, and a commit of theirs writes few pages.
 */
#define LATEST_TABLE                                                                               \
	"CREATE TABLE latest (device TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL,"                  \
	" meters TEXT NOT NULL);"
/* Schema 2 had a row for each meter; via is its column, or what stands for it. */
#define LATEST_2(via)                                                                              \
	"SELECT device, max(seq), group_concat('@' || time || ' ' || seq || char(10) || value"     \
	" || char(9) || meter || char(9) || unit || char(9) || " via " || char(10), '')"

/*
 * record.lived is the agent's running time when the record came: ages are
 * measured by it, so that a clock that jumps drops nothing.  record.sum is the
 * CRC-32C of seq and json: SQLite itself would not see a flipped bit.
 */
static const char schema[] =
	"BEGIN IMMEDIATE;"
	/* Behind the first such table SQLite leaves sqlite_sequence; see spool_db_highest. */
	"CREATE TABLE numbered (seq INTEGER PRIMARY KEY AUTOINCREMENT);"
	"DROP TABLE numbered;"
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE record (seq INTEGER PRIMARY KEY, time INTEGER NOT NULL,"
	" lived INTEGER NOT NULL, device TEXT NOT NULL, urgent INTEGER NOT NULL,"
	" sum INTEGER NOT NULL, json TEXT NOT NULL);"
	"CREATE INDEX record_urgent ON record (seq) WHERE urgent;"
	"CREATE TABLE sink (name TEXT PRIMARY KEY, cursor INTEGER NOT NULL,"
	" gone INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"
	"CREATE TABLE refused (sink TEXT NOT NULL, seq INTEGER NOT NULL, reason TEXT NOT NULL,"
	" time INTEGER NOT NULL, json TEXT, PRIMARY KEY (sink, seq)) WITHOUT ROWID;" LATEST_TABLE
	"CREATE TABLE dropped (time INTEGER NOT NULL, first INTEGER NOT NULL,"
	" last INTEGER NOT NULL, count INTEGER NOT NULL, sinks TEXT NOT NULL,"
	" reason TEXT NOT NULL);"
	"INSERT INTO meta VALUES ('schema', '3');"
	"COMMIT;";

/*
 * Of schema 1, where a meter was its name alone: who read its newest value stands in the record,
 * where that is still kept.  Of nobody known ('') it is compared with nothing.
 */
static const char from_1[] =
	"ALTER TABLE latest RENAME TO latest_1;"
	"CREATE TABLE latest AS SELECT l.device, l.meter, l.unit, coalesce((SELECT m.value ->> "
	"'via' "
	"FROM record AS r,"
	" json_each(CASE WHEN json_valid(r.json) THEN r.json ELSE '{}' END, '$.meters') AS m"
	" WHERE r.seq = l.seq AND m.value ->> 'name' = l.meter"
	" AND m.value ->> 'value' = l.value), '') AS via, l.value, l.time, l.seq"
	" FROM latest_1 AS l ORDER BY l.device;"
	"DROP TABLE latest_1;";

static const char from_2[] =
	"ALTER TABLE latest RENAME TO latest_2;" LATEST_TABLE
	"INSERT INTO latest " LATEST_2("via") " FROM latest_2 GROUP BY device;"
					      "DROP TABLE latest_2;"
					      "UPDATE meta SET value = '3' WHERE key = 'schema';";

/*
 * What only a gateway fills: which numbers of an agent were here; what is known
 * of the agent; its printers.  usual is the longest pause of late, in seconds.
 */
static const char gateway_schema[] =
	"CREATE TABLE IF NOT EXISTS gate_run (agent TEXT NOT NULL, first INTEGER NOT NULL,"
	" last INTEGER NOT NULL, PRIMARY KEY (agent, first)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS gate_agent (agent TEXT PRIMARY KEY, customer TEXT NOT NULL,"
	" site TEXT NOT NULL, version TEXT NOT NULL, peer TEXT NOT NULL, how TEXT NOT NULL,"
	" first INTEGER NOT NULL, last INTEGER NOT NULL, usual INTEGER NOT NULL,"
	" batches INTEGER NOT NULL, records INTEGER NOT NULL, bytes INTEGER NOT NULL)"
	" WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS gate_printer (agent TEXT NOT NULL, device TEXT NOT NULL,"
	" label TEXT NOT NULL, last INTEGER NOT NULL, usual INTEGER NOT NULL,"
	" PRIMARY KEY (agent, device)) WITHOUT ROWID;";

/* A record's sum is over its number too: a text under another's number is no better than a flip. */
static uint32_t
checksum(uint64_t seq, const char *json, size_t n)
{
	uint8_t le[8];

	for (int i = 0; i < 8; i++)
		le[i] = (uint8_t)(seq >> 8 * i);
	return crc32c(crc32c(0, le, sizeof(le)), json, n);
}

/* All of it or, killed on the way, nothing. */
static bool
migrate(struct database *d, bool from_first)
{
	bool ok = database_begin(d);

	ok = ok && (!from_first || database_run(d, from_1)) && database_run(d, from_2);
	return database_done(d, ok);
}

static bool
check_schema(struct database *d, enum database_kind kind)
{
	char version[16];

	spool_db_meta(d, "schema", version, sizeof(version));
	if (strcmp(version, "3") == 0)
		return true;
	/* Who only looks needs nothing that came since. */
	if (strcmp(version, "1") == 0 || strcmp(version, "2") == 0)
		return kind == DATABASE_READ || migrate(d, version[0] == '1');
	if (version[0] == '\0') {
		d->damaged = true;
		return why_set(&d->why, "%s: is not a spool of platen", d->path);
	}
	return why_set(&d->why,
		"%s: was made by a newer platen (schema %s, this one knows %d): install that again",
		d->path, version, SPOOL_SCHEMA);
}

bool
spool_db_open(struct database *d, const char *folder, enum database_kind kind)
{
	char *path = mem_format("%s/" SPOOL_FILE, folder);
	bool ok = database_open(d, path, kind);

	free(path);
	if (!ok)
		return false;
	if (kind != DATABASE_READ && database_number(d, "SELECT count(*) FROM sqlite_schema") == 0)
		ok = database_run(d, schema);
	/* After an end without farewell the whole file is looked through, else trusted. */
	if (ok && kind != DATABASE_READ &&
		database_number(d, "SELECT count(*) FROM meta WHERE key = 'open'") > 0 &&
		database_number(d, "SELECT quick_check <> 'ok' FROM pragma_quick_check(1)") != 0) {
		d->damaged = true;
		ok = why_set(&d->why, "%s: is damaged (quick_check)", d->path);
	}
	ok = ok && check_schema(d, kind) &&
		(kind == DATABASE_READ || database_run(d, gateway_schema));
	if (!ok)
		database_close(d);
	return ok;
}

void
spool_db_meta(struct database *d, const char *key, char *out, size_t size)
{
	sqlite3_stmt *s = database_ask(d, "SELECT value FROM meta WHERE key = ?1", "t", key);

	out[0] = '\0';
	if (database_step(d, s) == DATABASE_ROW) {
		snprintf(out, size, "%s", database_text(s, 0));
		sqlite3_reset(s);
	}
}

bool
spool_db_set_meta(struct database *d, const char *key, const char *value)
{
	if (value == NULL)
		return database_do(d, "DELETE FROM meta WHERE key = ?1", "t", key);
	return database_do(d, "INSERT OR REPLACE INTO meta VALUES (?1, ?2)", "tt", key, value);
}

void
spool_db_state(struct database *d, const char *sink, char *out, size_t size)
{
	char key[128];

	snprintf(key, sizeof(key), STATE_KEY "%s", sink);
	spool_db_meta(d, key, out, size);
}

bool
spool_db_set_state(struct database *d, const char *sink, const char *state)
{
	char key[128];

	snprintf(key, sizeof(key), STATE_KEY "%s", sink);
	return spool_db_set_meta(d, key, state);
}

int64_t
spool_db_lived(struct database *d)
{
	return database_number(d,
		"SELECT max(coalesce((SELECT lived FROM record ORDER BY seq DESC LIMIT 1), 0),"
		" coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'lived'), 0))");
}

/*
 * In sqlite_sequence stands what the records that are there do not tell: the number of the newest
 * one when some were deleted.  SQLite itself would write it, a page, with every commit; it does so
 * in a spool of an earlier platen, whose table is AUTOINCREMENT.
 */
uint64_t
spool_db_highest(struct database *d)
{
	return (uint64_t)database_number(d, "SELECT " SPOOL_DB_HIGHEST);
}

bool
spool_db_skip(struct database *d, uint64_t seq)
{
	return database_do(d, "DELETE FROM sqlite_sequence WHERE name = 'record'", "") &&
		database_do(d, "INSERT INTO sqlite_sequence (name, seq) VALUES ('record', ?1)", "i",
			(int64_t)seq);
}

uint64_t
spool_db_lowest(struct database *d)
{
	return (uint64_t)database_number(d, "SELECT min(seq) FROM record");
}

uint64_t
spool_db_urgent(struct database *d)
{
	return (uint64_t)database_number(d, "SELECT max(seq) FROM record WHERE urgent");
}

uint64_t
spool_db_used(struct database *d)
{
	return (uint64_t)database_number(d,
		"SELECT (page_count - freelist_count) * page_size"
		" FROM pragma_page_count, pragma_freelist_count, pragma_page_size");
}

/* ---- records ---- */

/* The newest values of a printer's meters as they are kept; "": none are.  Reset s afterwards. */
static const char *
kept_latest(struct database *d, const char *device, sqlite3_stmt **s)
{
	*s = database_ask(d, "SELECT meters FROM latest WHERE device = ?1", "t", device);
	return database_step(d, *s) == DATABASE_ROW ? database_text(*s, 0) : "";
}

static bool
put_latest(struct database *d, const struct spool_record *r)
{
	struct buf meters = { 0 };
	sqlite3_stmt *s;
	bool ok;

	if (latest_stands(r->meters, r->nmeters))
		return true;
	latest_merge(kept_latest(d, r->device, &s), r, &meters);
	sqlite3_reset(s);
	ok = database_do(d,
		"INSERT INTO latest (device, seq, meters) VALUES (?1, ?2, ?3)"
		" ON CONFLICT DO UPDATE SET seq = ?2, meters = ?3",
		"tit", r->device, (int64_t)r->seq, (const char *)meters.p);
	buf_free(&meters);
	return ok;
}

#define COLUMNS 7
#define ROW "(?, ?, ?, ?, ?, ?, ?)"
#define ROWS_4 ROW ", " ROW ", " ROW ", " ROW
#define INSERT "INSERT INTO record (seq, time, lived, device, urgent, sum, json) VALUES "

_Static_assert(SPOOL_DB_ROWS == 16, "insert_rows has as many");

/* One statement: what SQLite does for each is more than what it does for a row. */
static bool
insert_rows(struct database *d, const struct spool_record *const *list, uint32_t n, int64_t lived)
{
	static const char one[] = INSERT ROW;
	static const char all[] = INSERT ROWS_4 ", " ROWS_4 ", " ROWS_4 ", " ROWS_4;
	sqlite3_stmt *s = database_ask(d, n == 1 ? one : all, "");

	for (uint32_t i = 0; s != NULL && i < n; i++) {
		const struct spool_record *r = list[i];

		database_bind(s, (int)(COLUMNS * i) + 1, "iiitiit", (int64_t)r->seq, r->time, lived,
			r->device, (int64_t)r->urgent, (int64_t)checksum(r->seq, r->json, r->len),
			r->json);
	}
	return database_step(d, s) == DATABASE_END;
}

bool
spool_db_insert(struct database *d, const struct spool_record *const *list, uint32_t n,
	int64_t lived)
{
	bool ok = true;

	if (n == SPOOL_DB_ROWS)
		ok = insert_rows(d, list, n, lived);
	else
		for (uint32_t i = 0; ok && i < n; i++)
			ok = insert_rows(d, &list[i], 1, lived);
	for (uint32_t i = 0; ok && i < n; i++)
		ok = put_latest(d, list[i]);
	return ok;
}

int64_t
spool_db_latest(struct database *d, const char *device, struct spool_meter *meters, uint32_t n)
{
	sqlite3_stmt *s;
	int64_t until;

	for (uint32_t i = 0; i < n; i++)
		meters[i].known = meters[i].stands = false;
	until = latest_compare(kept_latest(d, device, &s), meters, n);
	sqlite3_reset(s);
	return until;
}

sqlite3_stmt *
spool_db_records(struct database *d, uint64_t after, uint64_t last, enum sink_take take)
{
#define RECORDS                                                                                    \
	"SELECT seq, time, urgent, sum, device, json FROM record"                                  \
	" WHERE seq > ?1 AND seq <= ?2"
	if (take == TAKE_URGENT)
		return database_ask(d, RECORDS " AND urgent ORDER BY seq", "ii", (int64_t)after,
			(int64_t)last);
	return database_ask(d, RECORDS " ORDER BY seq", "ii", (int64_t)after, (int64_t)last);
}

enum database_step
spool_db_record(struct database *d, sqlite3_stmt *s, struct spool_row *out)
{
	enum database_step step = database_step(d, s);

	if (step != DATABASE_ROW)
		return step;
	*out = (struct spool_row){
		.seq = (uint64_t)sqlite3_column_int64(s, 0),
		.time = sqlite3_column_int64(s, 1),
		.urgent = sqlite3_column_int(s, 2) != 0,
		.device = database_text(s, 4),
		.json = database_text(s, 5),
		.len = (size_t)sqlite3_column_bytes(s, 5),
	};
	out->sound = sqlite3_column_int64(s, 3) == checksum(out->seq, out->json, out->len) &&
		memchr(out->json, '\0', out->len) == NULL;
	return step;
}

/* ---- sinks ---- */

uint64_t
spool_db_cursor(struct database *d, const char *sink)
{
	sqlite3_stmt *s = database_ask(d, "SELECT cursor FROM sink WHERE name = ?1", "t", sink);
	uint64_t cursor = 0;

	if (database_step(d, s) == DATABASE_ROW) {
		cursor = (uint64_t)sqlite3_column_int64(s, 0);
		sqlite3_reset(s);
	}
	return cursor;
}

bool
spool_db_set_cursor(struct database *d, const char *sink, uint64_t cursor)
{
	return database_do(d, "INSERT OR REPLACE INTO sink (name, cursor) VALUES (?1, ?2)", "ti",
		sink, (int64_t)cursor);
}

bool
spool_db_sink_gone(struct database *d, const char *known, char *name, size_t size, uint64_t *cursor)
{
	/* known is a list with a newline around each name, so that instr finds whole names only. */
	sqlite3_stmt *s = database_ask(d,
		"SELECT name, cursor FROM sink WHERE NOT gone"
		" AND instr(?1, char(10) || name || char(10)) = 0 LIMIT 1",
		"t", known);

	if (database_step(d, s) != DATABASE_ROW)
		return false;
	snprintf(name, size, "%s", database_text(s, 0));
	*cursor = (uint64_t)sqlite3_column_int64(s, 1);
	sqlite3_reset(s);
	return database_do(d, "UPDATE sink SET gone = 1 WHERE name = ?1", "t", name);
}

bool
spool_db_refuse(struct database *d, const char *sink, uint64_t seq, const char *reason)
{
	return database_do(d,
		"INSERT OR REPLACE INTO refused (sink, seq, reason, time, json)"
		" VALUES (?1, ?2, ?3, ?4, (SELECT json FROM record WHERE seq = ?2))",
		"titi", sink, (int64_t)seq, reason, clock_wall());
}

/* ---- bounds ---- */

static uint64_t
one_seq(struct database *d, sqlite3_stmt *s)
{
	uint64_t seq = 0;

	if (database_step(d, s) == DATABASE_ROW) {
		seq = (uint64_t)sqlite3_column_int64(s, 0);
		sqlite3_reset(s);
	}
	return seq;
}

uint64_t
spool_db_older(struct database *d, int64_t lived)
{
	/* lived rises with seq: the oldest one that is young enough ends the walk. */
	return one_seq(d,
		database_ask(d,
			"SELECT coalesce((SELECT seq FROM record WHERE lived >= ?1"
			" ORDER BY seq LIMIT 1), (SELECT max(seq) + 1 FROM record), 1) - 1",
			"i", lived));
}

uint64_t
spool_db_nth(struct database *d, uint64_t n)
{
	return one_seq(d,
		database_ask(d, "SELECT seq FROM record ORDER BY seq LIMIT 1 OFFSET ?1 - 1", "i",
			(int64_t)n));
}

uint64_t
spool_db_count(struct database *d, uint64_t after, uint64_t last, enum sink_take take)
{
	return one_seq(d,
		database_ask(d,
			"SELECT count(*) FROM record WHERE seq > ?1 AND seq <= ?2"
			" AND (urgent OR NOT ?3)",
			"iii", (int64_t)after, (int64_t)last, (int64_t)(take == TAKE_URGENT)));
}

bool
spool_db_delete(struct database *d, uint64_t last)
{
	return spool_db_skip(d, spool_db_highest(d)) &&
		database_do(d, "DELETE FROM record WHERE seq <= ?1", "i", (int64_t)last);
}

bool
spool_db_note_loss(struct database *d, const struct spool_loss *l)
{
	return database_do(d,
		"INSERT INTO dropped (time, first, last, count, sinks, reason)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
		"iiiitt", clock_wall(), (int64_t)l->first, (int64_t)l->last, l->count, l->sinks,
		l->reason);
}

/* The text of refused records goes, oldest first, while they take more than their share. */
static bool
tidy_refused(struct database *d, uint64_t max_size)
{
	return database_do(d,
		"UPDATE refused SET json = NULL WHERE json IS NOT NULL AND (sink, seq) IN"
		" (SELECT sink, seq FROM (SELECT sink, seq, sum(length(json)) OVER"
		" (ORDER BY time DESC, seq DESC) AS total FROM refused WHERE json IS NOT NULL)"
		" WHERE total > ?1)",
		"i", (int64_t)(max_size / REFUSED_SHARE));
}

bool
spool_db_tidy(struct database *d, uint64_t max_size, bool *forgot)
{
	bool ok = tidy_refused(d, max_size) &&
		database_do(d,
			"DELETE FROM latest WHERE seq < (SELECT seq FROM latest ORDER BY seq DESC"
			" LIMIT 1 OFFSET " MAX_LATEST ")",
			"");

	*forgot = ok && sqlite3_changes(d->db) > 0;
	return ok && database_run(d, "PRAGMA incremental_vacuum");
}

/* ---- what can still be read of a damaged one ---- */

/* Row after row until the damage. */
static uint64_t
salvage_records(struct database *d, struct database *old, sqlite3_stmt *rows, int64_t lived)
{
	struct spool_row row;
	uint64_t copied = 0;

	while (spool_db_record(old, rows, &row) == DATABASE_ROW) {
		if (!row.sound)
			continue;
		if (!database_do(d,
			    "INSERT OR IGNORE INTO record (seq, time, lived, device, urgent, sum,"
			    " json) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
			    "iiitiit", (int64_t)row.seq, row.time, lived, row.device,
			    (int64_t)row.urgent, (int64_t)checksum(row.seq, row.json, row.len),
			    row.json))
			break;
		copied += (uint64_t)sqlite3_changes(d->db);
	}
	sqlite3_reset(rows);
	return copied;
}

static void
salvage_rows(struct database *d, struct database *old, sqlite3_stmt *rows, const char *insert)
{
	sqlite3_stmt *to = database_ask(d, insert, "");

	while (to != NULL && database_step(old, rows) == DATABASE_ROW) {
		for (int i = 0; i < sqlite3_column_count(rows); i++)
			sqlite3_bind_value(to, i + 1, sqlite3_column_value(rows, i));
		database_step(d, to);
	}
}

static uint64_t
salvage(struct database *d, struct database *old, uint64_t below, int64_t lived)
{
#define OLD_RECORDS                                                                                \
	"SELECT seq, time, urgent, sum, device, json FROM record WHERE seq < ?1 ORDER BY seq"
#define INSERT_LATEST "INSERT INTO latest VALUES (?1, ?2, ?3)"
	static const struct {
		const char *select, *insert;
	} tables[] = {
		{ "SELECT * FROM sink WHERE cursor < ?1", "INSERT INTO sink VALUES (?1, ?2, ?3)" },
		/* What asks for a column that is not there is none; of schema 1, via is not. */
		{ "SELECT device, seq, meters FROM latest WHERE seq < ?1", INSERT_LATEST },
		{ LATEST_2("via") " FROM latest WHERE seq < ?1 GROUP BY device", INSERT_LATEST },
		{ LATEST_2("''") " FROM latest WHERE seq < ?1"
				 " AND (SELECT value FROM meta WHERE key = 'schema') = '1' GROUP "
				 "BY device",
			INSERT_LATEST },
		{ "SELECT * FROM refused WHERE seq < ?1",
			"INSERT INTO refused VALUES (?1, ?2, ?3, ?4, ?5)" },
		{ "SELECT * FROM dropped WHERE first < ?1",
			"INSERT INTO dropped VALUES (?1, ?2, ?3, ?4, ?5, ?6)" },
		{ "SELECT * FROM gate_run WHERE ?1 > 0",
			"INSERT INTO gate_run VALUES (?1, ?2, ?3)" },
		{ "SELECT * FROM gate_agent WHERE ?1 > 0",
			"INSERT INTO gate_agent VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
			"?11, ?12)" },
		{ "SELECT * FROM gate_printer WHERE ?1 > 0",
			"INSERT INTO gate_printer VALUES (?1, ?2, ?3, ?4, ?5)" },
	};
	uint64_t copied;

	for (size_t i = 0; i < COUNT(tables); i++)
		salvage_rows(d, old, database_ask(old, tables[i].select, "i", (int64_t)below),
			tables[i].insert);
	old->damaged = false;
	copied =
		salvage_records(d, old, database_ask(old, OLD_RECORDS, "i", (int64_t)below), lived);
	/* What lies behind the damage is reached from the other end. */
	if (old->damaged)
		copied += salvage_records(d, old,
			database_ask(old, OLD_RECORDS " DESC", "i", (int64_t)below), lived);
	return copied;
}

uint64_t
spool_db_salvage(struct database *d, const char *damaged, uint64_t below, int64_t lived)
{
	struct database old;
	uint64_t copied;

	if (!database_open(&old, damaged, DATABASE_READ))
		return 0;
	copied = database_begin(d) ? salvage(d, &old, below, lived) : 0;
	database_close(&old);
	return database_done(d, true) ? copied : 0;
}
