/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry.h - the printers this agent knows (registry.db in the state folder).
 *
 * A convenience, not a treasure: what is lost here is found again by a sweep,
 * so it is written without waiting for the disk, and what many visits learn in one
 * go: whoever writes calls registry_flush() soon.  A kill before that costs some
 * questions.  Memory holds nothing of it: a lookup is a query.
 */
#ifndef PLATEN_REGISTRY_H
#define PLATEN_REGISTRY_H

#include "base/base.h"

struct registry;

#define PRINTER_ID 128

/* One printer as it is remembered.  Texts are "" when unknown, never NULL. */
struct printer {
	char id[PRINTER_ID]; /* device.id */
	char address[64]; /* numeric */
	uint16_t port; /* SNMP */
	char learned[256]; /* the lan role's own words about it */
	char manufacturer[64], model[128], serial[64], mac[18];
	/* What a plugin's match is given. */
	char object_id[256], descr[512], hr_model[256], device_id[1024];
	uint32_t hr_device_index;
	int64_t seen; /* last answered, seconds since 1970; 0: never */
	uint32_t failures; /* visits without an answer since then */
	uint64_t faults; /* what was wrong with it, as record.c sums it up; 0: nothing */
	uint64_t moves; /* how often some printer had moved or gone when this was looked up */
	int64_t row; /* the registry's number of it then; 0: none */
};

struct registry *registry_open(const char *state_folder, struct why *);
void registry_close(struct registry *);
void registry_rest(struct registry *); /* nothing is asked of it for now */

/*
 * By address and port; false: unknown.  shape, unless NULL, gets what was there when the printer
 * was last read (printer/shapes.h), "" when nothing is known of it, else the caller's to free.
 */
bool registry_at(struct registry *, const char *address, uint16_t port, struct printer *out,
	char **shape);
/*
 * The printer of that id, where it is known at another address than known's.  That needs no look
 * when known has the id and nobody moved since it was looked up.
 */
bool registry_elsewhere(struct registry *, const struct printer *known, const char *id,
	struct printer *out);

/*
 * Keep p, and shape unless it is NULL; what was learned stays where it is kept already.  was is
 * what was remembered of it before, or NULL: what has not changed is not written again.  One row
 * per address and port; when p->id was known at another address, that other row goes (the printer
 * has moved).
 */
void registry_put(struct registry *, const struct printer *p, const struct printer *was,
	const char *shape);
/* The lan role's words. */
void registry_put_learned(struct registry *, const char *address, uint16_t port,
	const char *learned);
void registry_forget(struct registry *, const char *address, uint16_t port);

/* Write down what came since the last time. */
void registry_flush(struct registry *);

/* Every printer, in order of address; stops when each() is false. */
void registry_each(struct registry *, bool (*each)(void *arg, const struct printer *), void *arg);

#endif
