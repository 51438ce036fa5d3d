/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry.h - the printers this agent knows (registry.db in the state folder).
 *
 * A convenience, not a treasure: what is lost here is found again by a sweep,
 * so it is written without waiting for the disk, and what many visits learn in one
 * go: whoever writes calls registry_flush() soon.  A kill before that costs some
 * questions.  Memory holds where each of them is kept, and what changes with every visit.
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
};

struct registry *registry_open(const char *state_folder, struct why *);
void registry_close(struct registry *);
void registry_rest(struct registry *); /* nothing is asked of it for now */

/*
 * By address and port; false: unknown.  shape, unless NULL, gets what was there when the printer
 * was last read (printer/shapes.h), "" when nothing is known of it; borrowed until the registry is
 * called again.
 */
bool registry_at(struct registry *, const char *address, uint16_t port, struct printer *out,
	const char **shape);
/* The printer of that id, where it is known at another address than known's. */
bool registry_elsewhere(struct registry *, const struct printer *known, const char *id,
	struct printer *out);

/*
 * Keep p, and shape unless it is NULL; what was learned stays where it is kept already, and what
 * has not changed is not written again.  One row per address and port; when p->id was known at
 * another address, that other row goes (the printer has moved).
 */
void registry_put(struct registry *, const struct printer *p, const char *shape);
/* The lan role's words. */
void registry_put_learned(struct registry *, const char *address, uint16_t port,
	const char *learned);
void registry_forget(struct registry *, const char *address, uint16_t port);

/* Write down what came since the last time. */
void registry_flush(struct registry *);

/* Every printer, in no order; stops when each() is false, which may put and forget. */
void registry_each(struct registry *, bool (*each)(void *arg, const struct printer *), void *arg);

#endif
