/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usm.h - SNMPv3: the User-based Security Model (RFC 3414, 3826, 7860) for one
 * who asks.
 *
 * net-snmp's USM keeps one list of users and clocks for the whole process, by
 * engine ID: two printers with one engine ID (cloned firmware) or two users with
 * one name ruin each other there, and changing a user in place crashes.  Here
 * every printer has an engine of its own; only the cryptography is net-snmp's.
 */
#ifndef PLATEN_USM_H
#define PLATEN_USM_H

#include "message.h"
#include "net/packet.h"

#define USM_ENGINE_MOST 32 /* bytes of an engine ID (RFC 3411) */
#define USM_KEY_MOST 64 /* of SHA-512 */
#define USM_WINDOW 150 /* seconds an answer may be old (RFC 3414, 3.2) */

/* A [snmpv3 NAME], ready for use. */
struct usm_user;

/* NULL: it cannot be used, why says so. */
struct usm_user *usm_user_new(const struct snmp_user *, struct why *);
void usm_user_free(struct usm_user *); /* NULL is fine */

/* A printer's SNMP engine, as far as it is known; zeroed: not at all. */
struct usm_engine {
	uint32_t nid;
	uint8_t id[USM_ENGINE_MOST];
	uint32_t boots, time; /* as it last said ... */
	uint64_t heard; /* ... at clock_ms() */
	const struct usm_user *user; /* whose keys these are, localized to id */
	uint8_t auth[USM_KEY_MOST], priv[USM_KEY_MOST];
	size_t nauth, npriv;
};

/* The message for a request; with an unknown engine the question who it is. */
bool usm_build(struct usm_engine *, const struct usm_user *, const struct request *, uint32_t id,
	struct packet *out);

enum usm_verdict {
	USM_OK, /* a Response as secure as was asked for */
	USM_REPORT, /* a Report; nothing it says is proven */
	USM_BAD /* neither: to be dropped */
};

/* What the message's head said of its engine. */
struct usm_said {
	uint32_t nid;
	uint8_t id[USM_ENGINE_MOST];
	uint32_t boots, time;
};

/* Checks, and decrypts in place.  pdu lies inside the message. */
enum usm_verdict usm_open(struct usm_engine *, const struct usm_user *, uint8_t *p, size_t n,
	struct front *pdu, struct usm_said *said);

/* Take over what a Report said.  False: it said nothing new or nothing usable. */
bool usm_learn(struct usm_engine *, const struct usm_said *);

#endif
