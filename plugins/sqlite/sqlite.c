/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sqlite - records into an SQLite database: the tables of sdk/schema.
 *
 * A batch is one transaction, on the disk before it is settled.  A record that is
 * there already is not written again; one that cannot be taken is refused alone.
 * The jail leaves it the database's folder and nothing else: it makes no socket.
 */
#include <platen/network.h>
#include <platen/plugin.h>
#include <platen/rows.h>
#include <platen/upload.h>

#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Milliseconds to wait for somebody else who writes; less than a callback may take. */
#define BUSY_MS 10000
#define MAX_SQL 2000

static const struct platen_host *host;
static const struct platen_upload *upload;
static const char *path;

/* The open database; NULL: it is opened with the next batch. */
static sqlite3 *db;
static sqlite3_stmt *inserts[PLATEN_TABLES];
static sqlite3_stmt *known; /* the id of a reading that is there */

/* Why the batch, or the record at hand, is not taken. */
static char why[PLATEN_MAX_WHY + 200];

static int __attribute__((format(printf, 1, 2))) fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return 0;
}

static int
fail_db(const char *what)
{
	return fail("%s: %s: %s", path, what, db != NULL ? sqlite3_errmsg(db) : "out of memory");
}

/* ---- opening ---- */

static void
shut(void)
{
	for (int i = 0; i < PLATEN_TABLES; i++) {
		sqlite3_finalize(inserts[i]);
		inserts[i] = NULL;
	}
	sqlite3_finalize(known);
	known = NULL;
	sqlite3_close(db);
	db = NULL;
}

static int
run(const char *sql, const char *what)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || fail_db(what);
}

/* The one number that a question answers, -1: it cannot be asked. */
static long long
number(const char *sql)
{
	sqlite3_stmt *s = NULL;
	long long n = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return n;
}

/* The schema's version, 0: there is none yet, -1: it cannot be read. */
static long long
version_now(void)
{
	long long tables = number("SELECT count(*) FROM sqlite_master WHERE name = "
				  "'schema_version'");

	return tables != 1 ? tables : number("SELECT max(version) FROM schema_version");
}

static int
migrate(long long from, uint32_t to)
{
	char sql[80];

	for (long long v = from; v < to; v++) {
		if (!run(platen_schema[v], "its tables cannot be made"))
			return 0;
		snprintf(sql, sizeof(sql), "INSERT INTO schema_version (version) VALUES (%lld)",
			v + 1);
		if (!run(sql, "its version cannot be written"))
			return 0;
	}
	return run("COMMIT", "its tables cannot be kept");
}

static int
make_current(void)
{
	uint32_t ours = platen_schema_version();
	long long theirs;
	int good;

	/* Two that come at the same time do not both migrate. */
	if (!run("BEGIN IMMEDIATE", "cannot be written"))
		return 0;
	theirs = version_now();
	if (theirs < 0)
		good = fail_db("its version cannot be read");
	else if (theirs > ours)
		good = fail("%s has schema version %lld and this platen knows %u: a newer platen "
			    "made it; install that here, too",
			path, theirs, ours);
	else
		good = migrate(theirs, ours);
	if (!good)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return good;
}

/* "INSERT INTO meters (agent, seq, ...) VALUES (?, ?, ...) ON CONFLICT DO NOTHING" */
static int
prepare_insert(uint32_t table)
{
	const struct platen_sql_table *t = &platen_sql_tables[table];
	char sql[MAX_SQL];
	size_t n = (size_t)snprintf(sql, sizeof(sql), "INSERT INTO %s (", t->name);

	for (uint32_t i = 0; i < t->ncolumns; i++)
		n += (size_t)snprintf(sql + n, sizeof(sql) - n, "%s%s", i ? ", " : "",
			t->columns[i].name);
	n += (size_t)snprintf(sql + n, sizeof(sql) - n, ") VALUES (");
	for (uint32_t i = 0; i < t->ncolumns; i++)
		n += (size_t)snprintf(sql + n, sizeof(sql) - n, "%s?", i ? ", " : "");
	snprintf(sql + n, sizeof(sql) - n, ") %s", t->conflict);
	return sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &inserts[table], NULL) ==
		SQLITE_OK ||
		fail_db("a statement cannot be made");
}

static int
prepare(void)
{
	for (uint32_t i = 0; i < PLATEN_TABLES; i++)
		if (!prepare_insert(i))
			return 0;
	return sqlite3_prepare_v3(db, "SELECT id FROM readings WHERE agent = ? AND seq = ?", -1,
		       SQLITE_PREPARE_PERSISTENT, &known, NULL) == SQLITE_OK ||
		fail_db("a statement cannot be made");
}

/* Did somebody take the file away?  What is written into it then is nowhere. */
static int
is_there(void)
{
	int moved = 0;

	sqlite3_file_control(db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	return !moved;
}

static int
open_db(void)
{
	if (db != NULL && is_there())
		return 1;
	shut();
	if (sqlite3_open_v2(path, &db,
		    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
		    NULL) != SQLITE_OK) {
		fail_db("cannot be opened");
	} else {
		sqlite3_busy_timeout(db, BUSY_MS);
		if (run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
			"PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY",
			    "cannot be set up") &&
			make_current() && prepare())
			return 1;
	}
	shut();
	return 0;
}

/* ---- one record ---- */

enum fate { WRITTEN, REJECTED, BROKEN };

static struct {
	enum fate fate;
	int there; /* the reading was there before: nothing of it is written */
} now;

