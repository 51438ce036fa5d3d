/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve.h - the addresses of a host name, without threads and without waiting.
 */
#ifndef PLATEN_RESOLVE_H
#define PLATEN_RESOLVE_H

#include "net/address.h"

#include <uv.h>

/* Addresses taken of one name at most. */
#define RESOLVE_MOST 16

/* n is 0 when there are none; why says so. Ports are 0. */
typedef void resolve_fn(void *arg, uint32_t n, const struct address *, const char *why);

struct resolver;

struct resolver *resolver_open(uv_loop_t *);
void resolver_close(struct resolver *);
/* fn is called once, perhaps at once; not after resolver_close. */
void resolve(struct resolver *, const char *name, resolve_fn *, void *arg);

#endif
