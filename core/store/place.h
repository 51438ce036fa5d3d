/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place.h - where a sink's bytes go: behind platen.upload/1, in the agent.
 *
 * One table of functions per kind of place.  A place is busy with one send at a
 * time and answers each exactly once, perhaps before send returns.
 */
#ifndef PLATEN_PLACE_H
#define PLATEN_PLACE_H

#include "config/config.h"
#include "process/worker.h"

struct place;
struct wan;

typedef void place_sent_fn(void *arg, const struct sent *);
typedef void place_fault_fn(void *arg, const char *line);

struct place_kind {
	const char *plugin; /* sinks of this plugin send there */
	/* NULL: the sink's options make no sense, why says which. */
	struct place *(*open)(const struct sink_config *, struct wan *, struct why *);
	void (*send)(struct place *, const struct parcel *, place_sent_fn *, void *arg);
	void (*close)(struct place *);
	/* All that is wrong with the options, a line each.  Opens nothing. */
	void (*check)(const struct sink_config *, place_fault_fn *, void *arg);
};

extern const struct place_kind place_file;
/* Of a plugin that holds its database itself: nothing can be sent here. */
extern const struct place_kind place_none;
extern const struct place_kind place_https;
extern const struct place_kind place_udp;

/* places.c: the place of the sinks of a plugin, or NULL. */
const struct place_kind *place_find(const char *plugin);

#endif
