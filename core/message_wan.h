/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message_wan.h - what the agent and its wan role say to each other; see message.h.
 *
 * The role speaks to dealers.  It has every secret of the sinks' sections, and
 * has them from here: it opens no file itself.
 */
#ifndef PLATEN_MESSAGE_WAN_H
#define PLATEN_MESSAGE_WAN_H

#include "message.h"
#include "process/worker.h"

enum message_wan {
	/* --- agent -> wan --- */

	/* wan settings.  First after HELLO, once: another set is a new role. */
	MSG_WAN_SETTINGS = 70,
	/* u64 id, u64 place, parcel: answered by exactly one MSG_WAN_SENT with that id. */
	MSG_WAN_SEND,
	/* u64 id: no longer wanted; no answer follows. */
	MSG_WAN_CANCEL,

	/* --- wan -> agent --- */

	/* u64 id, i64 status, u64 code, u64 retry_after, text server, text reason, bytes body. */
	MSG_WAN_SENT = 80,
	/* u64 place, text server, bytes head, bytes body: this has left; no secret is in it. */
	MSG_WAN_LEFT,
};

/* ---- a place: where one sink sends ---- */

/* The media type of urgent facts; of nothing else do places of frames take a parcel. */
#define URGENT_TYPE "application/platen-urgent"

enum wan_kind { WAN_HTTPS, WAN_FRAMES };

struct wan_place {
	enum wan_kind kind;
	const char *sink; /* for log lines */
	uint32_t nservers;
	const char **servers; /* https://..., http://..., udp://..., tcp://...; in order */
	const char *ca; /* PEM, "": the machine's own */
	uint32_t npins;
	const char **pins; /* "sha256//BASE64" of the server's key */
	const char *cert, *key; /* PEM, "": none */
	const char *token; /* "": none */
	const char *seal_key; /* KEYID:BASE64, "": none */
	const char *proxy, *proxy_user, *proxy_password; /* "": none */
	uint64_t timeout; /* ms for one server */
	uint64_t rest_min, rest_max; /* ms that a server which failed is left alone */
	bool transcript; /* say what has left */
	bool http2; /* where the server speaks it */
};

struct wan_settings {
	enum sandbox sandbox;
	uint64_t block; /* of counters for what is sealed (store/counter.h), 0: there is none */
	uint32_t nplaces;
	struct wan_place *places;
};

#define MAX_WAN_PLACES 64
#define MAX_WAN_SERVERS 8
#define MAX_WAN_PINS 8

void wan_settings_put(struct buf *, const struct wan_settings *);
bool wan_settings_get(struct wire *, struct pool *, struct wan_settings *);

/* text type, text coding, text server, text agent, text key, bytes body */
void parcel_put(struct buf *, const struct parcel *);
bool parcel_get(struct wire *, struct parcel *);

#endif
