/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lanlink_own.h - inside the agent's end of the lan role: lanlink.c speaks to it
 * and sees to its life, lanlink_hear.c takes what it says.
 */
#ifndef PLATEN_LANLINK_OWN_H
#define PLATEN_LANLINK_OWN_H

#include "process/child.h"

enum asked_state { ASKED_FREE, ASKED_IN_LINE, ASKED_OUT, ASKED_LOST };

struct asked {
	uint64_t id; /* slot + 1 in the low bits, uses above */
	enum asked_state state;
	enum question_kind kind;
	uint32_t n, nobjects; /* objects or columns; of a READ's OIDs, the objects */
	uint64_t since;
	struct buf frame; /* in line: what will be sent */
	uint32_t next_free; /* FREE: slot + 1 of another one, 0: none */
	lan_answer_fn *fn;
	void *arg;
};

struct link {
	struct lan lan; /* first: what the stages know of it is this struct */
	const struct config *config;
	struct child *child;
	char *program;
	const char *argv[2];
	uv_timer_t look, soon;
	struct asked *asked;
	uint32_t room, out; /* slots; questions that are out */
	uint32_t free; /* slot + 1 of a free one, 0: none */
	uint64_t heard; /* the role last said something, or had nothing to say */
	bool greeted;
	/* The sweep under way, 0: none. */
	uint64_t sweep, sweeps;
	struct buf sweep_frame; /* not sent yet */
	uint64_t sweep_since; /* it stands in line */
	const struct sweep_events *events;
	void *events_arg;
};

struct asked *asked_find(struct link *, uint64_t id);
/* Its slot is free before the answer is heard. */
void asked_answer(struct link *, struct asked *, const struct answer *);
/* The role is up: what stood in line goes out. */
void link_up(struct link *);
void link_swept(struct link *, uint64_t packets, const char *why);
/* A frame of the role; false: nonsense. */
bool link_hear(void *link, struct wire *);

#endif
