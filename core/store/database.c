/* SPDX-License-Identifier: Apache-2.0 */
/* database.c - SQLite files: opened, asked, set aside; see database.h. */
#include "store/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Is it the file's content that is wrong, not the disk's room or somebody's lock? */
static bool
means_damage(int rc)
{
	switch (rc & 0xFF) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
		return true;
	case SQLITE_CONSTRAINT:
		/* A number given out twice: this is not the file that was written. */
		return rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_ROWID;
	case SQLITE_IOERR:
		return rc == SQLITE_IOERR_READ || rc == SQLITE_IOERR_SHORT_READ ||
			rc == SQLITE_IOERR_CORRUPTFS;
	default:
		return false;
	}
}

static bool
failed(struct database *d, int rc)
{
	if (rc == SQLITE_ERROR || rc == SQLITE_OK)
		rc = sqlite3_extended_errcode(d->db);
	d->damaged = d->damaged || means_damage(rc);
	return why_set(&d->why, "%s: %s", d->path,
		d->db != NULL ? sqlite3_errmsg(d->db) : sqlite3_errstr(rc));
}

/* The file is ours alone from its first byte; its log takes over the mode. */
static bool
make_file(struct database *d, enum database_kind kind)
{
	int flags = kind == DATABASE_READ ? O_RDONLY : O_RDWR | O_CREAT;
	struct stat st;
	int fd;

	d->fresh = access(d->path, F_OK) != 0;
	fd = open(d->path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || fstat(fd, &st) < 0) {
		why_set(&d->why, "%s: cannot be opened: %s", d->path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	d->dev = st.st_dev;
	d->ino = st.st_ino;
	d->fresh = d->fresh || (st.st_size == 0 && kind != DATABASE_READ);
	close(fd);
	return true;
}

#define CACHE "PRAGMA cache_size=-" DATABASE_CACHE_KB ";"

static const char *const rules[] = {
	/*
	 * A page takes five records or so: where many come, half as many pages are written as of
	 * the usual size.  One that was made before keeps its own.
	 */
	[DATABASE_TREASURE] = CACHE
	"PRAGMA page_size=8192; PRAGMA auto_vacuum=INCREMENTAL;"
	"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cell_size_check=ON;"
	"PRAGMA journal_size_limit=" DATABASE_WAL_SIZE ";",
	/* The agent's alone: no locks, no shared index. */
	[DATABASE_CACHE] = CACHE "PRAGMA locking_mode=EXCLUSIVE;"
				 "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
				 "PRAGMA journal_size_limit=" DATABASE_WAL_SIZE ";",
	[DATABASE_READ] = "PRAGMA query_only=ON;",
};

/* One thread, and nobody asks how much memory it takes: it need not lock and count. */
static void
set_up(void)
{
	static bool done;

	if (!done) {
		sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
		sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	}
	done = true;
}

bool
database_open(struct database *d, const char *path, enum database_kind kind)
{
	int flags = kind == DATABASE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	int rc;

	*d = (struct database){ .path = mem_string(path) };
	if (!make_file(d, kind)) {
		database_close(d);
		return false;
	}
	set_up();
	rc = sqlite3_open_v2(path, &d->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK) {
		failed(d, rc);
	} else {
		sqlite3_extended_result_codes(d->db, 1);
		sqlite3_busy_timeout(d->db, DATABASE_BUSY_MS);
		/* Asking for the schema makes SQLite look at the file at all. */
		if (database_run(d, rules[kind]) &&
			database_run(d, "SELECT count(*) FROM sqlite_schema"))
			return true;
	}
	database_close(d);
	return false;
}

void
database_close(struct database *d)
{
	for (size_t i = 0; i < COUNT(d->kept); i++) {
		sqlite3_finalize(d->kept[i].statement);
		d->kept[i].sql = NULL;
		d->kept[i].statement = NULL;
	}
	sqlite3_close(d->db);
	d->db = NULL;
	free(d->path);
	d->path = NULL;
}

void
database_rest(struct database *d)
{
	if (d->db != NULL)
		sqlite3_db_release_memory(d->db);
}

bool
database_run(struct database *d, const char *sql)
{
	int rc = sqlite3_exec(d->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? true : failed(d, rc);
}

static sqlite3_stmt *
prepared(struct database *d, const char *sql)
{
	int rc;

	if (d->db == NULL) {
		why_set(&d->why, "the database is not open");
		return NULL;
	}
	for (size_t i = 0; i < COUNT(d->kept); i++) {
		if (d->kept[i].sql == sql)
			return d->kept[i].statement;
		if (d->kept[i].sql != NULL)
			continue;
		rc = sqlite3_prepare_v3(d->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
			&d->kept[i].statement, NULL);
		if (rc != SQLITE_OK) {
			failed(d, rc);
			return NULL;
		}
		d->kept[i].sql = sql;
		return d->kept[i].statement;
	}
	die("more than %d different statements for %s", DATABASE_STATEMENTS, d->path);
}

/* keep: SQLITE_STATIC of texts that stay as they are until the last step, else SQLITE_TRANSIENT. */
static void
bind(sqlite3_stmt *s, int at, const char *types, va_list ap, sqlite3_destructor_type keep)
{
	const struct buf *b;

	for (; *types != '\0'; types++, at++) {
		switch (*types) {
		case 'i':
			sqlite3_bind_int64(s, at, va_arg(ap, int64_t));
			break;
		case 't':
			sqlite3_bind_text(s, at, va_arg(ap, const char *), -1, keep);
			break;
		case 'b':
			b = va_arg(ap, const struct buf *);
			sqlite3_bind_blob64(s, at, b->p, b->n, keep);
			break;
		default:
			die("a value of unknown type '%c' for SQLite", *types);
		}
	}
}

void
database_bind(sqlite3_stmt *s, int first, const char *types, ...)
{
	va_list ap;

	va_start(ap, types);
	bind(s, first, types, ap, SQLITE_STATIC);
	va_end(ap);
}

bool
database_do(struct database *d, const char *sql, const char *types, ...)
{
	sqlite3_stmt *s = prepared(d, sql);
	enum database_step step;
	va_list ap;

	if (s == NULL)
		return false;
	va_start(ap, types);
	bind(s, 1, types, ap, SQLITE_STATIC);
	va_end(ap);
	step = database_step(d, s);
	if (step == DATABASE_ROW)
		sqlite3_reset(s);
	return step != DATABASE_FAILED;
}

sqlite3_stmt *
database_ask(struct database *d, const char *sql, const char *types, ...)
{
	sqlite3_stmt *s = prepared(d, sql);
	va_list ap;

	if (s == NULL)
		return NULL;
	va_start(ap, types);
	bind(s, 1, types, ap, SQLITE_TRANSIENT);
	va_end(ap);
	return s;
}

enum database_step
database_step(struct database *d, sqlite3_stmt *s)
{
	int rc;

	if (s == NULL)
		return DATABASE_FAILED;
	rc = sqlite3_step(s);
	if (rc == SQLITE_ROW)
		return DATABASE_ROW;
	if (rc != SQLITE_DONE)
		failed(d, rc);
	sqlite3_reset(s);
	return rc == SQLITE_DONE ? DATABASE_END : DATABASE_FAILED;
}

int64_t
database_number(struct database *d, const char *sql)
{
	sqlite3_stmt *s = prepared(d, sql);
	int64_t v = 0;

	if (database_step(d, s) == DATABASE_ROW) {
		v = sqlite3_column_int64(s, 0);
		sqlite3_reset(s);
	}
	return v;
}

const char *
database_text(sqlite3_stmt *s, int column)
{
	const unsigned char *t = sqlite3_column_text(s, column);

	return t != NULL ? (const char *)t : "";
}

const uint8_t *
database_bytes(sqlite3_stmt *s, int column, size_t *n)
{
	const void *p = sqlite3_column_blob(s, column);

	*n = p != NULL ? (size_t)sqlite3_column_bytes(s, column) : 0;
	return p != NULL ? p : (const void *)"";
}

bool
database_begin(struct database *d)
{
	return database_do(d, "BEGIN IMMEDIATE", "");
}

bool
database_done(struct database *d, bool commit)
{
	struct why why = d->why;

	if (commit && database_do(d, "COMMIT", ""))
		return true;
	if (commit)
		why = d->why;
	if (d->db != NULL && !sqlite3_get_autocommit(d->db))
		database_do(d, "ROLLBACK", "");
	d->why = why;
	return false;
}

bool
database_in_place(const struct database *d)
{
	struct stat st;

	return stat(d->path, &st) == 0 && st.st_dev == d->dev && st.st_ino == d->ino;
}

bool
database_set_aside(const char *path, char aside[static 4096], struct why *why)
{
	/* The log goes first: a log alone beside no database would be taken for the next one's. */
	static const char *const parts[] = { "-wal", "-shm", "" };
	time_t now = (time_t)clock_wall();
	char from[4096], to[4200], stamp[32];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	snprintf(aside, 4096, "%s.damaged-%s", path, stamp);
	for (int i = 2; access(aside, F_OK) == 0 && i < 100; i++)
		snprintf(aside, 4096, "%s.damaged-%s-%d", path, stamp, i);
	for (size_t i = 0; i < COUNT(parts); i++) {
		snprintf(from, sizeof(from), "%s%s", path, parts[i]);
		snprintf(to, sizeof(to), "%s%s", aside, parts[i]);
		if (rename(from, to) < 0 && errno != ENOENT)
			return why_set(why, "%s: cannot be renamed to %s: %s", from, to,
				strerror(errno));
	}
	return true;
}
