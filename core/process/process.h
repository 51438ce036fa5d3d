/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process.h - roles and plugins as child processes: started by fork and exec
 * with the pipe as fd 3 and nothing else, reaped by name, started again with
 * back-off (1 s ... 5 min), set aside after 5 deaths in an hour.
 */
#ifndef PLATEN_PROCESS_H
#define PLATEN_PROCESS_H

#include "config/config.h"
#include "process/lan.h"
#include "process/worker.h"

#include <uv.h>

/* ---- a plugin in a platen-host of its own ---- */

struct worker;

enum worker_state {
	WORKER_STARTING, /* not ready yet */
	WORKER_READY,
	WORKER_RESTING, /* died; will be started again */
	WORKER_BROKEN, /* died too often: set aside */
	WORKER_REFUSED, /* it, or the agent, said no at load */
	WORKER_ASLEEP /* had nothing to do for long: its process is ended until it has */
};

struct worker_owner {
	const struct worker_events *events; /* what the plugin does */
	void (*ready)(void *arg); /* READY, also after each restart */
	void (*matched)(void *arg, uint64_t id, int32_t match);
	/* It has worked off a worker_visit or worker_answer of this visit; NULL: no matter. */
	void (*handled)(void *arg, uint64_t visit);
	/*
	 * It died or was refused: everything in its hands is lost to it, and neither
	 * matched, done nor delivered comes for that any more.  state tells what follows.
	 */
	void (*gone)(void *arg, const char *how);
	void *arg;
	bool network; /* the plugin is given platen.network/1 */
	bool sleeps; /* its process is ended when it has nothing to do for long */
};

/* path: the .so; name: what the INI calls it, for options. */
struct worker *worker_open(uv_loop_t *, const struct config *, const char *path,
	const struct option *, uint32_t noptions, const struct worker_owner *);
enum worker_state worker_state(const struct worker *);
/* It takes work now: it is ready, or asleep and woken by that. */
bool worker_able(const struct worker *);
const char *worker_state_word(enum worker_state);
pid_t worker_process(const struct worker *); /* 0: it is not running now */
const struct manifest *worker_about(const struct worker *); /* NULL before the first READY */
const struct reach *worker_reach(const struct worker *); /* the same */
/* Why it died last or was refused, "" : it did not. */
const char *worker_trouble(const struct worker *);
/*
 * Who is not ready hears at once, from within the call: matched 0, done or
 * delivered PLATEN_EREFUSED.  A batch too large for a frame: PLATEN_ETOOBIG.
 */
void worker_match(struct worker *, uint64_t id, const struct platen_device *);
/*
 * subject: what is being done, for the line that says that it died doing it.  What is foreseen
 * (NULL: nothing) and too large for a frame is asked for.
 */
void worker_visit(struct worker *, uint64_t visit, const struct platen_device *,
	const char *subject, const struct foretold *);
void worker_answer(struct worker *, uint64_t visit, uint64_t serial, const struct answer *);
void worker_end(struct worker *, uint64_t visit);
/* Nothing else is coming soon: what it was told goes out now. */
void worker_flush(struct worker *);
void worker_deliver(struct worker *, uint64_t delivery, const struct platen_batch *);
void worker_sent(struct worker *, uint64_t delivery, uint64_t serial, const struct sent *);
/* From anywhere but the owner's functions; they are not called any more. */
void worker_close(struct worker *);

/* ---- the lan role ---- */

struct lan *lan_open(uv_loop_t *, const struct config *, struct why *);
void lan_close(struct lan *);

#endif
