/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe_inside.h - the sweep under way: probe_order.c reads what is asked for
 * and looks up its names, probe.c asks.
 */
#ifndef PLATEN_PROBE_INSIDE_H
#define PLATEN_PROBE_INSIDE_H

#include "net/probe.h"

/* What a silent address is asked next. */
struct kind {
	enum snmp_version version;
	const char *community;
};

/* Some addresses to be asked, numbered from start on. */
struct stretch {
	struct range range;
	uint64_t start;
	const char *as_asked; /* "" unless it was a name */
};

struct lookup {
	struct probe *probe;
	struct lookup *next;
	const char *text; /* the TARGET */
	const char *name;
	uint16_t port;
	bool exclude;
};

struct probe {
	struct role *role;
	struct pool *pool;
	uint64_t id;
	uint32_t rate;
	uint16_t port;
	uint32_t nstretches, nexclude;
	struct stretch *stretches;
	struct range *exclude;
	struct lookup *names;
	uint32_t lookups; /* not answered yet */
	bool spoiled; /* who is not to be asked is not known: nobody is */
	uint32_t nkinds, npasses;
	struct kind kinds[2 * MAX_COMMUNITIES + 1];
	uint8_t secret[32];
	uint8_t *answered; /* a bit an address */
	uint64_t total, stride, offset;
	uint64_t position; /* in this pass */
	uint32_t pass; /* one kind of question for all that are silent still */
	uint64_t sent, found;
	uint64_t credit; /* thousandths of packets */
	uint64_t ticked, told;
	struct udp *udp;
	uv_timer_t timer;
	struct buf problems;
};

/* Something the agent is to be told at the end. */
void probe_problem(struct probe *, const char *text);
/* All names are known: begin, or say why not. */
void probe_start(struct probe *);
/* Its timer is closed: it is gone. */
void probe_closed(uv_handle_t *timer);

#endif
