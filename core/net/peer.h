/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peer.h - the lan role's own knowledge: its settings, the ways to log in, and
 * what was found out about each printer.
 *
 * A peer is a few hundred bytes and forgotten after PEER_IDLE; what is worth
 * keeping longer goes to the agent as text (struct target) and comes back with
 * the next question.  There is never a secret in that text.
 */
#ifndef PLATEN_PEER_H
#define PLATEN_PEER_H

#include "net/address.h"
#include "net/match.h"
#include "net/net.h"
#include "net/udp.h"
#include "net/usm.h"
#include "printer/reader.h"

/* A printer nobody asked about for so long is forgotten. */
#define PEER_IDLE (10 * 60 * 1000)
/* Lists the table of peers consists of. */
#define PEER_BUCKETS 1024
/* Bytes of what is remembered as text. */
#define LEARNED_MOST 256

/* One way to log in. */
struct credential {
	enum snmp_version version;
	uint32_t index; /* of the community or the user in the settings */
	const char *community; /* v1, v2c */
	struct usm_user *user; /* v3 */
	struct match match; /* of none: for every printer */
};

struct curl_slist;
struct exchanges; /* exchange.c */
struct kept; /* kept.c */
struct pages; /* page.c */
struct probe; /* probe.c */
struct resolver; /* resolve.c */
struct web_credential; /* weblogin.c */

struct role {
	uv_loop_t *loop;
	struct pool *pool; /* of the settings */
	struct lan_settings settings;
	uint32_t ncredentials;
	const struct credential *credentials;
	const struct credential
		*last_good[VERSION_3 + 1]; /* of each version: served a printer last */
	uint8_t digest[32]; /* of the settings */
	uint32_t nlogins;
	struct web_credential *logins; /* weblogin.c */
	struct match tls_ca, tls_any;
	struct peer **peers;
	uint32_t npeers;
	struct kept *kept;
	struct udp *udp;
	struct exchanges *exchanges;
	struct pages *pages;
	struct probe *probe; /* the sweep, or NULL */
	struct resolver *resolver;
};

struct ask;

/*
 * Questions of one kind, the first of them being answered: a printer is asked one SNMP question
 * and for one page at a time.  Neither waits for the other: a web server that hangs must not keep
 * meters waiting.
 */
enum { LINE_SNMP, LINE_PAGES, LINES };

struct line {
	struct ask *first, **last;
};

struct peer {
	struct peer *next; /* in its bucket */
	struct role *role;
	struct address address;
	char check[5]; /* of the settings its remembered text refers to */
	struct line lines[LINES];
	uint64_t used; /* clock_ms() */
	const struct credential *credential; /* NULL: not known */
	struct usm_engine *engine; /* NULL: it never spoke SNMPv3 */
	uint32_t rtt; /* ms, smoothed; 0: not known */
	struct ability can; /* what it can carry */
	bool refusal_told, key_told; /* the log has it */
	int http; /* which of settings.ports serves pages, -1: not known */
	uint32_t shut; /* times in a row that none of them was open, of one that never had a page */
	int64_t knock_after; /* clock_wall(): not knocked at before; 0: now */
	struct curl_slist *cookies; /* of the session with its pages */
	uint64_t session_until; /* clock_ms() */
	bool entered; /* a log-in form was sent in this session */
	uint32_t login_refusals; /* of the password in a row */
	int64_t login_after; /* clock_wall(): not shown before; 0: now */
	char pin[48]; /* its TLS key, base64 of SHA-256, "" : none seen */
	char *told; /* what the agent was told last; never NULL */
	uint64_t facts; /* a hash of all that goes into it */
};

/* role.c: to the agent. */
void role_log(struct role *, enum log_level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void role_learned(struct role *, const char *address, uint16_t port, const char *learned);

/* Take in what a role needs to know before its first question. */
void peers_open(struct role *);
/* The peer at an address; made when there is none, learned is taken in then. */
struct peer *peer_at(struct role *, const struct address *, const char *learned);
/* May these credentials be shown to this peer? */
bool peer_may_try(const struct peer *, const struct credential *);
/* Tell the agent when there is something new to remember. */
void peer_remember(struct peer *);
void peers_forget_idle(struct role *);
void peers_close(struct role *);

#endif
