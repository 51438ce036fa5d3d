/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool_look.h - looking into a spool, also while the agent writes it: what is
 * kept, for whom it waits, and whether it is sound.  Changes nothing.
 */
#ifndef PLATEN_SPOOL_LOOK_H
#define PLATEN_SPOOL_LOOK_H

#include "store/spool_db.h"

struct spool_overview {
	uint64_t records, first, last; /* 0: none */
	int64_t oldest, newest; /* time of first and last */
	uint64_t used; /* bytes in use */
	uint64_t size; /* bytes on the disk, log included */
	uint64_t printers; /* with a newest meter value */
	uint64_t dropped; /* records, ever */
	bool unknown_loss; /* ... and nobody knows how many more */
};

void look_overview(struct database *, struct spool_overview *);

struct spool_sink_view {
	char name[64];
	bool gone; /* no longer in the INI when the agent last looked */
	char state[16]; /* of a standby: "standby" or "delivers"; else "" */
	uint64_t cursor;
	uint64_t waiting;
	int64_t oldest; /* time of the oldest one that waits, 0: none does */
	uint64_t refused;
	char reason[256]; /* of the last one refused */
	uint64_t dropped;
};

/* Each sink the spool knows, by name; take says which records it wants. */
void look_sinks(struct database *, enum sink_take (*take)(void *arg, const char *sink),
	void (*each)(void *arg, const struct spool_sink_view *), void *arg);

/* Each record after seq; stops when each() is false.  False: db->why. */
bool look_records(struct database *, uint64_t after, enum sink_take,
	bool (*each)(void *arg, const struct spool_row *), void *arg);

/* Each thing that is wrong, as one sentence; returns how many. */
uint32_t look_check(struct database *, void (*finding)(void *arg, const char *line), void *arg);

#endif
