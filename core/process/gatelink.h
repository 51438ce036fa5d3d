/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gatelink.h - the agent's end of the gate role: uploads come out, each is told
 * once what became of it.  When the role dies, what was out is not answered; the
 * senders come again.
 */
#ifndef PLATEN_GATELINK_H
#define PLATEN_GATELINK_H

#include "config/config.h"

#include <uv.h>

struct gatelink;

struct gatelink_owner {
	/* An upload, borrowed; to be answered with gatelink_kept. */
	void (*batch)(void *arg, const struct gate_batch *);
	/* The role died: ids of before mean nothing any more. */
	void (*gone)(void *arg);
	void *arg;
};

/* NULL: why says which file cannot be read. */
struct gatelink *gatelink_open(uv_loop_t *, const struct config *, const struct gatelink_owner *,
	struct why *);
/* Who may send from now on, also after a restart of the role; copied. */
void gatelink_keys(struct gatelink *, const struct gate_keys *);
void gatelink_kept(struct gatelink *, const struct gate_kept *);
void gatelink_close(struct gatelink *);

#endif
