/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool.h - keep: the stage between a record and its delivery.
 *
 * A record is kept when its transaction is committed (SQLite, WAL,
 * synchronous=FULL); commits are grouped.  One cursor per sink, moved only by a
 * receipt.  Bounded by size and age: what is dropped is counted and said, and
 * the newest value of every meter of every printer always survives.  A damaged
 * database is set aside whole, said loudly, and collection goes on.
 */
#ifndef PLATEN_SPOOL_H
#define PLATEN_SPOOL_H

#include "config/config.h"

#include <uv.h>

struct delivery;
struct spool;

/*
 * The newest value of a meter, kept beside its record for as long as the printer is known.  Its
 * name, its unit and the plugin that read it name it: what another one counts is another meter.
 */
struct spool_meter {
	const char *name;
	const char *unit;
	const char *via;
	int64_t value;
	/* As spool_latest says. */
	bool known; /* there is a value from before */
	bool stands; /* ... it is this one, and nothing has to be written */
	int64_t before;
};

/* One finished record on its way into the spool. */
struct spool_record {
	uint64_t seq; /* what spool_next gave */
	const char *device; /* device.id */
	int64_t time; /* seconds since 1970 */
	bool urgent;
	const char *json; /* one line, no newline */
	size_t len;
	uint32_t nmeters;
	const struct spool_meter *meters;
};

/* Open or make the spool in the state folder (spool.db).  NULL: why says it. */
struct spool *spool_open(const struct config *, struct why *);

/* The agent's UUID, made once and kept in the spool. */
const char *spool_agent(const struct spool *);

/* The sequence number of the next record; rises by one with each spool_keep that is true. */
uint64_t spool_next(const struct spool *);

/*
 * Take a record.  It is written with the next group commit (at most
 * SPOOL_COMMIT_MS later) and waits in memory until that succeeds, across full
 * disks; the same seq never names two records.  False: too much is waiting
 * already, the record is refused and its seq unused.
 */
#define SPOOL_COMMIT_MS 200
#define SPOOL_MAX_WAITING 10000 /* records in memory while the disk takes none */
#define SPOOL_MAX_WAITING_SIZE (32u << 20) /* ... and their bytes */
#define SPOOL_MAX_RECORD (1u << 20) /* bytes of one record: it must fit in an upload */
#define SPOOL_BATCH_RECORDS 500 /* a sink is given no more at once, */
#define SPOOL_BATCH_SIZE (1u << 20) /* ... and no more bytes, unless it is one record */
#define SPOOL_RETRY_MS 3000 /* how soon a disk that took nothing is tried again */
bool spool_keep(struct spool *, const struct spool_record *, struct why *);

/* Commit what waits, now.  False: it still waits. */
bool spool_commit(struct spool *, struct why *);

/* Say of each of these meters of a printer what its newest kept value is. */
void spool_latest(struct spool *, const char *device, struct spool_meter *, uint32_t n);

/*
 * One who writes into the spool's database with each of its commits, and hears
 * whether they succeeded: what came with a record is on the disk when that is.
 */
struct database;
struct spool_guest {
	bool (*write)(void *arg, struct database *); /* false: take the commit back */
	void (*done)(void *arg, bool kept);
	void (*anew)(void *arg); /* it is another database, which has nothing of yours */
	void *arg;
};
void spool_invite(struct spool *, const struct spool_guest *);
/* For the guest, while it is opened: to read what it wrote before. */
struct database *spool_database(struct spool *);
/* A gateway's: what is there fills its bounds, and the sinks have not had it. */
bool spool_is_full(const struct spool *);
/* Somebody waits for the commit: make it within ms. */
void spool_hurry(struct spool *, uint64_t ms);

/* Run: commit and trim by timer, give each sink of the delivery its batches. */
void spool_run(struct spool *, uv_loop_t *, struct delivery *);

/* committed() is called after each commit, one that a delivery brought about, too. */
void spool_when_committed(struct spool *, void (*committed)(void *arg), void *arg);

/*
 * Commit what waits and close; nothing is offered any more.  The loop has to
 * turn once more to let go of the timers.
 */
void spool_close(struct spool *);

#endif
