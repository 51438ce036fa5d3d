/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wan.h - the agent's end of the wan role, which alone speaks to dealers.
 *
 * Places are added, then the role is started; each place has at most one parcel
 * out, and each parcel one answer, also when the role dies.
 */
#ifndef PLATEN_WAN_H
#define PLATEN_WAN_H

#include "config/config.h"
#include "message_wan.h"

#include <uv.h>

struct wan;

typedef void wan_sent_fn(void *arg, const struct sent *);
/* This has left for a server, head without secrets. */
typedef void wan_left_fn(void *arg, const char *server, const uint8_t *head, size_t nhead,
	const uint8_t *body, size_t nbody);

struct wan *wan_new(uv_loop_t *, const struct config *);
/* Its texts are borrowed until wan_close.  Returns the place's number. */
uint32_t wan_place_add(struct wan *, const struct wan_place *, wan_left_fn *, void *arg);
/* Start the role, if there is any place. */
void wan_begin(struct wan *);
/*
 * Never answered from within.  A parcel that is still out at the place is given
 * up: its answer is PLATEN_ENOANSWER, now.
 */
void wan_send(struct wan *, uint32_t place, const struct parcel *, wan_sent_fn *, void *arg);
/* What is out is answered with PLATEN_ENOANSWER, from within. */
void wan_close(struct wan *);

#endif