static void
broken(int code)
{
	switch (code & 0xFF) {
	case SQLITE_CONSTRAINT:
	case SQLITE_TOOBIG:
	case SQLITE_MISMATCH:
		now.fate = REJECTED;
		fail("the database cannot take it: %s", sqlite3_errmsg(db));
		break;
	default:
		now.fate = BROKEN;
		fail_db("cannot be written");
		break;
	}
}

/* The same agent and number: is it the same record? */
static void
compare(const char *const *values)
{
	const struct platen_sql_table *t = &platen_sql_tables[PLATEN_READINGS];
	const char *id = values[2];

	now.there = 1;
	sqlite3_bind_text(known, 1, values[0], -1, SQLITE_STATIC);
	sqlite3_bind_text(known, 2, values[1], -1, SQLITE_STATIC);
	if (sqlite3_step(known) != SQLITE_ROW) {
		broken(sqlite3_errcode(db));
	} else if (strcmp((const char *)sqlite3_column_text(known, 0), id) != 0) {
		now.fate = REJECTED;
		fail("another record of this agent has its number already (%s %s): was the agent's "
		     "state copied or restored?",
			t->columns[1].name, values[1]);
	}
	sqlite3_reset(known);
}

static void
on_row(void *arg, uint32_t table, const char *const *values)
{
	const struct platen_sql_table *t = &platen_sql_tables[table];
	sqlite3_stmt *s = inserts[table];
	int code;

	(void)arg;
	if (now.fate != WRITTEN || (now.there && t->of_reading))
		return;
	for (uint32_t i = 0; i < t->ncolumns; i++)
		sqlite3_bind_text(s, (int)i + 1, values[i], -1, SQLITE_STATIC);
	code = sqlite3_step(s);
	sqlite3_reset(s);
	if (code != SQLITE_DONE)
		broken(code);
	else if (table == PLATEN_READINGS && sqlite3_changes(db) == 0)
		compare(values);
}

static enum fate
write_record(const struct platen_record *r)
{
	now.fate = WRITTEN;
	now.there = 0;
	if (sqlite3_exec(db, "SAVEPOINT record", NULL, NULL, NULL) != SQLITE_OK) {
		broken(SQLITE_ERROR);
		return BROKEN;
	}
	if (!platen_rows(r->json, r->len, on_row, NULL, why))
		now.fate = REJECTED;
	if (now.fate == REJECTED)
		sqlite3_exec(db, "ROLLBACK TO record", NULL, NULL, NULL);
	if (now.fate != BROKEN)
		sqlite3_exec(db, "RELEASE record", NULL, NULL, NULL);
	return now.fate;
}

/* ---- one batch ---- */

/* Records that are in the database, in runs. */
static void
settle(struct platen_delivery *d, const unsigned char *fates, uint32_t n)
{
	for (uint32_t i = 0, first; i < n; i++) {
		if (fates[i] != WRITTEN)
			continue;
		for (first = i; i < n && fates[i] == WRITTEN; i++)
			;
		upload->settle(d, first, i - first, PLATEN_SENT, 0, "");
	}
}

static int
write_all(struct platen_delivery *d, const struct platen_batch *batch, unsigned char *fates)
{
	if (!run("BEGIN IMMEDIATE", "cannot be written"))
		return 0;
	for (uint32_t i = 0; i < batch->n; i++) {
		fates[i] = (unsigned char)write_record(batch->records[i]);
		if (fates[i] == BROKEN)
			return 0;
		if (fates[i] == REJECTED)
			upload->settle(d, i, 1, PLATEN_REJECTED, 0, why);
	}
	return run("COMMIT", "cannot be written") &&
		(is_there() || fail("%s was taken away; it is made anew", path));
}

static int32_t
deliver(struct platen_delivery *d, const struct platen_batch *batch)
{
	unsigned char *fates = calloc(batch->n, 1);

	if (fates == NULL)
		return PLATEN_ETOOBIG;
	if (open_db() && write_all(d, batch, fates)) {
		settle(d, fates, batch->n);
	} else {
		upload->settle(d, 0, batch->n, PLATEN_LATER, 0, why);
		/* Begun anew with the next batch, whatever it was. */
		shut();
	}
	free(fates);
	return PLATEN_OK;
}

/* ---- the plugin ---- */

static int32_t
start(const struct platen_host *given)
{
	host = given;
	upload = (const struct platen_upload *)host->service(host, PLATEN_UPLOAD);
	path = host->option(host, "path");
	if (path[0] == '/')
		return PLATEN_OK;
	host->log(host, PLATEN_ERROR, "path must name the database's file, from / on");
	return PLATEN_EINVAL;
}

static const struct platen_sink sink = {
	.size = sizeof(sink),
	.deliver = deliver,
};

static const char *const needs[] = { PLATEN_UPLOAD, PLATEN_NETWORK, NULL };
static const char *const reach[] = { NULL };

static const struct platen_option options[] = {
	{ "path", NULL, "the database's file, from /; in a folder of its own, which must exist" },
	{ NULL, NULL, NULL },
};

static const struct platen_plugin plugin = {
	.size = sizeof(plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "sqlite",
	.version = "1.0",
	.summary = "writes records into an SQLite database",
	.needs = needs,
	.reach = reach,
	.options = options,
	.sink = &sink,
	.start = start,
	.stop = shut,
};

PLATEN_EXPORT const struct platen_plugin *
platen_plugin_v1(void)
{
	return &plugin;
}
