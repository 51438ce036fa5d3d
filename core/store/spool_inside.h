/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool_inside.h - what the spool's own files share: spool.c takes and commits,
 * spool_outlet.c gives each sink its batches, spool_bounds.c keeps it small.
 */
#ifndef PLATEN_SPOOL_INSIDE_H
#define PLATEN_SPOOL_INSIDE_H

#include "delivery.h"
#include "store/identity.h"
#include "spool.h"
#include "store/spool_db.h"
#include "store/standing.h"

/* However many wait, those of one printer are found at once. */
#define WAITING_BUCKETS 256

/* A record in memory, mostly not on the disk yet; one block holds it all. */
struct waiting {
	struct waiting *next;
	struct waiting *older; /* of the same bucket */
	uint32_t holders; /* of one that is kept: the list of the recent, and batches */
	struct spool_record record;
	struct spool_meter *meters; /* the record's */
	size_t size;
};

/* A record a sink will never take, not written down yet. */
struct refusal {
	struct refusal *next;
	const char *sink;
	uint64_t seq;
	char reason[];
};

enum outlet_state {
	OUTLET_IDLE,
	OUTLET_BUSY, /* a batch is out */
	OUTLET_RESTING, /* failed; again at `until` */
	OUTLET_STANDBY /* another sink delivers, and it does not have to */
};

/* One record of the batch in hand. */
struct item {
	uint64_t seq;
	struct waiting *held; /* where its text lies; NULL: in the pool, or nowhere */
	bool settled;
};

/*
 * A sink seen from the spool.  The batch in hand (items) stays the same until
 * all of it is settled; what is settled out of order is remembered with it, and
 * each attempt offers the first run of what is not.
 */
struct outlet {
	struct spool *spool;
	const struct sink_config *config;
	uint32_t sink;
	enum outlet_state state;
	uint64_t cursor; /* everything up to here is settled */
	bool moved; /* ... and that is not on the disk yet */
	uint64_t taken; /* the batch in hand ends here; the cursor when there is none */
	uint64_t since; /* clock_ms() when the oldest record after taken came */
	uint64_t slot; /* clock_ms() when these are to go */
	uint64_t bytes; /* of records that came after taken */
	uint64_t until;
	uint64_t undelivered; /* clock_ms() since when a batch is out and nothing was delivered */
	struct outlet *follows; /* the sink it steps in for; NULL: it is no standby */
	enum outlet_state told; /* of a standby: what stands on the disk */
	uint32_t attempt;
	uint32_t refused; /* records of the batch in hand, to be said */
	char refusal[200]; /* the last one and why */
	uint32_t nitems;
	struct item items[SPOOL_BATCH_RECORDS];
	struct pool *pool; /* the records that are out */
};

static inline bool
outlet_wants(const struct outlet *o, bool urgent)
{
	return o->config->take == TAKE_ALL || urgent;
}

struct spool {
	const struct config *config;
	struct database db;
	int lock;
	struct identity identity;
	uint64_t next; /* number of the next record */
	uint64_t newest; /* highest committed number */
	uint64_t urgent; /* highest committed urgent one */
	int64_t lived; /* seconds the agent had run when it was opened at `opened` */
	int64_t lived_kept; /* what of it is on the disk */
	uint64_t opened;
	bool ailing; /* said that the disk takes nothing */
	bool full; /* a gateway's: nothing more may come before the sinks had some */
	struct spool_guest guest;
	void (*committed)(void *arg); /* or NULL */
	void *committed_arg;

	struct waiting *first, **last;
	struct waiting *buckets[WAITING_BUCKETS]; /* the newest of each, by printer */
	uint32_t nwaiting;
	size_t waiting_size;
	/*
	 * The newest of what is kept, without a hole up to `newest`: what a sink is given at once
	 * is not read back from the disk.
	 */
	struct waiting *recent, **recent_last;
	size_t recent_size;
	struct standing standing; /* of what is kept, not of what waits */
	struct refusal *refusals;

	struct delivery *delivery;
	uint32_t noutlets;
	struct outlet *outlets;

	uv_loop_t *loop;
	uv_timer_t *commit_timer, *turn_timer;
};

/* spool.c */
int64_t spool_lived(const struct spool *);
/* Commit within ms. */
void spool_commit_in(struct spool *, uint64_t ms);
/* See who is due in ms, at the latest. */
void spool_turn_in(struct spool *, uint64_t ms);
/* Numbers up to seq may be used; on the disk when true. */
bool spool_promise(struct spool *, uint64_t seq, struct why *);

/* spool_recent.c */
/* A record that was just kept; it is the spool's. */
void recent_add(struct spool *, struct waiting *);
/* Let go of all up to this number, and of the oldest while they are more than so many bytes. */
void recent_let_go(struct spool *, uint64_t last, size_t most);
struct waiting *recent_hold(struct waiting *);
void recent_release(struct waiting *);
/* Rows for a sink: from memory or, where that has not all of them, from the disk. */
struct source {
	bool in_memory;
	struct waiting *next;
	sqlite3_stmt *rows;
};
struct source source_after(const struct outlet *, uint64_t seq);
/* *w: where in memory the row lies, NULL: nowhere. */
enum database_step source_next(const struct outlet *, struct source *, struct spool_row *,
	struct waiting **w);

/* spool_outlet.c */
void outlets_open(struct spool *, struct delivery *);
void outlets_close(struct spool *);
/* Sinks whose cursor may pass what they do not take. */
void outlets_pass(struct spool *);
/* A record was committed. */
void outlets_notice(struct spool *, const struct spool_record *);
/*
 * How long, from so many seconds since 1970 on, until this agent's own moment
 * within `every` (ms): it comes once in each, at another time for each agent, so
 * that a dealer's many sites do not come at once.
 */
uint64_t slot_wait(const char *agent, uint64_t every, int64_t wall);
/* See who is due, and when the next one will be. */
void outlets_turn(struct spool *);
/*
 * Write the cursors that moved and the refusals; afterwards, when that is committed, forget them.
 */
bool outlets_write(struct spool *);
void outlets_written(struct spool *);
/* The database is another one: every cursor is to be written again. */
void outlets_moved(struct spool *);

/* spool_standby.c */
void standby_open(struct outlet *);
/* Take over or stand by; returns in how many ms to look again, UINT64_MAX: nothing is due. */
uint64_t standby_turn(struct outlet *, uint64_t now);
/* Write what it does, where that has changed; with the next commit. */
bool standby_write(struct outlet *);

/* spool_bounds.c */
/* Drop what is too old or too much; only right after a commit, while nothing waits. */
void bounds_keep(struct spool *);
/* A record of the agent's own, without a printer: what happened to other records. */
char *spool_note_json(const struct spool *, uint64_t seq, const char *text);
void spool_note(struct spool *, const char *text);

#endif
