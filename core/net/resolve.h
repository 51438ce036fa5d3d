/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve.h - the addresses of a host name, without threads and without waiting.
 */
#ifndef PLATEN_RESOLVE_H
#define PLATEN_RESOLVE_H

#include "net/peer.h"

/* Addresses taken of one name at most. */
#define RESOLVE_MOST 16

/* n is 0 when there are none; why says so. Ports are 0. */
typedef void resolve_fn(void *arg, uint32_t n, const struct address *, const char *why);

void resolver_open(struct role *);
void resolver_close(struct role *);
/* fn is called once, perhaps at once; not after resolver_close. */
void resolve(struct role *, const char *name, resolve_fn *, void *arg);

#endif
