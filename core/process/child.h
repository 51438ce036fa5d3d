/* SPDX-License-Identifier: Apache-2.0 */
/*
 * child.h - one child process under supervision: started, spoken to, buried,
 * started again.  worker.c and lanlink.c stand on it.
 *
 * Knows frames, not what they say.  The agent never waits for a child: writes
 * are kept back, and its death is heard through its pipe.
 */
#ifndef PLATEN_CHILD_H
#define PLATEN_CHILD_H

#include "process/process.h"

/* Bytes kept back for a child that does not read its pipe; more ends it. */
#define MAX_CHILD_OUT (4u * WIRE_MAX_FRAME)

/* Deaths within the time of health after which a child is set aside. */
#define CHILD_DEATHS 5

/* Milliseconds; only tests change them. */
struct child_times {
	uint64_t rest_first; /* before it is started again, doubled each time... */
	uint64_t rest_most; /* ... up to this */
	uint64_t health; /* who lived so long begins with rest_first again */
	uint64_t leave; /* to end by itself when told to */
};
extern struct child_times child_times;

struct child_plan {
	const char *who; /* in log lines: "plugin hp-ews" */
	const char *program; /* what is executed */
	const char *const *argv;
	int give; /* a descriptor that it has as PLUGIN_FD, 0: none */
	bool foreign; /* runs foreign code: no environment, no stderr */
	bool may_break; /* set aside after CHILD_DEATHS; else it always comes back */

	/* It runs: greet it. */
	void (*began)(void *arg);
	/* A frame from it; false: nonsense, it is ended. */
	bool (*frame)(void *arg, struct wire *);
	/* What it was doing, for the line about its death: " while reading 192.168.1.20". */
	void (*doing)(void *arg, struct buf *out);
	/* It is dead, and child_state says what follows.  how: "killed by SIGSEGV while ..." */
	void (*gone)(void *arg, const char *how);
	void *arg;
};

struct child;

/* Strings and argv are borrowed until child_close; nothing is called from within. */
struct child *child_open(uv_loop_t *, const struct child_plan *);
enum worker_state child_state(const struct child *);
pid_t child_process(const struct child *); /* 0: it is not running */
/* The owner has heard that it is up. */
void child_ready(struct child *);
/* What it has begun with, as it counts that; 0 when it does not. */
struct host_progress child_progress(const struct child *);
/*
 * Where frames for it are written, behind what is there; whole, they are said: in this turn of
 * the loop or, when they may wait, at the next multiple of so many ms, so that many are one
 * wake-up; earlier when it is much, when others may not wait so long, or when that is asked for.
 */
struct buf *child_out(struct child *);
void child_said(struct child *, uint32_t wait);
void child_flush(struct child *);
/* Frames that lie elsewhere; nothing happens when it is not running. */
void child_send(struct child *, const struct buf *frames);
/* Take what has come by now, before judging that nothing has. */
void child_listen(struct child *);
/* End it, for a reason that is told; it is started again. */
void child_kill(struct child *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/*
 * Let its process go, without a word to anybody, and begin a new life when it is
 * woken: its state is ASLEEP, then STARTING.
 */
void child_sleep(struct child *);
void child_wake(struct child *);
/* It said no: it will end, and is not started again. */
void child_refused(struct child *, const char *why);
/* Its pipe is closed; who does not end is killed.  No callback any more, freed later. */
void child_close(struct child *);

/* ---- spawn.c ---- */

/*
 * A process, and our end of its pipe, which does not block; -1: why.  progress: a
 * descriptor that one which runs foreign code has as PROGRESS_FD, -1: none.
 */
pid_t child_spawn(const struct child_plan *, int progress, int *pipe, struct why *);

/*
 * The file of a binary: what the environment's variable says (tests), else
 * beside the running one, else in libexec.
 */
char *child_program(const char *name, const char *variable);

#endif
