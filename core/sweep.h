/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sweep.h - find: the ranges of the site are asked, gently, and whoever speaks
 * SNMP goes on to the devices.
 */
#ifndef PLATEN_SWEEP_H
#define PLATEN_SWEEP_H

#include "device.h"

struct sweep_owner {
	/* Somebody answers at address; as_asked is the name that led there, or "". */
	void (*found)(void *arg, const char *address, const char *as_asked);
	/* About twice a second. */
	void (*progress)(void *arg, uint64_t sent, uint64_t total, uint64_t found);
	/* why is "" when all went well. */
	void (*over)(void *arg, uint64_t packets, const char *why);
	void *arg;
};

struct sweep;

/*
 * Sweep the targets (the config's ranges when n is 0), exclusions of the config
 * kept out.  again: and again every discover_every.
 */
struct sweep *sweep_new(uv_loop_t *, const struct config *, struct lan *, struct devices *,
	const char *const *targets, uint32_t n, bool again, const struct sweep_owner *);
bool sweep_running(const struct sweep *);
void sweep_free(struct sweep *);

#endif
