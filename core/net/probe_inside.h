/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe_inside.h - the sweep under way: probe_order.c reads what is asked for
 * and looks up its names, probe_where.c knows which address comes when,
 * probe_question.c what each is asked, probe.c asks.
 */
#ifndef PLATEN_PROBE_INSIDE_H
#define PLATEN_PROBE_INSIDE_H

#include "net/answered.h"
#include "net/pace.h"
#include "net/probe.h"

#include <openssl/evp.h>

/* A question for everybody: made once, and made for one by putting in its id. */
struct kind {
	enum snmp_version version;
	uint8_t *bytes;
	size_t n;
	uint32_t nplaces;
	size_t places[2]; /* of the id's four bytes; SNMPv3 has it twice */
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
	EVP_MAC_CTX *hash; /* of addresses, to ids */
	uint8_t secret[16];
	struct answered answered;
	uint64_t total, stride, offset;
	uint64_t position; /* in this pass */
	uint32_t pass; /* one kind of question for all that are silent still */
	uint64_t sent, found;
	struct pace pace;
	uint64_t told; /* clock_ms() */
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

/* ---- probe_where.c: every address has a number, below 2^24 ---- */

/* All names are known: number the addresses.  False: there are too many. */
bool where_begin(struct probe *);
/*
 * The next to be asked in this pass.  Who is passed over takes one off *look.
 * False: there is none, or *look is 0.
 */
bool where_next(struct probe *, uint32_t *look, struct address *);
/* The stretch that asks this address, and its number.  NULL: it is not asked. */
const struct stretch *where_is(const struct probe *, const struct address *, uint32_t *number);

/* ---- probe_question.c ---- */

/* Which questions there are, in order; none: there is nothing to ask with. */
void questions_make(struct probe *);
void questions_free(struct probe *);
/* This pass's question for an address; the next call writes over it. */
const struct kind *question_for(struct probe *, const struct address *);
/* Is it the answer to a question of ours to where it comes from? */
bool question_is_ours(struct probe *, const struct address *from, const struct packet_head *);

#endif
