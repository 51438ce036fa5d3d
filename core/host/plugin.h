/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plugin.h - inside the plugin runner; the outside is core/process/worker.h.
 *
 *   file.c    may this file be loaded?
 *   load.c    load, check, start, stop
 *   job.c     a visit or delivery from its beginning to its end
 *   offer.c   what every plugin may call: struct platen_host
 *   ask.c     the services: questions out, answers back in
 *   watch.c   platen.network/1: sockets and timers of a database sink
 *   reach.c   what a plugin may ask
 *
 * A plugin may be wrong in any way and must be told so, but it shares memory
 * with this code: what it breaks there is the process's end, not ours to mend.
 */
#ifndef PLATEN_HOST_PLUGIN_H
#define PLATEN_HOST_PLUGIN_H

#include "process/worker.h"

#include <platen/network.h>

/* Memory that all open visits of a plugin may take with alloc(). */
#define MAX_ALLOC (PLATEN_HOST_MEMORY / 4)

/* Bytes of one log line of a plugin; the rest is cut off. */
#define MAX_PLUGIN_LINE 500

/* Lists the open jobs are found in. */
#define JOB_BUCKETS 64

/* Log lines of one job, counted. */
struct lines {
	uint32_t said;
	uint32_t left_out;
};

/* A question whose answer is still to come, or a watch. */
struct waiting {
	struct waiting *next;
	uint64_t serial;
	enum question_kind kind; /* of a visit's question */
	uint32_t n; /* objects or columns asked for */
	int32_t foreseen; /* which answer of those that were, -1: it comes later */
	bool watch; /* of a delivery, on these: */
	int32_t fd; /* -1: a timer */
	uint32_t ready;
	uint64_t until; /* ms of the clock */
	union {
		platen_snmp_fn *snmp;
		platen_http_fn *http;
		platen_upload_fn *upload;
		platen_network_fn *network;
	} fn;
	void *arg;
};

enum job_kind { JOB_VISIT, JOB_DELIVERY };

/* A visit or a delivery in the plugin's hands; over when nothing is waited for. */
struct job {
	struct job *next, *before, *same; /* of all, and of those in its bucket */
	struct plugin *plugin;
	enum job_kind kind;
	uint64_t id;
	/*
	 * What the plugin holds as struct platen_visit * or platen_delivery *: a
	 * number that is never used twice and never followed, so that a job that
	 * is over is told from every later one.
	 */
	uintptr_t handle;
	struct pool *pool;
	struct buf frame; /* which a delivery's texts lie in */
	size_t allocated; /* by alloc() */
	struct waiting *waiting;
	const struct foreseen *foreseen; /* NULL: nothing, or no more */
	uint32_t last_foreseen;
	bool begins; /* visit() is running */
	uint32_t asked, readings;
	uint32_t records; /* of a delivery */
	uint32_t watches; /* that wait */
	uint64_t since; /* ms of the clock */
	struct lines lines;
	bool ending; /* it takes no more questions */
};

struct plugin {
	struct platen_host offer; /* first: what the plugin is given is this struct */
	struct platen_plugin about;
	struct platen_scraper scraper;
	struct platen_sink sink;
	char *path;
	int fd;
	void *image;
	struct pool *pool;
	struct platen_option *options; /* all declared ones, with the value that counts */
	uint32_t noptions;
	struct reach reach;
	const char *const *services; /* that are offered and needed, ends with NULL */
	const struct worker_events *events;
	void *arg;
	struct job *jobs, *buckets[JOB_BUCKETS];
	uint64_t serial; /* of the last question */
	size_t allocated;
	struct lines lines; /* of callbacks that belong to no job */
	bool started; /* else it can only be told of */
};

/* Copy what both sides know of a growable struct; false: its size is less than least, or absurd. */
bool sized_copy(void *to, uint32_t size, const void *from, uint32_t least);
/* Where a struct of ABI minor 0 ended. */
#define SIZE_0(type, last)                                                                         \
	((uint32_t)(offsetof(struct type, last) + sizeof(((struct type *)0)->last)))

/* ---- load.c, in two steps for platen-host, which closes the jail between them ---- */
struct plugin *plugin_map(int fd, const char *path, const struct worker_events *, void *arg,
	struct why *);
bool plugin_begin(struct plugin *, const struct option *, uint32_t noptions,
	const char *const *services, struct why *);

/* ---- job.c ---- */

/* The callback that is running: every call into the plugin stands between these two. */
void call_begin(struct plugin *, struct job *);
void call_end(void);
void call_forget(const struct plugin *); /* it is being unloaded */
/* The plugin whose callback is running, or NULL (after a line in the log): what is the misuse. */
struct plugin *call_plugin(const char *what);
/* The job with this handle if its callback is running, else NULL and a line in the log. */
struct job *call_job(const void *handle, enum job_kind, const char *what);
/* The job whose callback is running; NULL: it belongs to none. */
struct job *call_current(void);
/* A line for the log of this process's parent; counted against the job's lines. */
void plugin_log(struct plugin *, struct job *, enum log_level, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Text from a plugin made fit for a log: one line of UTF-8 without control characters. */
void plugin_clean(char *);

struct job *job_find(struct plugin *, enum job_kind, uint64_t id);
/* Take a question in; NULL: the budget is used up. */
struct waiting *job_wait(struct job *, const char *what);
/* ... or a watch. */
struct waiting *job_watch(struct job *);
/* Take out what waits under this serial; NULL: nothing does. */
struct waiting *job_take(struct job *, uint64_t serial);
/* Its time is up: what waits is told so. */
void job_end(struct job *, int32_t status);
/* End the job if nothing is waited for. */
void job_settle(struct job *, int32_t status);
/* End all of them: the plugin goes. */
void jobs_end(struct plugin *);

/* ---- offer.c, ask.c ---- */
void offer_make(struct plugin *);
const void *service_find(const char *id);
/* Answer one question; the waiting has been taken out of the job. */
void answer_give(struct job *, const struct waiting *, const struct answer *);
void sent_give(struct job *, const struct waiting *, const struct sent *);

/* ---- watch.c ---- */
extern const struct platen_network network_service;
void watch_give(struct job *, const struct waiting *, int32_t status, uint32_t ready);

#endif
