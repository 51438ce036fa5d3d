/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usm_keys.h - a user's passwords as keys (RFC 3414, A.2), for usm.c.
 */
#ifndef PLATEN_USM_KEYS_H
#define PLATEN_USM_KEYS_H

#include "net/usm.h"

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

/* A password's hash, before it is localized to an engine (RFC 3414, 2.6). */
struct secret {
	uint8_t ku[USM_KEY_MOST];
	size_t n;
};

struct usm_user {
	const struct snmp_user *said;
	const netsnmp_auth_alg_info *auth; /* NULL: none */
	const netsnmp_priv_alg_info *priv;
	struct secret auth_secret, priv_secret;
	bool hashed; /* the secrets are there: a megabyte each, so at first use only */
};

/* The user's keys for this engine; made when user or engine changed. */
bool usm_keys_ready(struct usm_engine *, const struct usm_user *);

#endif
