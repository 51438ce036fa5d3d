/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lan.h - the agent's end of the lan role: questions go in, each is answered
 * exactly once, also when the role dies (then with PLATEN_ENOANSWER).
 *
 * The same table is filled by a capture (core/printer/capture.c) for replay: a stage
 * that asks does not know who answers.
 */
#ifndef PLATEN_LAN_H
#define PLATEN_LAN_H

#include "message.h"

/* What is about objects says in whose memory they lie, and that may be taken over. */
typedef void lan_answer_fn(void *arg, const struct answer *);

struct sweep_order {
	const char *const *targets;
	uint32_t ntargets;
	const char *const *exclude;
	uint32_t nexclude;
	uint32_t rate;
	uint16_t port;
};

struct sweep_events {
	void (*found)(void *arg, const char *address, uint16_t port, const char *as_asked);
	void (*progress)(void *arg, uint64_t sent, uint64_t total, uint64_t found);
	void (*swept)(void *arg, uint64_t packets, const char *why);
};

struct lan; /* whoever answers */

struct lan_ops {
	/* Returns a number for cancel, never 0. */
	uint64_t (*ask)(struct lan *, const struct target *, const struct question *,
		lan_answer_fn *, void *arg);
	void (*cancel)(struct lan *, uint64_t id);
	void (*sweep)(struct lan *, const struct sweep_order *, const struct sweep_events *,
		void *arg);
};

struct lan {
	const struct lan_ops *ops;
	/* What was found out about a printer and is to be given back with its target. */
	void (*learned)(void *arg, const char *address, uint16_t port, const char *learned);
	void *learned_arg;
};

#endif
