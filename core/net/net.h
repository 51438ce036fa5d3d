/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net.h - the roles that speak to the network, seen from outside: everything in
 * core/net does, and nothing else in platen.
 *
 * `platen` starts itself anew as a role with the pipe as fd 3 (wire.h) and argv
 * "platen-lan", "platen-wan" or "platen-gate"; what is said on the pipe stands in
 * message.h, message_wan.h and message_gate.h.
 */
#ifndef PLATEN_NET_H
#define PLATEN_NET_H

#include "message.h"

/* Serve the pipe until it closes.  Returns the exit status. */
int lan_main(void);
int wan_main(void);
int gate_main(void);

/* ---- url.c: where a dealer's servers and proxies are ---- */

struct url {
	const char *scheme;
	const char *host; /* IPv6 without brackets */
	bool numeric; /* host is an address */
	uint16_t port;
};

/* False: why says what is wrong with it.  Ports are known of https and http only. */
bool url_parse(const char *text, struct pool *, struct url *, struct why *);

/* ---- pem.c ---- */

/* Does it hold certificates that can be read? */
bool pem_check_certificates(const char *pem, struct why *);
/* Is the key the first certificate's, and the certificate valid today? */
bool pem_check_pair(const char *certificate, const char *key, struct why *);

/* ---- range.c: TARGETs, for the lan role and for those who check an INI ---- */

/* One address, or all from first to last; the bytes of IPv4 stand in the last four. */
struct range {
	bool v6;
	uint8_t first[16], last[16];
	uint16_t port; /* 0: the default port */
	const char *name; /* a host name still to be looked up; then no addresses */
};

/*
 * address, host name, CIDR or a-b range, each with optional :port; IPv6 in
 * brackets ("[2001:db8::7]:161", "[2001:db8::]/120").  A CIDR leaves out
 * IPv4's network and broadcast address (below /31).  At most 2^24 addresses.
 */
bool range_parse(const char *text, struct pool *, struct range *, struct why *);
uint64_t range_count(const struct range *);
bool range_has(const struct range *, bool v6, const uint8_t address[static 16]);

#endif
