/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device.h - who: the printers this agent looks after, and when each is due.
 *
 * Every printer has its own due time; while `concurrency` visits ask their printers no
 * other begins.  One that answers nothing is tried again with back-off and harms nobody.
 */
#ifndef PLATEN_DEVICE_H
#define PLATEN_DEVICE_H

#include "store/registry.h"
#include "visit.h"

enum devices_mode {
	DEVICES_IDENTIFY, /* discover: only who it is */
	DEVICES_ONCE, /* read: one visit each */
	DEVICES_WATCH /* run: again and again */
};

struct devices_owner {
	/* One address has been dealt with; printer NULL-free, see visit.h. */
	void (*told)(void *arg, const struct visit_result *);
	void *arg;
};

struct devices;

/* registry may be NULL except for WATCH. */
struct devices *devices_new(uv_loop_t *, const struct config *, struct registry *, struct visits *,
	enum devices_mode, const struct devices_owner *);

/* WATCH: take up the printers of the registry. */
void devices_remember(struct devices *);

/* Visit every one now, whatever its time and the window; not twice who is being visited. */
void devices_all_due(struct devices *);

/* Something speaks SNMP at this address: deal with it, unless that is happening already. */
void device_found(struct devices *, const char *address, uint16_t port);

/* What the lan role found out about a printer, to be kept with it. */
void device_learned(struct devices *, const char *address, uint16_t port, const char *learned);

/* Addresses that are still to be dealt with or being visited now. */
uint32_t devices_busy(const struct devices *);
uint32_t devices_count(const struct devices *);

/* No visit may be open any more. */
void devices_free(struct devices *);

#endif
