/* SPDX-License-Identifier: Apache-2.0 */
/*
 * database.h - a SQLite file of ours: opened with its rules, asked with bound
 * values only, set aside when it is damaged.
 *
 * Knows no table.  One connection, one thread, statements kept prepared.
 */
#ifndef PLATEN_DATABASE_H
#define PLATEN_DATABASE_H

#include "base/base.h"

#include <sqlite3.h>
#include <sys/types.h>

enum database_kind {
	DATABASE_TREASURE, /* a commit is on the disk when it returns */
	DATABASE_CACHE, /* a commit may be lost with the power */
	DATABASE_READ /* look only, beside a running agent */
};

#define DATABASE_BUSY_MS 2000 /* how long to wait for somebody else's lock */
#define DATABASE_STATEMENTS 64 /* different statements one connection keeps prepared */
#define DATABASE_CACHE_KB "768" /* of pages kept in memory; the system has the others */
#define DATABASE_WAL_SIZE "8388608" /* bytes the log is cut back to after a checkpoint */

struct database {
	sqlite3 *db;
	char *path;
	dev_t dev;
	ino_t ino;
	bool fresh; /* the file was not there before */
	bool damaged; /* what is in the file makes no sense: set it aside */
	struct why why; /* of the last call that failed */
	struct {
		const char *sql; /* the literal's address is the key */
		sqlite3_stmt *statement;
	} kept[DATABASE_STATEMENTS];
};

/* False: why (and db->damaged) say what is wrong; nothing is open then. */
bool database_open(struct database *, const char *path, enum database_kind);
void database_close(struct database *);
/* Nothing is asked of it for now: what it holds of the file is let go. */
void database_rest(struct database *);

/* One or more statements without values. */
bool database_run(struct database *, const char *sql);

/*
 * One statement, a string literal, with its values in order: i int64_t,
 * t const char * (NULL: null), b const struct buf *.
 */
bool database_do(struct database *, const char *sql, const char *types, ...);

/* The same for rows: step until it is no longer DATABASE_ROW.  Leaving earlier: sqlite3_reset. */
enum database_step { DATABASE_FAILED, DATABASE_END, DATABASE_ROW };
sqlite3_stmt *database_ask(struct database *, const char *sql, const char *types, ...);
enum database_step database_step(struct database *, sqlite3_stmt *);

/*
 * Bind more of one that was asked for, from parameter `first` (from 1) on.  Texts are borrowed
 * until it was stepped to its end.
 */
void database_bind(sqlite3_stmt *, int first, const char *types, ...);

/* The first column of the first row; 0 when there is none or it failed. */
int64_t database_number(struct database *, const char *sql);
/* Text of a column, never NULL; borrowed until the next step. */
const char *database_text(sqlite3_stmt *, int column);
/* The same of bytes. */
const uint8_t *database_bytes(sqlite3_stmt *, int column, size_t *n);

/* BEGIN IMMEDIATE; then done(true) commits, done(false) or a failed commit takes all back. */
bool database_begin(struct database *);
bool database_done(struct database *, bool commit);

/* Is the open file still the one at its path? */
bool database_in_place(const struct database *);

/*
 * Rename a damaged, closed database and its log to PATH.damaged-TIME; aside
 * gets the new path.
 */
bool database_set_aside(const char *path, char aside[static 4096], struct why *);

#endif
