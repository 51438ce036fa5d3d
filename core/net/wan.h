/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wan.h - inside the wan role: one errand is one parcel on its way to one of
 * its place's servers.
 *
 * wan.c takes orders off the pipe; how an errand is run depends on the kind of
 * the place, and each kind is a table of functions in a file of its own.
 */
#ifndef PLATEN_NET_WAN_H
#define PLATEN_NET_WAN_H

#include "net/pipe.h"
#include "net/resolve.h"
#include "net/web.h"

#include "message_wan.h"

struct wan_role {
	uv_loop_t loop;
	struct pipe_end pipe;
	struct pool *pool; /* of the settings */
	struct wan_settings settings;
	bool settled; /* they came */
	uint32_t counted; /* counters of the block that were used, by all places */
	struct buf authorities; /* PEM, those of the machine */
	struct web *web;
	struct resolver *resolver;
	void *places[MAX_WAN_PLACES]; /* what each place's sender keeps */
	struct errand *errands; /* that are out */
};

struct errand {
	struct errand *next;
	struct wan_role *role;
	uint64_t id;
	uint32_t place;
	struct pool *pool; /* all that belongs to it */
	struct parcel parcel;
	void *state; /* the sender's */
};

struct wan_sender {
	/* Before the jail closes; what it returns is places[place]. */
	void *(*open)(struct wan_role *, uint32_t place);
	/* TCP ports it will connect to. */
	uint32_t (*ports)(void *place, uint16_t *ports, uint32_t most);
	/* Ends with exactly one errand_done, perhaps at once; none after cancel. */
	void (*begin)(struct errand *);
	void (*cancel)(struct errand *);
	void (*close)(void *place);
};

extern const struct wan_sender https_sender;
extern const struct wan_sender frames_sender;
/* A transfer of role.web is over. */
void https_over(void *attempt, CURLcode);

static inline const struct wan_place *
errand_place(const struct errand *e)
{
	return &e->role->settings.places[e->place];
}

/* Answer; the errand is gone. */
void errand_done(struct errand *, const struct sent *);
/* For the transcript: this has left.  Secrets have been taken out of head. */
void errand_left(struct errand *, const char *server, const struct buf *head,
	const struct buf *body);

#endif
