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

typedef void place_sent_fn(void *arg, const struct sent *);

struct place_kind {
	const char *plugin; /* sinks of this plugin send there */
	/* NULL: the sink's options make no sense, why says which. */
	struct place *(*open)(const struct sink_config *, struct why *);
	void (*send)(struct place *, const char *type, const uint8_t *body, size_t n,
		place_sent_fn *, void *arg);
	void (*close)(struct place *);
};

extern const struct place_kind place_file;
/* Of a plugin that holds its database itself: nothing can be sent here. */
extern const struct place_kind place_none;

#endif
