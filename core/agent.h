/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent.h - the stages put together: for one sweep (discover), one round (read)
 * or for good (run).
 */
#ifndef PLATEN_AGENT_H
#define PLATEN_AGENT_H

#include "device.h"
#include "sweep.h"

/* What is wanted of an agent, and who listens. */
struct agent_order {
	const struct config *config;
	enum devices_mode mode;
	const char *const *targets; /* instead of the config's ranges */
	uint32_t ntargets;
	/* Any of these may be NULL. */
	void (*found)(void *arg, const char *address, const char *as_asked);
	void (*told)(void *arg, const struct visit_result *);
	void (*made)(void *arg, const char *json, const struct visited *);
	void (*progress)(void *arg, uint64_t sent, uint64_t total, uint64_t found);
	/* What the lan role found out about a printer, in its own words. */
	void (*learned)(void *arg, const char *address, const char *learned);
	/* The sweep went wrong (why), or there was nothing to sweep. */
	void (*trouble)(void *arg, const char *why);
	void *arg;
};

struct agent;

/* Start everything.  NULL: why says what could not be. */
struct agent *agent_open(uv_loop_t *, const struct agent_order *, struct why *);

/*
 * IDENTIFY and ONCE: when all is done, agent_finished() is told through ended.
 * WATCH never ends by itself.
 */
void agent_when_done(struct agent *, void (*ended)(void *arg), void *arg);

/* WATCH: every known printer is read now, as many at once as may be. */
void agent_read_all(struct agent *);

/* Stop everything, keep what is to be kept.  The loop must run on until it is empty. */
void agent_close(struct agent *);

#endif
