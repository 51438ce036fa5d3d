/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address.h - where a printer is: an IPv4 or IPv6 address and a port.
 *
 * No names: those are looked up in resolve.c before anything is sent.
 */
#ifndef PLATEN_ADDRESS_H
#define PLATEN_ADDRESS_H

#include "base/base.h"

#include <sys/socket.h>

struct address {
	uint8_t ip[16]; /* IPv4 in the last four, the others 0 */
	bool v6;
	uint16_t port;
};

#define ADDRESS_TEXT 46 /* INET6_ADDRSTRLEN */

/* Numeric, IPv6 without brackets. */
bool address_parse(const char *text, uint16_t port, struct address *out);
void address_format(const struct address *, char out[static ADDRESS_TEXT]); /* without the port */
bool address_equal(const struct address *, const struct address *);
uint32_t address_hash(const struct address *);
/* False: it can be no printer's (multicast, broadcast, unspecified). */
bool address_is_host(const struct address *);

socklen_t address_to_socket(const struct address *, struct sockaddr_storage *);
bool address_from_socket(const struct sockaddr_storage *, struct address *out);

#endif
