/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker.h - one plugin at work, wherever it works.
 *
 * The agent gives a worker visits and deliveries and hears what the plugin
 * asks, reads and settles through one table of functions.  The same table
 * serves three places: core/host calls it when the plugin runs in this process
 * (platen-host, replay); platen-host puts those calls on its pipe; core/process/worker.c
 * takes them off the pipe again in the agent.
 *
 * Everything passed is borrowed until the function returns.
 */
#ifndef PLATEN_WORKER_H
#define PLATEN_WORKER_H

#include "message_script.h"

/* What a sink sends; see platen/upload.h. */
struct parcel {
	const char *type;
	const char *coding; /* "": none */
	const char *server; /* "": any */
	const char *agent, *key; /* whose, and what makes it count once: the agent says it */
	const uint8_t *body;
	size_t n;
};

/* What a plugin does, told to whoever set it to work.  None may be NULL. */
struct worker_events {
	/* It asks about the visit's printer.  Answer later with worker_answer, exactly once. */
	void (*ask)(void *arg, uint64_t visit, uint64_t serial, const struct question *);
	/* At least one.  Units are words of the table of metrics, which stay. */
	void (*readings)(void *arg, uint64_t visit, const struct emitted *, uint32_t n);
	/* The visit is over; nothing more comes of it. */
	void (*done)(void *arg, uint64_t visit, int32_t status);
	/* visit is 0 when the line belongs to none. */
	void (*log)(void *arg, uint64_t visit, enum log_level, const char *line);
	void (*send)(void *arg, uint64_t delivery, uint64_t serial, const struct parcel *);
	void (*settle)(void *arg, uint64_t delivery, uint32_t first, uint32_t n, int32_t verdict,
		uint32_t retry_after, const char *reason);
	void (*delivered)(void *arg, uint64_t delivery, int32_t status);
};

/* The answer to a send; see platen/upload.h. */
struct sent {
	int32_t status;
	int32_t code;
	uint32_t retry_after;
	const uint8_t *body;
	size_t len;
	const char *server; /* that answered, or was tried last; NULL: none */
	const char *reason; /* why there is no answer; NULL: none is given */
};

/* One option from the INI. */
struct option {
	const char *key;
	const char *value;
};

/* The option by which a plugin gives way in some metrics; see platen/plugin.h. */
#define OPTION_YIELD "yield"

/* Is the .so one that may be loaded: owner root or ours, not writable by others? */
int plugin_open_file(const char *path, struct why *); /* descriptor, or -1 */

/* fd of the plugin's file in platen-host: opened and judged by the agent (trust.h). */
#define PLUGIN_FD (WIRE_FD + 1)

/*
 * fd of the page in which platen-host counts what it has begun with: what it says leaves
 * when there is nothing more to do, and who buries it wants to know what it died of.
 */
#define PROGRESS_FD (WIRE_FD + 2)

struct host_progress {
	uint32_t frames;
	uint32_t calls; /* of the plugin, where a frame brings several */
};

/* Bytes of a line for the log, and of a reason. */
#define WIRE_MAX_LINE 600

/* Seconds a plugin may take to load and start. */
#define PLUGIN_LOAD_SECONDS 10

/* Why a platen-host ended by itself; 0: it was told to, or refused the plugin. */
enum host_exit {
	HOST_EXIT_USAGE = 2,
	HOST_EXIT_MEMORY = 70, /* die() of base.h */
	HOST_EXIT_PIPE = 71, /* it lost its pipe */
	HOST_EXIT_MESSAGE = 72 /* the agent spoke nonsense */
};

/* ---- core/host/reach.c: does a plugin's reach (and the INI's narrowing) cover a question? ---- */
struct reach {
	const char *const *items;
	const struct platen_oid *roots; /* of each item, read once; n = 0: it is about pages */
	uint32_t n;
};

/* The items stay the caller's, the rest is the pool's. */
struct reach reach_of(struct pool *, const char *const *items, uint32_t n);
bool reach_covers(const struct reach *, const struct question *);
/* One item of reach, checked for form: "oid 1.3.6...", "get /path", "login /path". */
bool reach_valid(const char *item);

/* ---- core/host: a plugin in this process ---- */

struct plugin;

/*
 * Load the plugin in descriptor fd (path is for messages), check it, give it
 * its options and start it.  services: what the agent has, ends with NULL.
 * NULL: refused, why says so in one sentence that names the plugin.
 */
struct plugin *plugin_load(int fd, const char *path, const struct option *, uint32_t noptions,
	const char *const *services, const struct worker_events *, void *arg, struct why *);
const struct platen_plugin *plugin_about(const struct plugin *);
const struct reach *plugin_reach(const struct plugin *);
int32_t plugin_match(struct plugin *, const struct platen_device *);
/*
 * Several visits may be open; visit numbers are the caller's, never 0.  What is asked and was
 * foreseen is answered before this returns, the rest is heard of; NULL: nothing was.
 */
void plugin_visit(struct plugin *, uint64_t visit, const struct platen_device *,
	const struct foreseen *);
void plugin_answer(struct plugin *, uint64_t visit, uint64_t serial, const struct answer *);
void plugin_end(struct plugin *, uint64_t visit);
/* The batch's texts lie in frame, which stays with the delivery and is { 0 }; NULL: elsewhere. */
void plugin_deliver(struct plugin *, uint64_t delivery, const struct platen_batch *,
	struct buf *frame);
void plugin_sent(struct plugin *, uint64_t delivery, uint64_t serial, const struct sent *);
/*
 * Wait until fd can be read; meanwhile what the plugin watches is looked after, and its
 * deliveries that take too long are ended.  False: a callback was made, and has perhaps
 * said something; call again.  before() is called ahead of each callback.
 */
bool plugin_wait(struct plugin *, int fd, void (*before)(void));
bool plugin_idle(const struct plugin *); /* it has nothing open */
void plugin_unload(struct plugin *);

#endif
