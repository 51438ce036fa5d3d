/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sealer.h - the wan role's seal: what leaves without TLS goes through here, and
 * what answers it.
 *
 * Draws every counter of the process, so that none comes twice; knows the keys
 * of one place.  Which server has which session is the sender's to remember.
 */
#ifndef PLATEN_SEALER_H
#define PLATEN_SEALER_H

#include "net/seal.h"
#include "net/seal_content.h"

struct wan_role;
struct sealer;

/* text: KEYID:KEY; "" gives NULL. */
struct sealer *sealer_open(struct wan_role *, const char *text);
void sealer_close(struct sealer *); /* NULL is fine */

/* One request that is out. */
struct sealed {
	struct seal_counter counter;
	struct buf bytes; /* the envelope */
};

void sealed_free(struct sealed *);

/* Of which agent the next requests are; false: that is no agent's id. */
bool sealer_agent(struct sealer *, const char *agent, struct why *);
/* The 16 bytes that stand for a printer. */
void sealer_device(const struct sealer *, const char *device,
	uint8_t out[static SEAL_DEVICE_BYTES]);
/* Seal one more request; false: there are no counters. */
bool sealer_ask(struct sealer *, enum seal_kind, uint64_t session, const void *content, size_t n,
	struct sealed *, struct why *);

enum sealer_got {
	GOT_NOTHING, /* no receipt for that request: why says what it is */
	GOT_SESSION, /* *session is the server's: ask (again) with it */
	GOT_ANSWER /* the answer, its texts in content */
};

enum sealer_got sealer_take(const struct sealer *, enum seal_kind asked,
	const struct seal_counter *, const uint8_t *p, size_t n, uint64_t *session,
	struct seal_answer *, struct buf *content, struct why *);

#endif
