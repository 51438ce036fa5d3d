/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool_db.h - spool.db: its tables and every question put to them.
 *
 * The spool decides when; here stands only how it is written down.  Used by
 * spool.c to write and by `platen spool` to look.
 */
#ifndef PLATEN_SPOOL_DB_H
#define PLATEN_SPOOL_DB_H

#include "config/config.h"
#include "store/database.h"
#include "spool.h"

#define SPOOL_FILE "spool.db"
#define SPOOL_SCHEMA 3

/* A record as it is kept.  json is borrowed until the next step. */
struct spool_row {
	uint64_t seq;
	int64_t time;
	bool urgent;
	bool sound; /* json is what was written */
	const char *device;
	const char *json;
	size_t len;
};

/* Records that were given up before a sink had them, or numbers that were never used. */
struct spool_loss {
	uint64_t first, last;
	int64_t count; /* records; 0: nobody knows */
	const char *sinks;
	const char *reason;
};

/*
 * Open; make the tables where there are none, and of an older platen's this one's, unless it
 * is only to be read.  False: db->why, db->damaged.
 */
bool spool_db_open(struct database *, const char *folder, enum database_kind);

/* meta: text, "" when it is not there. */
void spool_db_meta(struct database *, const char *key, char *out, size_t size);
bool spool_db_set_meta(struct database *, const char *key, const char *value);
/* Seconds the agent had run when that was last written: with a record, or as meta "lived". */
int64_t spool_db_lived(struct database *);
/* What a standby sink does, in a word; "" of any other. */
void spool_db_state(struct database *, const char *sink, char *out, size_t size);
bool spool_db_set_state(struct database *, const char *sink, const char *state);

/* The highest number a record ever had, deleted ones included; 0: none. */
#define SPOOL_DB_HIGHEST                                                                           \
	"(SELECT coalesce(max(seq), 0) FROM (SELECT seq FROM sqlite_sequence"                      \
	" WHERE name = 'record' UNION ALL SELECT max(seq) FROM record))"
uint64_t spool_db_highest(struct database *);
/* Numbers up to seq count as used. */
bool spool_db_skip(struct database *, uint64_t seq);
/* The lowest number still kept, 0: none is kept. */
uint64_t spool_db_lowest(struct database *);
/* Bytes in use, the free pages not counted. */
uint64_t spool_db_used(struct database *);

/* Records, at most SPOOL_DB_ROWS, and their meters' newest values; lived: see spool_db_lived. */
#define SPOOL_DB_ROWS 16
bool spool_db_insert(struct database *, const struct spool_record *const *, uint32_t n,
	int64_t lived);
/* What is kept of these meters of a printer; see latest_compare. */
int64_t spool_db_latest(struct database *, const char *device, struct spool_meter *, uint32_t n);

/* Records after seq up to last, for a sink that takes all or only the urgent ones. */
sqlite3_stmt *spool_db_records(struct database *, uint64_t after, uint64_t last, enum sink_take);
enum database_step spool_db_record(struct database *, sqlite3_stmt *, struct spool_row *);
/* The highest urgent record, 0: none. */
uint64_t spool_db_urgent(struct database *);

/* A sink's cursor; one that is new begins at 0, before everything that is kept. */
uint64_t spool_db_cursor(struct database *, const char *sink);
bool spool_db_set_cursor(struct database *, const char *sink, uint64_t cursor);
/*
 * One sink that is not among the known names (each between two newlines),
 * marked so that it is found once; false: no more.
 */
bool spool_db_sink_gone(struct database *, const char *known, char *name, size_t size,
	uint64_t *cursor);
/* Set a record aside for a sink, with its text. */
bool spool_db_refuse(struct database *, const char *sink, uint64_t seq, const char *reason);

/* The newest record that is older than this age, and the n'th oldest one; 0: none. */
uint64_t spool_db_older(struct database *, int64_t lived);
uint64_t spool_db_nth(struct database *, uint64_t n);
uint64_t spool_db_count(struct database *, uint64_t after, uint64_t last, enum sink_take);
bool spool_db_delete(struct database *, uint64_t last);
bool spool_db_note_loss(struct database *, const struct spool_loss *);
/*
 * Bound what is set aside and the newest values; give free pages back.  *forgot: newest values of
 * some printer went.
 */
bool spool_db_tidy(struct database *, uint64_t max_size, bool *forgot);

/*
 * Copy what can still be read of a damaged spool, below that number, into this
 * one, as if it had come now; returns the records copied.
 */
uint64_t spool_db_salvage(struct database *, const char *damaged, uint64_t below, int64_t lived);

#endif
