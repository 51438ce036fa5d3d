/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker_own.h - inside the agent's end of a platen-host: worker.c speaks to it
 * and sees to its life, worker_hear.c takes what it says.
 */
#ifndef PLATEN_WORKER_OWN_H
#define PLATEN_WORKER_OWN_H

#include "process/child.h"

enum job_kind { JOB_VISIT, JOB_DELIVERY };

/* Lists its jobs are found in. */
#define JOB_BUCKETS 64

/* A visit or delivery in the plugin's hands. */
struct job {
	struct job *same; /* in its bucket */
	enum job_kind kind;
	uint64_t id;
	uint64_t since;
	char subject[80];
	uint32_t asked, readings;
	uint32_t records;
	bool ending;
};

/* A frame the host has not worked off yet. */
struct task {
	enum message type;
	uint64_t id; /* of the job, 0: none */
};

struct worker {
	struct child *child; /* NULL: its file was refused */
	int file; /* the plugin's, as it was judged; -1: refused */
	struct worker_owner owner;
	uv_timer_t look;
	char *name, *who, *program, *path;
	const char *argv[4];
	struct pool *given; /* holds options */
	struct option *options;
	uint32_t noptions;
	struct pool *about_pool;
	struct manifest about;
	struct reach reach;
	bool known; /* about is filled */
	bool greeted; /* in this life */
	struct job *buckets[JOB_BUCKETS];
	uint32_t njobs;
	struct task *tasks; /* first..last-1 */
	uint32_t first, last, tasks_room;
	uint64_t since; /* the first task is at the plugin */
	uint32_t handled,
		seen; /* frames of this life that it said are over; seen at one it began */
	uint32_t calls; /* it was seen at */
	uint64_t *told; /* in this life: numbers of scripts, in their places */
	uint32_t ntold;
	bool looking; /* at what is overdue */
	/* The frame that is being written: where, from which byte on, of which type. */
	struct buf *to;
	size_t begun;
	enum message saying;
	bool waking; /* from sleep: ... */
	struct buf line; /* ... these frames wait until it is up, ... */
	struct task *lined; /* ... which are these tasks */
	uint32_t nlined;
	uint32_t lines; /* it may still log */
	struct why trouble;
};

/* The job with this id, or NULL. */
struct job *worker_job(struct worker *, enum job_kind, uint64_t id);
/* It is over. */
void worker_job_end(struct worker *, struct job *);
/* It is up again: what stood in line goes out. */
void worker_up(struct worker *);
/* A frame of the host; false: nonsense. */
bool worker_hear(void *worker, struct wire *);

#endif
