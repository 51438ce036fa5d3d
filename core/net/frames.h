/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frames.h - inside the sender of urgent facts: frames.c chooses servers,
 * frames_try.c speaks to one of them over UDP or TCP.
 */
#ifndef PLATEN_FRAMES_H
#define PLATEN_FRAMES_H

#include "net/net.h"
#include "net/sealer.h"
#include "net/wan.h"

/* One of a place's servers. */
struct frames_server {
	const char *url;
	struct url at;
	bool udp;
	uint64_t session; /* 0: not known */
	uint64_t rest_until; /* clock_ms(); not its turn before */
};

struct frames_place {
	const struct wan_place *settings;
	struct wan_role *role;
	struct sealer *sealer;
	uint32_t nservers;
	struct frames_server *servers;
	uint32_t current; /* the server that served last */
};

/* One errand with one server; lives until its handles are closed. */
struct frames_try;

/* code 0: there was no answer, reason says why.  The try is gone. */
typedef void frames_over_fn(void *arg, uint32_t code, uint32_t retry_after, const char *reason);

/* Send content as one SEAL_URGENT; ends with one over(), never from within. */
struct frames_try *frames_try_begin(struct frames_place *, struct frames_server *,
	const struct buf *content, frames_over_fn *, void *arg);
/* No over() follows. */
void frames_try_cancel(struct frames_try *);

#endif
