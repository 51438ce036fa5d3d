/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe.h - finding printers: one small question to every address of a range,
 * at the pace the site allows.
 *
 * Of a silent address nothing is kept; it says only that something speaks SNMP
 * there.  What it is, the agent finds out.
 */
#ifndef PLATEN_PROBE_H
#define PLATEN_PROBE_H

#include "net/peer.h"

/* MSG_LAN_SWEEP.  False: the message is bad. */
bool probe_begin(struct role *, struct wire *);
/* Give up what is under way; nothing is said. */
void probe_end(struct role *);

/* role.c: to the agent. */
void role_found(struct role *, uint64_t sweep, const struct address *, const char *as_asked);
void role_progress(struct role *, uint64_t sweep, uint64_t sent, uint64_t most, uint64_t found);
void role_swept(struct role *, uint64_t sweep, uint64_t sent, const char *why);

#endif
